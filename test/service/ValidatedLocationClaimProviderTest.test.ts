import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { claimOf, namedUser, names, validatedUser } from './claimValue.js';

const server = withSessions();

describe('ValidatedLocationClaimProviderTest', () => {
  test('testClaim: the claim validated_location is the location that was validated', async () => {
    expect(await claimOf(server, await namedUser(server), 'validated_location')).toBeUndefined();
    const user = await validatedUser(server);
    expect(await claimOf(server, user, 'validated_location')).toBe(names.location);
  });
});
