import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { newAccount } from './accounts.js';
import { claimOf, namedUser, names } from './claimValue.js';

const server = withSessions();

describe('GivenNameClaimProviderTest', () => {
  test('testClaim: the claim given_name is the first name of the profile', async () => {
    const user = await namedUser(server);
    expect(await claimOf(server, user, 'given_name')).toBe(names.firstName);
  });

  test('testClaimMissing: there is none without a first name', async () => {
    const user = await newAccount(server);
    expect(await claimOf(server, user, 'given_name')).toBeUndefined();
  });
});
