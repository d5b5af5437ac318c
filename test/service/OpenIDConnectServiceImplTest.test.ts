import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { loggedIn } from './accounts.js';
import { readyClient, tokenRequest, tokensOf, userInfoPath } from './oauthFlow.js';

const server = withSessions();

describe('OpenIDConnectServiceImplTest', () => {
  test('testGetOIDCConfiguration: the configuration tells what the service supports', async () => {
    const base = server.synapse.authEndpoint;
    const { body } = await server.anonymous.get('/auth/v1/.well-known/openid-configuration');
    expect(body).toMatchObject({
      issuer: base,
      token_endpoint: `${base}/oauth2/token`,
      revocation_endpoint: `${base}/oauth2/revoke`,
      userinfo_endpoint: `${base}/oauth2/userinfo`,
      jwks_uri: `${base}/oauth2/jwks`,
      registration_endpoint: `${base}/oauth2/client`,
      scopes_supported: expect.arrayContaining(['openid', 'view', 'offline_access']),
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      claims_supported: expect.arrayContaining(['sub', 'email', 'validated_at', 'token_type']),
      service_documentation: 'https://help.synapse.org/docs/',
      claims_parameter_supported: true,
      userinfo_signing_alg_values_supported: ['RS256'],
      request_object_signing_alg_values_supported: [],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    });
  });

  test('testGetTokenResponse: a code and a refresh token give tokens, nothing else does', async () => {
    const owner = await loggedIn(server, 'alice');
    const { login } = await readyClient(server, owner);
    for (const grant_type of ['implicit', '']) {
      expect(await tokenRequest(server, login, { grant_type })).toMatchObject({ status: 400 });
    }
    expect(await tokenRequest(server, login, { grant_type: 'authorization_code' })).toMatchObject({
      status: 400,
      body: { reason: 'Authorization Code is required.' },
    });
    expect(await tokenRequest(server, login, { grant_type: 'refresh_token' })).toMatchObject({
      status: 400,
      body: { reason: 'Refresh Token is required.' },
    });
  });

  test('testGetUserInfo: the user information is given for an access token', async () => {
    const owner = await loggedIn(server, 'alice');
    const client = await readyClient(server, owner);
    const { access_token: token } = await tokensOf(server, owner, { client });
    expect(await server.session(token).get(userInfoPath)).toMatchObject({ status: 200 });
  });
});
