import { describe, expect, test } from '@jest/globals';

import { refusal, withSessions } from '../server/entitySession.js';
import { newAccount } from './accounts.js';

const server = withSessions();

describe('AcceptTermsOfUseFilterTest', () => {
  test('testHASAcceptedTermsOfUse: who has agreed is served', async () => {
    const { session, username } = await newAccount(server);
    expect(await session.get('/userProfile')).toMatchObject({
      status: 200,
      body: { userName: username },
    });
  });

  test('testAnonymous: the anonymous user is served', async () => {
    expect(await server.anonymous.get('/userProfile')).toMatchObject({ status: 200 });
  });

  test.each([
    ['/repo/v1/userProfile'],
    ['/repo/v1/version'],
    ['/auth/v1/secretKey'],
    ['/auth/v1/oauth2/client'],
    ['/auth/v1/oauth2/userinfo'],
    ['/auth/v1/oauth2/audit/grantedClients'],
    ['/file/v1/fileHandle/1'],
  ])('testHasNOTAcceptedTermsOfUse: who has not agreed is refused %s', async (path) => {
    const { session } = await newAccount(server, { tou: false });
    expect(await session.get(path)).toEqual(refusal(403, 'Terms of use have not been signed.'));
  });

  test.each([
    ['/auth/v1/termsOfUse2/status'],
    ['/auth/v1/termsOfUse2/info'],
    ['/auth/v1/2fa'],
    ['/auth/v1/authenticatedOn'],
    ['/auth/v1/personalAccessToken'],
  ])('testHasNOTAcceptedTermsOfUse: who has not agreed is still served %s', async (path) => {
    const { session } = await newAccount(server, { tou: false });
    expect(await session.get(path)).toMatchObject({ status: 200 });
  });
});
