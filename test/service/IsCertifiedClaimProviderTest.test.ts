import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { newAccount } from './accounts.js';
import { claimOf } from './claimValue.js';

const server = withSessions();

describe('IsCertifiedClaimProviderTest', () => {
  test.each([[true], [false]])(
    'testClaim: a user who is certified (%j) has the claim',
    async (isCertified) => {
      const user = await newAccount(server, { isCertified });
      expect(await claimOf(server, user, 'is_certified')).toBe(isCertified);
    },
  );
});
