import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { newAccount } from './accounts.js';
import { claimOf, validatedUser } from './claimValue.js';

const server = withSessions();

describe('IsValidatedClaimProviderTest', () => {
  test('testClaim: a user is validated once the profile is', async () => {
    expect(await claimOf(server, await newAccount(server), 'is_validated')).toBe(false);
    expect(await claimOf(server, await validatedUser(server), 'is_validated')).toBe(true);
  });
});
