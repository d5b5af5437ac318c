import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { newAccount } from './accounts.js';
import { claimOf } from './claimValue.js';

const server = withSessions();

describe('EmailClaimProviderTest', () => {
  test('testEmailClaim: the claim email is the notification address', async () => {
    const user = await newAccount(server);
    expect(await claimOf(server, user, 'email')).toBe(user.email);
  });
});
