import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { claimOf, namedUser, names, validatedUser } from './claimValue.js';

const server = withSessions();

describe('ValidatedCompanyClaimProviderTest', () => {
  test('testClaim: the claim validated_company is the company that was validated', async () => {
    expect(await claimOf(server, await namedUser(server), 'validated_company')).toBeUndefined();
    const user = await validatedUser(server);
    expect(await claimOf(server, user, 'validated_company')).toBe(names.company);
  });
});
