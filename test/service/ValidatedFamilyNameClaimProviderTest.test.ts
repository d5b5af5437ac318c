import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { claimOf, namedUser, names, validatedUser } from './claimValue.js';

const server = withSessions();

describe('ValidatedFamilyNameClaimProviderTest', () => {
  test('testClaim: the claim validated_family_name is the last name that was validated', async () => {
    expect(await claimOf(server, await namedUser(server), 'validated_family_name')).toBeUndefined();
    const user = await validatedUser(server);
    expect(await claimOf(server, user, 'validated_family_name')).toBe(names.lastName);
  });
});
