import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { newAccount } from './accounts.js';
import { claimOf } from './claimValue.js';

const server = withSessions();

describe('UserIdClaimProviderTest', () => {
  test('testClaim: the claim userid is the id of the user', async () => {
    const user = await newAccount(server);
    expect(await claimOf(server, user, 'userid')).toBe(String(user.id));
  });
});
