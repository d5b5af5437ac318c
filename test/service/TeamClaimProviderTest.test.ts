import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { newAccount } from './accounts.js';
import { claimOf } from './claimValue.js';

const server = withSessions();

describe('TeamClaimProviderTest', () => {
  test('testClaim: the claim team lists those of the requested teams that the user belongs to', async () => {
    const user = await newAccount(server);
    const { body } = await user.session.post('/team', { name: 'A team for a claim' });
    const { id } = body as { id: string };
    expect(await claimOf(server, user, 'team', { value: id, values: [id, '2'] })).toEqual([id]);
  });

  test('testClaimEmpty: no team is requested without details', async () => {
    const user = await newAccount(server);
    expect(await claimOf(server, user, 'team')).toEqual([]);
    expect(await claimOf(server, user, 'team', {})).toEqual([]);
  });
});
