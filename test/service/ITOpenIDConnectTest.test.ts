import { beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt, importJWK, jwtVerify, type JWTPayload } from 'jose';

import type * as M from '../../generated/models.js';
import { api } from '../helpers/api.js';
import { refusal, withSessions, type Session } from '../server/entitySession.js';
import { loggedIn } from './accounts.js';
import {
  asClient,
  auditPath,
  authorizationRequest,
  basicLogin,
  clientPath,
  consent,
  consentCheckPath,
  consentPath,
  createClient,
  createSecret,
  descriptionPath,
  exchange,
  readClient,
  readyClient,
  redirectUri,
  refresh,
  someClaims,
  tokenPath,
  tokensOf,
  userInfoPath,
  verify,
  type ReadyClient,
} from './oauthFlow.js';

const server = withSessions();
const claims = { id_token: someClaims, userinfo: someClaims };
/** Certified, and no member of team 2. */
let user: Session;

beforeAll(async () => {
  user = await loggedIn(server, 'alice');
});

/** The claims of a token, once its signature is checked with the published keys. */
async function verified(token: string): Promise<JWTPayload> {
  const { body } = await server.anonymous.get('/auth/v1/oauth2/jwks');
  const [key] = (body as { keys: { n: string; e: string }[] }).keys;
  const publicKey = await importJWK({ kty: 'RSA', n: key?.n ?? '', e: key?.e ?? '' }, 'RS256');
  return (await jwtVerify(token, publicKey)).payload;
}

function aboutAlice(): object {
  return {
    userid: String(server.userId('alice')),
    email: 'alice@example.org',
    is_certified: true,
    team: [],
  };
}

