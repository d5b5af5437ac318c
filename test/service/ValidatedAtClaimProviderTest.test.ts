import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { newAccount } from './accounts.js';
import { claimOf, validatedUser } from './claimValue.js';

const server = withSessions();

describe('ValidatedAtClaimProviderTest', () => {
  test('testClaim: the claim validated_at is the second of the approval', async () => {
    expect(await claimOf(server, await newAccount(server), 'validated_at')).toBeUndefined();
    const second = await claimOf(server, await validatedUser(server), 'validated_at');
    expect(Math.abs(Number(second) - Date.now() / 1000)).toBeLessThan(60);
    expect(Number.isInteger(second)).toBe(true);
  });
});
