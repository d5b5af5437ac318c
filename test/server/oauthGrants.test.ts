import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';

import type * as M from '../../generated/models.js';
import { api, type Answer, type Api } from '../helpers/api.js';
import { withSessions, type Session } from './entitySession.js';

const day = 86_400_000;
let ahead = 0;
const server = withSessions({ now: () => new Date(Date.now() + ahead) });
const redirectUri = 'https://portal.example.org/back';
const otherHost = 'https://elsewhere.example.com/back';
const audit = '/auth/v1/oauth2/audit';
let count = 0;
let anonymous: Api;
/** Bob, who has logged in: a personal access token lets nobody else act. */
let bob: Session;

interface TestClient {
  readonly id: string;
  readonly login: string;
}

beforeEach(async () => {
  anonymous = api(server.synapse);
  const login = await anonymous.post('/auth/v1/login2', {
    username: 'bob',
    password: 'bob-password',
  });
  bob = server.session((login.body as M.LoginResponse).accessToken);
});

afterEach(() => {
  ahead = 0;
});

async function createClient(uri = redirectUri): Promise<TestClient> {
  count += 1;
  const { alice, synapse } = server;
  const made = await alice.post('/auth/v1/oauth2/client', {
    client_name: `Portal ${count}`,
    redirect_uris: [uri],
  });
  const { client_id: id = '' } = made.body as M.OAuthClient;
  const { body } = await alice.post(`/auth/v1/oauth2/client/secret/${id}`, undefined);
  const { client_secret: secret = '' } = body as M.OAuthClientIdAndSecret;
  const verified = `/admin/oauth2/client/${id}/verified`;
  const { admin } = synapse.users;
  expect(await api(synapse, synapse.users.alice.authToken).put(verified)).toMatchObject({
    status: 403,
  });
  expect(await api(synapse, admin.authToken).put(verified)).toMatchObject({
    body: { verified: true },
  });
  return { id, login: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}

function request(client: TestClient, fields: M.OIDCAuthorizationRequest = {}) {
  return { clientId: client.id, redirectUri, responseType: 'code', scope: 'view', ...fields };
}

async function codeOf(client: TestClient, fields: M.OIDCAuthorizationRequest): Promise<string> {
  const given = await bob.post('/auth/v1/oauth2/consent', request(client, fields));
  expect(given).toMatchObject({ status: 201 });
  return (given.body as M.OAuthAuthorizationResponse).access_code ?? '';
}

function tokenCall(client: TestClient, fields: Record<string, string>): Promise<Answer> {
  return anonymous.send('POST', `/auth/v1/oauth2/token?${new URLSearchParams(fields).toString()}`, {
    headers: { authorization: client.login },
  });
}

function exchange(client: TestClient, code: string, uri = redirectUri): Promise<Answer> {
  return tokenCall(client, { grant_type: 'authorization_code', code, redirect_uri: uri });
}

async function tokensOf(
  client: TestClient,
  fields: M.OIDCAuthorizationRequest,
): Promise<Required<M.OIDCTokenResponse>> {
  const answer = await exchange(client, await codeOf(client, fields), fields.redirectUri);
  expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 86_400 } });
  return answer.body as Required<M.OIDCTokenResponse>;
}

