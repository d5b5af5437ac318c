import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { newAccount } from './accounts.js';
import { claimOf, namedUser, names } from './claimValue.js';

const server = withSessions();

describe('FamilyNameClaimProviderTest', () => {
  test('testClaim: the claim family_name is the last name of the profile', async () => {
    const user = await namedUser(server);
    expect(await claimOf(server, user, 'family_name')).toBe(names.lastName);
  });

  test('testClaimMissing: there is none without a last name', async () => {
    const user = await newAccount(server);
    expect(await claimOf(server, user, 'family_name')).toBeUndefined();
  });
});
