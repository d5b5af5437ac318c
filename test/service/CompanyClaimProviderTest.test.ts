import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { newAccount } from './accounts.js';
import { claimOf, namedUser, names } from './claimValue.js';

const server = withSessions();

describe('CompanyClaimProviderTest', () => {
  test('testClaim: the claim company is the company of the profile', async () => {
    const user = await namedUser(server);
    expect(await claimOf(server, user, 'company')).toBe(names.company);
  });

  test('testClaimMissing: there is none without a company', async () => {
    const user = await newAccount(server);
    expect(await claimOf(server, user, 'company')).toBeUndefined();
  });
});