describe('consent', () => {
  test('gives a code that makes a token once', async () => {
    const client = await createClient();
    const fields = { scope: 'view openid email', nonce: 'n-1' };
    const check = '/auth/v1/oauth2/consentcheck';
    expect(await bob.post(check, request(client, fields))).toMatchObject({
      body: { granted: false },
    });
    const code = await codeOf(client, fields);
    expect(await bob.post(check, request(client, fields))).toMatchObject({
      body: { granted: true },
    });
    expect(await bob.post(check, request(client, { scope: 'view modify' }))).toMatchObject({
      body: { granted: false },
    });
    const answer = await exchange(client, code);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { access_token: token, id_token: idToken } = answer.body as Required<M.OIDCTokenResponse>;
    expect(answer.body).not.toHaveProperty('refresh_token');
    expect(decodeJwt(idToken)).toMatchObject({
      iss: server.synapse.authEndpoint,
      aud: client.id,
      nonce: 'n-1',
      email: 'bob@example.org',
      token_type: 'OIDC_ID_TOKEN',
    });
    const byClient = server.session(token);
    expect(await byClient.get('/userProfile')).toMatchObject({ body: { userName: 'bob' } });
    expect(await byClient.post('/entity', {})).toMatchObject({
      status: 403,
      body: { error: 'insufficient_scope' },
    });
    expect(await server.session(idToken).get('/userProfile')).toMatchObject({ status: 401 });
    expect(await exchange(client, code)).toMatchObject({ status: 400 });
    ahead = day + 1000;
    expect(await byClient.get('/userProfile')).toMatchObject({ status: 401 });
  });

  test('is asked for by form too as OAuth libraries do', async () => {
    const client = await createClient();
    const form = {
      grant_type: 'authorization_code',
      code: await codeOf(client, {}),
      redirect_uri: redirectUri,
    };
    const answer = await anonymous.send('POST', '/auth/v1/oauth2/token', {
      body: new URLSearchParams(form).toString(),
      headers: {
        authorization: client.login,
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer' } });
  });

  test('is refused for what is not to be trusted', async () => {
    const { alice, synapse } = server;
    const client = await createClient();
    const other = await createClient();
    const path = '/auth/v1/oauth2/consent';
    expect(await server.anonymous.post(path, request(client))).toMatchObject({ status: 401 });
    // A personal access token has no authority to give authority.
    expect(await alice.post(path, request(client))).toMatchObject({ status: 403 });
    expect(await bob.post(path, request(client, { redirectUri: otherHost }))).toMatchObject({
      status: 400,
    });
    const code = await codeOf(client, {});
    expect(await exchange(other, code)).toMatchObject({ status: 400 });
    const again = await codeOf(client, {});
    expect(await exchange(client, again, otherHost)).toMatchObject({ status: 400 });
    const late = await codeOf(client, {});
    ahead = 61_000;
    expect(await exchange(client, late)).toMatchObject({ status: 400 });
    const guess = Buffer.from(`${client.id}:guess`).toString('base64');
    for (const login of ['', 'Basic bm9ib2R5OnNlY3JldA==', `Basic ${guess}`]) {
      const wrong = { ...client, login };
      expect(await tokenCall(wrong, { grant_type: 'refresh_token' })).toMatchObject({
        status: 401,
        body: { reason: expect.stringMatching(/credentials/i) },
      });
    }
    const unverify = `/admin/oauth2/client/${client.id}/verified?status=false`;
    await api(synapse, synapse.users.admin.authToken).put(unverify);
    expect(await bob.post(path, request(client))).toMatchObject({
      status: 403,
      body: { errorCode: 'OAUTH_CLIENT_NOT_VERIFIED' },
    });
    expect(await exchange(client, 'any')).toMatchObject({ status: 403 });
  });
});

describe('claims', () => {
  test('are those that were asked for', async () => {
    const client = await createClient();
    const sibling = await createClient();
    const stranger = await createClient(otherHost);
    const team = await bob.post('/team', { name: `Team of claims ${count}` });
    const { id: teamId = '' } = team.body as M.Team;
    const fields = {
      scope: 'openid view',
      claims: { userinfo: { user_name: {}, team: { values: [teamId, '2'] } } },
    };
    const infoOf = async (one: TestClient, uri: string) => {
      const { access_token: token } = await tokensOf(one, { ...fields, redirectUri: uri });
      return (await server.session(token).get('/auth/v1/oauth2/userinfo')).body;
    };
    const info = await infoOf(client, redirectUri);
    expect(info).toEqual({
      sub: expect.not.stringMatching(/^\d+$/),
      user_name: 'bob',
      team: [teamId],
    });
    const { sub } = info as { sub: string };
    expect(await infoOf(sibling, redirectUri)).toMatchObject({ sub });
    expect(await infoOf(stranger, otherHost)).not.toMatchObject({ sub });
  });
});

describe('a lasting grant', () => {
  const scope = 'view modify offline_access';

  test('gives further access tokens for each refresh token once', async () => {
    const client = await createClient();
    const first = await tokensOf(client, { scope });
    const refresh = (token: string, fields = {}) =>
      tokenCall(client, { grant_type: 'refresh_token', refresh_token: token, ...fields });
    expect(await refresh(first.refresh_token, { scope: 'view download' })).toMatchObject({
      status: 400,
    });
    const answer = await refresh(first.refresh_token, { scope: 'view' });
    const second = answer.body as Required<M.OIDCTokenResponse>;
    expect(decodeJwt(second.access_token)).toMatchObject({ access: { scope: ['view'] } });
    expect(await refresh(first.refresh_token)).toMatchObject({ status: 400 });
    const other = await createClient();
    const stolen = { grant_type: 'refresh_token', refresh_token: second.refresh_token };
    expect(await tokenCall(other, stolen)).toMatchObject({ status: 400 });
    expect(await refresh(second.refresh_token)).toMatchObject({ status: 200 });
  });

  test('is managed by its user', async () => {
    const { alice } = server;
    const client = await createClient();
    const { access_token: token } = await tokensOf(client, { scope });
    const clients = (await bob.get(`${audit}/grantedClients`)).body as {
      results: M.OAuthClientAuthorizationHistory[];
    };
    expect(clients.results[0]).toMatchObject({ client: { client_id: client.id } });
    const tokens = `${audit}/grantedClients/${client.id}/tokens`;
    const { results } = (await bob.get(tokens)).body as M.OAuthRefreshTokenInformationList;
    const [info = {}] = results;
    expect(info).toMatchObject({
      clientId: client.id,
      principalId: String(server.userId('bob')),
      scopes: ['view', 'modify', 'offline_access'],
    });
    const path = `${audit}/tokens/${info.tokenId ?? ''}`;
    expect(await alice.get(`${path}/metadata`)).toMatchObject({ status: 403 });
    expect(await bob.get(`${path}/metadata`)).toMatchObject({ body: info });
    expect(await bob.get(`${audit}/tokens/0/metadata`)).toMatchObject({ status: 404 });
    const named = await bob.put(`${path}/metadata`, { ...info, name: 'Laptop' });
    expect(named).toMatchObject({ status: 200, body: { name: 'Laptop' } });
    expect(await bob.put(`${path}/metadata`, { ...info, name: 'x' })).toMatchObject({
      status: 412,
    });
    const asClient = await anonymous.get(`/auth/v1/oauth2/token/${info.tokenId ?? ''}/metadata`, {
      headers: { authorization: client.login },
    });
    expect(asClient).toMatchObject({ status: 200, body: { name: 'Laptop' } });
    expect(await alice.post(`${path}/revoke`, undefined)).toMatchObject({ status: 403 });
    expect(await bob.post(`${path}/revoke`, undefined)).toMatchObject({ status: 204 });
    expect(await server.session(token).get('/userProfile')).toMatchObject({ status: 401 });
    expect(await bob.get(tokens)).toMatchObject({ body: { results: [] } });
    // The consent remains.
    expect(
      await bob.post('/auth/v1/oauth2/consentcheck', request(client, { scope })),
    ).toMatchObject({ body: { granted: true } });
  });

  test('ends with all others of a client when its user or its owner wants so', async () => {
    const { alice } = server;
    const client = await createClient();
    const first = await tokensOf(client, { scope });
    const short = await tokensOf(client, {});
    const revoke = `${audit}/grantedClients/${client.id}/revoke`;
    expect(await bob.post(revoke, undefined)).toMatchObject({ status: 204 });
    expect(await server.session(first.access_token).get('/userProfile')).toMatchObject({
      status: 401,
    });
    // An access token without a refresh token cannot be revoked in this way.
    expect(await server.session(short.access_token).get('/userProfile')).toMatchObject({
      status: 200,
    });
    const third = await tokensOf(client, { scope });
    expect(await alice.delete(`/auth/v1/oauth2/client/${client.id}`)).toMatchObject({
      status: 200,
    });
    expect(await server.session(third.access_token).get('/userProfile')).toMatchObject({
      status: 401,
    });
    expect(await bob.get(`${audit}/grantedClients`)).toMatchObject({ status: 200 });
  });

  test('is revoked by its client', async () => {
    const client = await createClient();
    const other = await createClient();
    const tokens = await tokensOf(client, { scope });
    const introspect = async (token: string, fields = {}) =>
      (await anonymous.post('/auth/v1/oauth2/introspect', { token, ...fields })).body;
    expect(await introspect(tokens.access_token)).toMatchObject({
      active: true,
      scope: 'view modify offline_access',
      aud: client.id,
      token_type: 'OIDC_ACCESS_TOKEN',
    });
    expect(await introspect('no token')).toEqual({ active: false });
    const revoke = (one: TestClient, token: string, hint: M.TokenTypeHint) =>
      anonymous.post(
        '/auth/v1/oauth2/revoke',
        { token, token_type_hint: hint },
        { headers: { authorization: one.login } },
      );
    expect(await revoke(other, tokens.access_token, 'access_token')).toMatchObject({ status: 403 });
    ahead = 10_000;
    expect(await introspect(tokens.access_token, { max_age: 5 })).toEqual({ active: false });
    expect(await introspect(tokens.access_token, { max_age: 60 })).toMatchObject({ active: true });
    expect(await revoke(client, tokens.access_token, 'access_token')).toMatchObject({
      status: 204,
    });
    expect(await introspect(tokens.access_token)).toEqual({ active: false });
    // It ended with the access token.
    expect(await revoke(client, tokens.refresh_token, 'refresh_token')).toMatchObject({
      status: 404,
    });
    expect(
      await tokenCall(client, {
        grant_type: 'refresh_token',
        refresh_token: tokens.refresh_token,
      }),
    ).toMatchObject({ status: 400 });
  });
});
