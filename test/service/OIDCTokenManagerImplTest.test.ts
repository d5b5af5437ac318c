import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Session } from '../server/entitySession.js';
import { logIn, loggedIn, newAccount } from './accounts.js';
import { asClient, readyClient, someClaims, tokensOf, type ReadyClient } from './oauthFlow.js';

let ahead = 0;
const server = withSessions({ now: () => new Date(Date.now() + ahead) });
let user: Session;
let client: ReadyClient;
let tokens: Required<M.OIDCTokenResponse>;

beforeAll(async () => {
  user = await loggedIn(server, 'alice');
  client = await readyClient(server, user);
  const claims = { id_token: someClaims, userinfo: someClaims };
  const scope = 'openid view offline_access';
  tokens = await tokensOf(server, user, { client, scope, claims, nonce: 'nonce' });
});

afterEach(() => {
  ahead = 0;
});

interface RsaKey {
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

async function publicKey(): Promise<RsaKey> {
  const { body } = await server.anonymous.get('/auth/v1/oauth2/jwks');
  const [key] = (body as { keys: RsaKey[] }).keys;
  return key as RsaKey;
}

describe('OIDCTokenManagerImplTest', () => {
  test('testGetJSONWebKeySet: the public key is published', async () => {
    expect(await publicKey()).toMatchObject({
      kty: 'RSA',
      use: 'SIGNATURE',
      kid: expect.any(String),
      n: expect.any(String),
      e: 'AQAB',
    });
  });

  const common = () => ({
    iss: server.synapse.authEndpoint,
    aud: client.id,
    sub: expect.any(String),
    jti: expect.any(String),
    iat: expect.any(Number),
    nbf: expect.any(Number),
    exp: expect.any(Number),
    auth_time: expect.any(Number),
  });

  test('testGenerateOIDCIdentityToken: an id token is valid for a minute and has the claims', () => {
    const token = decodeJwt(tokens.id_token);
    expect(token).toEqual({
      ...common(),
      userid: String(server.userId('alice')),
      email: 'alice@example.org',
      is_certified: true,
      team: [],
      nonce: 'nonce',
      token_type: 'OIDC_ID_TOKEN',
    });
    expect(Number(token.exp) - Number(token.iat)).toBe(60);
  });

  test('testGenerateOIDCAccessToken: an access token is valid for a day and lists the claims', () => {
    const token = decodeJwt(tokens.access_token);
    expect(token).toEqual({
      ...common(),
      access: {
        scope: ['openid', 'view', 'offline_access'],
        oidc_claims: { ...someClaims, team: { essential: null, value: null, values: ['2'] } },
      },
      refresh_token_id: expect.any(String),
      token_type: 'OIDC_ACCESS_TOKEN',
    });
    expect(Number(token.exp) - Number(token.iat)).toBe(86_400);
  });

  test('testOIDCSignatureValidation: tokens are signed with the key that is published', async () => {
    const { kid, n, e } = await publicKey();
    const key = await importJWK({ kty: 'RSA', n, e }, 'RS256');
    for (const token of [tokens.id_token, tokens.access_token]) {
      expect(decodeProtectedHeader(token)).toEqual({ typ: 'JWT', kid, alg: 'RS256' });
      expect((await jwtVerify(token, key)).payload).toMatchObject({ aud: client.id });
    }
  });

  test('testCreateClientTotalAccessToken: a login gives a token with every scope', async () => {
    const account = await newAccount(server);
    const { accessToken } = (await logIn(server, account)).body as M.LoginResponse;
    expect(decodeJwt(accessToken)).toMatchObject({
      aud: '0',
      sub: String(account.id),
      access: {
        scope: expect.arrayContaining(['openid', 'view', 'download', 'modify', 'authorize']),
        oidc_claims: {},
      },
    });
  });

  test('testParseExpiredJWTException: an expired token is refused as such', async () => {
    ahead = 86_400_000 + 1000;
    expect(await server.session(tokens.access_token).get('/userProfile')).toEqual(
      refusal(401, 'invalid_token. The token has expired.'),
    );
  });

  test('testCreatePersonalAccessToken: a personal access token does not expire by date', async () => {
    const request = { name: 'personal', scope: ['view'], userInfoClaims: { email: null } };
    const { body } = await user.post('/auth/v1/personalAccessToken', request);
    const token = decodeJwt((body as M.AccessTokenGenerationResponse).token);
    expect(token).toMatchObject({
      aud: '0',
      sub: String(server.userId('alice')),
      token_type: 'PERSONAL_ACCESS_TOKEN',
      access: { scope: ['view'], oidc_claims: { email: null } },
    });
    expect(token).not.toHaveProperty('exp');
  });

  test.each([
    ['testIsOIDCAccessTokenExists: an access token works until it is revoked'],
    ['testRevokeOIDCAccessToken: an access token is revoked'],
  ])('%s', async () => {
    const { access_token: token } = await tokensOf(server, user, { client, scope: 'view' });
    expect(await server.session(token).get('/userProfile')).toMatchObject({ status: 200 });
    await asClient(server, client.login, {
      method: 'POST',
      path: '/auth/v1/oauth2/revoke',
      body: { token, token_type_hint: 'access_token' },
    });
    expect(await server.session(token).get('/userProfile')).toMatchObject({ status: 401 });
  });

  test('testRevokeOIDCAccessTokens: all access tokens of a user are revoked', async () => {
    const account = await newAccount(server);
    const second = (await logIn(server, account)).body as M.LoginResponse;
    await account.session.delete(`/auth/v1/user/${account.id}/sessionAccessToken/all`);
    for (const token of [account.accessToken, second.accessToken]) {
      expect(await server.session(token).get('/userProfile')).toMatchObject({ status: 401 });
    }
  });
});
