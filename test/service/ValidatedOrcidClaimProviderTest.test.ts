import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { claimOf, namedUser, validatedUser } from './claimValue.js';

const server = withSessions();

describe('ValidatedOrcidClaimProviderTest', () => {
  test('testClaim: the claim validated_orcid is the ORCID that was validated', async () => {
    expect(await claimOf(server, await namedUser(server), 'validated_orcid')).toBeUndefined();
    const user = await validatedUser(server);
    expect(await claimOf(server, user, 'validated_orcid')).toBe('https://orcid.org/1');
  });
});
