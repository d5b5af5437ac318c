import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { claimOf, namedUser, validatedUser } from './claimValue.js';

const server = withSessions();

describe('ValidatedEmailClaimProviderTest', () => {
  test('testClaim: the claim validated_email is the address that was validated', async () => {
    expect(await claimOf(server, await namedUser(server), 'validated_email')).toBeUndefined();
    const user = await validatedUser(server);
    expect(await claimOf(server, user, 'validated_email')).toBe(user.email);
  });
});
