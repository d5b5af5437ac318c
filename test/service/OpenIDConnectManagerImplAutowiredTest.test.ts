import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Session } from '../server/entitySession.js';
import { loggedIn } from './accounts.js';
import {
  asClient,
  authorizationRequest,
  consentPath,
  readyClient,
  refresh,
  someClaims,
  tokensOf,
  userInfoPath,
  type ReadyClient,
} from './oauthFlow.js';

const server = withSessions();
const claims = { id_token: someClaims, userinfo: someClaims };
let user: Session;
let client: ReadyClient;

beforeAll(async () => {
  user = await loggedIn(server, 'alice');
  client = await readyClient(server, user);
});

function revoke(token: string, token_type_hint: string) {
  const path = '/auth/v1/oauth2/revoke';
  return asClient(server, client.login, { method: 'POST', path, body: { token, token_type_hint } });
}

describe('OpenIDConnectManagerImplAutowiredTest', () => {
  test('testAuthorizationCodeRoundTrip: a code gives an access token for the user information', async () => {
    const { access_token: token } = await tokensOf(server, user, { client, claims });
    expect(await server.session(token).get(userInfoPath)).toMatchObject({
      body: { userid: String(server.userId('alice')), team: [] },
    });
  });

  const lasting = { scope: 'openid offline_access', claims };

  test('testRefreshTokenRoundTrip: a refresh token gives another one with the same claims', async () => {
    const first = await tokensOf(server, user, { client, ...lasting });
    const { body } = await refresh(server, client.login, first.refresh_token);
    const { access_token: token } = body as Required<M.OIDCTokenResponse>;
    expect(await server.session(token).get(userInfoPath)).toMatchObject({
      body: { userid: String(server.userId('alice')), team: [] },
    });
  });

  test('testRevokedRefreshToken: a revoked refresh token gives nothing', async () => {
    const tokens = await tokensOf(server, user, { client, ...lasting });
    expect(await revoke(tokens.refresh_token, 'refresh_token')).toMatchObject({ status: 204 });
    expect(await refresh(server, client.login, tokens.refresh_token)).toMatchObject({
      status: 400,
    });
    expect(await server.session(tokens.access_token).get(userInfoPath)).toMatchObject({
      status: 401,
    });
  });

  test('testAuthorizationRequestWithReservedClientID: the id of the service itself is no client', async () => {
    expect(await user.post(consentPath, authorizationRequest('0'))).toEqual(
      refusal(400, 'invalid_client. Invalid OAuth Client ID: 0'),
    );
  });

  test('testRevokeAccessToken_invalidJwt: a text that is no token is not revoked', async () => {
    expect(await revoke('not-a-jwt', 'access_token')).toEqual(
      refusal(400, 'Expected three sections of the token but found 1'),
    );
  });

  test('testGetTokenResponseWithRefreshTokenRollBackOnInvalidScopeRequest: a refused refresh leaves the refresh token as it is', async () => {
    const { refresh_token: token } = await tokensOf(server, user, { client, ...lasting });
    expect(await refresh(server, client.login, token, { scope: 'modify' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_scope' },
    });
    expect(await refresh(server, client.login, token)).toMatchObject({ status: 200 });
  });

  test('testValidatePersonalAccessToken: a personal access token works until it is revoked', async () => {
    const path = '/auth/v1/personalAccessToken';
    const { body } = await user.post(path, { name: 'validated', scope: ['view'] });
    const { token } = body as M.AccessTokenGenerationResponse;
    expect(await server.session(token).get('/userProfile')).toMatchObject({ status: 200 });
    const { results } = (await user.get(path)).body as M.AccessTokenRecordList;
    const id = results.find(({ name }) => name === 'validated')?.id ?? '';
    await user.delete(`${path}/${id}`);
    expect(await server.session(token).get('/userProfile')).toEqual(
      refusal(401, 'Invalid access token'),
    );
  });
});