describe('ITOpenIDConnectTest', () => {
  const notVerified = (id: string) => ({
    status: 403,
    body: {
      reason: `The OAuth client (${id}) is not verified.`,
      errorCode: 'OAUTH_CLIENT_NOT_VERIFIED',
    },
  });

  test('testClientNotVerified: a request is described and consented to once its client is verified', async () => {
    const { client_id: id } = await createClient(user);
    const request = authorizationRequest(id, { claims });
    expect(await server.anonymous.post(descriptionPath, request)).toMatchObject(notVerified(id));
    await verify(server, id);
    expect(await server.anonymous.post(descriptionPath, request)).toMatchObject({ status: 200 });
    await verify(server, id, false);
    expect(await user.post(consentPath, request)).toMatchObject(notVerified(id));
    await verify(server, id);
    expect(await user.post(consentPath, request)).toMatchObject({ status: 201 });
  });

  test('testClientNotVerified: a code is exchanged and a token works while the client is verified', async () => {
    const client = await readyClient(server, user);
    const code = await consent(user, authorizationRequest(client.id, { claims }));
    await verify(server, client.id, false);
    expect(await exchange(server, client.login, code)).toMatchObject(notVerified(client.id));
    await verify(server, client.id);
    const answer = await exchange(server, client.login, code);
    expect(answer).toMatchObject({ status: 200 });
    const { access_token: token } = answer.body as Required<M.OIDCTokenResponse>;
    const byToken = server.session(token);
    await verify(server, client.id, false);
    expect(await byToken.get(userInfoPath)).toEqual(refusal(401, 'Invalid access token'));
    await verify(server, client.id);
    expect(await byToken.get(userInfoPath)).toMatchObject({ status: 200 });
  });

  test('testRoundTrip: the configuration and the keys are published', async () => {
    expect(await server.anonymous.get('/auth/v1/.well-known/openid-configuration')).toMatchObject({
      status: 200,
      body: {
        issuer: server.synapse.authEndpoint,
        claims_supported: expect.arrayContaining(['team', 'is_certified']),
        token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      },
    });
    const { body } = await server.anonymous.get('/auth/v1/oauth2/jwks');
    expect((body as M.JsonWebKeySet).keys).toHaveLength(1);
  });

  test('testRoundTrip: a client is verified by an administrator who knows its etag', async () => {
    const client = await createClient(user);
    expect(await readClient(user, client.client_id)).toEqual(client);
    const checked = await verify(server, client.client_id);
    expect(checked).toMatchObject({ verified: true });
    expect(await readClient(user, client.client_id)).toEqual(checked);
    const { results } = (await user.get(clientPath)).body as M.OAuthClientList;
    expect(results).toContainEqual(checked);
    const secret = await createSecret(user, client.client_id);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect((await readClient(user, client.client_id)).etag).not.toBe(checked.etag);
  });

  test('testRoundTrip: what the consent page says lists the scopes and the claims', async () => {
    const { id } = await readyClient(server, user);
    const request = authorizationRequest(id, { claims });
    expect((await server.anonymous.post(descriptionPath, request)).body).toEqual({
      clientId: id,
      redirect_uri: redirectUri,
      scope: [
        'To see whether you are a certified Synapse user',
        'To see your Synapse user ID, which can be used to access your public profile',
        'To see your primary email address',
        'To see your team membership',
      ],
    });
  });

  test('testRoundTrip: consent is remembered', async () => {
    const { id } = await readyClient(server, user);
    const request = authorizationRequest(id, { claims, nonce: 'n-1' });
    expect(await user.post(consentCheckPath, request)).toMatchObject({ body: { granted: false } });
    await consent(user, request);
    expect(await user.post(consentCheckPath, request)).toMatchObject({ body: { granted: true } });
  });

  test('testRoundTrip: a client sends its id and secret in a form body', async () => {
    const client = await readyClient(server, user);
    const code = await consent(user, authorizationRequest(client.id, { claims }));
    const answer = await api(server.synapse).send('POST', tokenPath, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `client_id=${client.id}&client_secret=${client.secret}&grant_type=authorization_code&code=${code}&redirect_uri=${redirectUri}`,
    });
    expect(answer).toMatchObject({ status: 200, body: { access_token: expect.any(String) } });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('pragma')).toBe('no-cache');
  });

  test('testRoundTrip: claims requested with null are in the id token and in the user information', async () => {
    const client = await readyClient(server, user);
    const tokens = await tokensOf(server, user, { client, claims, nonce: 'n-2' });
    expect(await verified(tokens.id_token)).toMatchObject({ ...aboutAlice(), nonce: 'n-2' });
    expect((await server.session(tokens.access_token).get(userInfoPath)).body).toEqual({
      ...aboutAlice(),
      sub: decodeJwt(tokens.id_token).sub,
    });
  });

  test('testRoundTrip: the access token lists its claims without the parts', async () => {
    const client = await readyClient(server, user);
    const { access_token: token } = await tokensOf(server, user, { client, claims });
    expect(await verified(token)).toMatchObject({
      access: {
        scope: ['openid'],
        oidc_claims: {
          userid: null,
          email: null,
          is_certified: null,
          team: { essential: null, value: null, values: ['2'] },
        },
      },
    });
  });

  test('testRoundTrip: a client with an algorithm receives the user information as a signed token', async () => {
    const client = await readyClient(server, user);
    const { access_token: token } = await tokensOf(server, user, { client, claims });
    const current = await readClient(user, client.id);
    expect(
      await user.put(`${clientPath}/${client.id}/verificationPrecheck`, current),
    ).toMatchObject({ status: 200, body: { reverificationRequired: false } });
    const changed = { ...current, userinfo_signed_response_alg: 'RS256' };
    expect(await user.put(`${clientPath}/${client.id}`, changed)).toMatchObject({
      status: 200,
      body: { client_name: current.client_name, verified: true },
    });
    const answer = await server.session(token).get(userInfoPath);
    expect(answer.headers.get('content-type')).toContain('application/jwt');
    expect(await verified(answer.body as string)).toMatchObject({
      ...aboutAlice(),
      aud: client.id,
    });
  });

  describe('with a refresh token', () => {
    const asked = { scope: 'openid offline_access', claims, nonce: 'n-3' };
    let client: ReadyClient;
    let tokens: Required<M.OIDCTokenResponse>;
    let info: M.OAuthRefreshTokenInformation;

    const metadata = (id = '') => `${auditPath}/tokens/${id}/metadata`;

    beforeAll(async () => {
      client = await readyClient(server, user);
      tokens = await tokensOf(server, user, { client, ...asked });
      const path = `${auditPath}/grantedClients/${client.id}/tokens`;
      const { results } = (await user.get(path)).body as M.OAuthRefreshTokenInformationList;
      info = results[0] ?? {};
    });

    test('testRefreshTokenGrantTypeRoundTrip: a refresh token gives new tokens of all kinds, once', async () => {
      const bob = await loggedIn(server, 'bob');
      const first = await tokensOf(server, bob, { client, ...asked });
      const answer = await refresh(server, client.login, first.refresh_token);
      expect(answer).toMatchObject({ status: 200 });
      const second = answer.body as Required<M.OIDCTokenResponse>;
      for (const kind of ['refresh_token', 'id_token', 'access_token'] as const) {
        expect(second[kind]).toMatch(/.+/);
        expect(second[kind]).not.toBe(first[kind]);
      }
      expect(await refresh(server, client.login, first.refresh_token)).toEqual(
        refusal(400, 'The token does not match an existing token.'),
      );
      for (const { access_token: token } of [first, second]) {
        expect(await server.session(token).get(userInfoPath)).toMatchObject({
          body: { is_certified: true },
        });
      }
      // A nonce belongs to a consent.
      expect(decodeJwt(second.id_token)).not.toHaveProperty('nonce');
    });

    test('testRefreshTokenGrantTypeRoundTrip: the user sees the client and its token with the requested claims', async () => {
      const granted = await user.get(`${auditPath}/grantedClients`);
      expect(granted.body).toMatchObject({ results: [{ client: { client_id: client.id } }] });
      expect(granted.body).not.toHaveProperty('nextPageToken');
      expect(info).toMatchObject({
        clientId: client.id,
        principalId: String(server.userId('alice')),
        scopes: ['openid', 'offline_access'],
      });
      expect(info.claims).toEqual(claims);
      expect((await user.get(metadata(info.tokenId))).body).toEqual(info);
    });

    test('testRefreshTokenGrantTypeRoundTrip: the user renames the token, and the client sees it', async () => {
      const name = 'a new refresh token name';
      const current = (await user.get(metadata(info.tokenId))).body as object;
      expect(await user.put(metadata(info.tokenId), { ...current, name })).toMatchObject({
        status: 200,
        body: { name },
      });
      const seen = await user.get(metadata(info.tokenId));
      expect(seen).toMatchObject({ body: { name } });
      const path = `/auth/v1/oauth2/token/${info.tokenId ?? ''}/metadata`;
      expect((await asClient(server, client.login, { method: 'GET', path })).body).toEqual(
        seen.body,
      );
    });

    test('testRefreshTokenGrantTypeRoundTrip: once revoked, neither the refresh token nor its access tokens work', async () => {
      const carol = await loggedIn(server, 'carol');
      const own = await tokensOf(server, carol, { client, ...asked });
      const path = `${auditPath}/grantedClients/${client.id}/tokens`;
      const { results } = (await carol.get(path)).body as M.OAuthRefreshTokenInformationList;
      const revoke = `${auditPath}/tokens/${results[0]?.tokenId ?? ''}/revoke`;
      expect(await carol.post(revoke, undefined)).toMatchObject({ status: 204 });
      expect(await server.session(own.access_token).get(userInfoPath)).toEqual(
        refusal(401, 'invalid_token. The access token has been revoked.'),
      );
      expect(await refresh(server, client.login, own.refresh_token)).toMatchObject({ status: 400 });
    });

    test('testRevokeAllTokensFromClient: a user revokes the consent and all tokens of a client', async () => {
      const bob = await loggedIn(server, 'bob');
      const other = await readyClient(server, user);
      const request = authorizationRequest(other.id, asked);
      await tokensOf(server, bob, { client: other, ...asked });
      const path = `${auditPath}/grantedClients/${other.id}`;
      const { results } = (await bob.get(`${path}/tokens`))
        .body as M.OAuthRefreshTokenInformationList;
      expect(await bob.post(consentCheckPath, request)).toMatchObject({ body: { granted: true } });
      expect(await bob.post(`${path}/revoke`, undefined)).toMatchObject({ status: 204 });
      expect(await bob.post(consentCheckPath, request)).toMatchObject({ body: { granted: false } });
      const id = results[0]?.tokenId ?? '';
      expect(await bob.get(metadata(id))).toEqual(
        refusal(404, `Refresh token with ID: ${id} does not exist`),
      );
    });

    test('testRevokeTokensViaClient: a client revokes its refresh token', async () => {
      const revoked = await asClient(server, client.login, {
        method: 'POST',
        path: '/auth/v1/oauth2/revoke',
        body: { token: tokens.refresh_token, token_type_hint: 'refresh_token' },
      });
      expect(revoked).toMatchObject({ status: 204 });
      expect(await user.get(metadata(info.tokenId))).toMatchObject({ status: 404 });
    });
  });

  test('testRoundTrip: wrong credentials of a client are refused', async () => {
    const { id } = await readyClient(server, user);
    expect(await exchange(server, basicLogin(id, 'guess'), 'code')).toEqual(
      refusal(
        401,
        'OAuth Client ID and secret must be passed via Basic Authentication. Credentials are missing or invalid.',
      ),
    );
  });
});
