import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { newAccount } from './accounts.js';
import { claimOf } from './claimValue.js';

const server = withSessions();

describe('UserNameClaimProviderTest', () => {
  test('testEmailClaim: the claim user_name is the name of the user', async () => {
    const user = await newAccount(server);
    expect(await claimOf(server, user, 'user_name')).toBe(user.username);
  });
});
