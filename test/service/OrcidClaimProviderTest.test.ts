import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { newAccount } from './accounts.js';
import { claimOf } from './claimValue.js';

const server = withSessions();

describe('OrcidClaimProviderTest', () => {
  test('testClaimMissing: there is no ORCID without one', async () => {
    const user = await newAccount(server);
    expect(await claimOf(server, user, 'orcid')).toBeUndefined();
  });
});
