import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { newAccount } from './accounts.js';
import { claimOf } from './claimValue.js';

const server = withSessions();

describe('EmailVerifiedClaimProviderTest', () => {
  test('testClaim: every address is verified', async () => {
    const user = await newAccount(server);
    expect(await claimOf(server, user, 'email_verified')).toBe(true);
  });
});
