import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { claimOf, namedUser, names, validatedUser } from './claimValue.js';

const server = withSessions();

describe('ValidatedGivenNameClaimProviderTest', () => {
  test('testClaim: the claim validated_given_name is the first name that was validated', async () => {
    expect(await claimOf(server, await namedUser(server), 'validated_given_name')).toBeUndefined();
    const user = await validatedUser(server);
    expect(await claimOf(server, user, 'validated_given_name')).toBe(names.firstName);
  });
});
