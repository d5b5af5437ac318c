import { afterEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Session } from '../server/entitySession.js';
import { loggedIn, logIn, newAccount, subjectsTo } from './accounts.js';
import { readyClient, someClaims, tokensOf } from './oauthFlow.js';

const day = 86_400_000;
let ahead = 0;
const server = withSessions({ now: () => new Date(Date.now() + ahead) });
const path = '/auth/v1/personalAccessToken';

afterEach(() => {
  ahead = 0;
});

async function create(owner: Session, fields: object = {}): Promise<{ token: string; id: string }> {
  const made = await owner.post(path, fields);
  expect(made).toMatchObject({ status: 200 });
  const { token } = made.body as M.AccessTokenGenerationResponse;
  return { token, id: decodeJwt(token).jti ?? '' };
}

async function recordOf(owner: Session, id: string): Promise<M.AccessTokenRecord> {
  const answer = await owner.get(`${path}/${id}`);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as M.AccessTokenRecord;
}

describe('PersonalAccessTokenManagerImplUnitTest', () => {
  test.each([
    ['testDetermineActiveState_active: a token is active while it was used in the last 180 days'],
    ['testIsTokenActive: a token is active while it was used in the last 180 days'],
  ])('%s', async () => {
    const { session } = await newAccount(server);
    const { token, id } = await create(session, { scope: ['view'] });
    expect(await recordOf(session, id)).toMatchObject({ state: 'ACTIVE' });
    ahead = 179 * day;
    expect(await server.session(token).get('/userProfile')).toMatchObject({ status: 200 });
  });

  test('testDetermineActiveState_expired: it has expired after that', async () => {
    const account = await newAccount(server);
    const { token, id } = await create(account.session, { scope: ['view'] });
    ahead = 180 * day + 1000;
    expect(await server.session(token).get('/userProfile')).toEqual(
      refusal(401, 'Invalid access token'),
    );
    const login = (await logIn(server, account)).body as M.LoginResponse;
    expect(await recordOf(server.session(login.accessToken), id)).toMatchObject({
      state: 'EXPIRED',
    });
  });

  test('testIssueToken: a token never has the scope authorize, and its user is told', async () => {
    const { session, id: userId, email } = await newAccount(server);
    const scope = ['authorize', 'modify', 'view', 'authorize'];
    const { token, id } = await create(session, { name: 'a', scope, userInfoClaims: someClaims });
    expect(decodeJwt(token)).toEqual({
      iss: server.synapse.authEndpoint,
      aud: '0',
      sub: String(userId),
      jti: id,
      iat: expect.any(Number),
      nbf: expect.any(Number),
      token_type: 'PERSONAL_ACCESS_TOKEN',
      access: {
        scope: ['modify', 'view'],
        oidc_claims: { ...someClaims, team: { essential: null, value: null, values: ['2'] } },
      },
    });
    expect(subjectsTo(server, email)).toEqual(['Personal Access Token Added']);
  });

  test('testIssueTokenLimitedAccessTokenScope: it has no scope that its maker lacks', async () => {
    const owner = await loggedIn(server, 'alice');
    const client = await readyClient(server, owner);
    const tokens = await tokensOf(server, owner, { client, scope: 'openid authorize view' });
    const maker = server.session(tokens.access_token);
    const { token } = await create(maker, { scope: ['modify', 'view', 'openid'] });
    expect(decodeJwt(token)).toMatchObject({ access: { scope: ['view', 'openid'] } });
  });

  test('testIssueToken_anonymous: nobody makes none', async () => {
    expect(await server.anonymous.post(path, { scope: ['view'] })).toEqual(
      refusal(401, 'Anonymous users may not issue personal access tokens.'),
    );
  });

  test.each([[null], [''], ['  ']])(
    'testIssueToken_blankName: the name %j is replaced by a UUID',
    async (name) => {
      const { session } = await newAccount(server);
      const { id } = await create(session, { name });
      expect(await recordOf(session, id)).toMatchObject({
        name: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      });
    },
  );

  test.each([[null], [[]]])(
    'testIssueToken_emptyScope: the scopes %j mean all but authorize',
    async (scope) => {
      const { session } = await newAccount(server);
      const { id } = await create(session, { scope });
      const { scopes = [] } = await recordOf(session, id);
      expect(scopes).toEqual(
        expect.arrayContaining(['openid', 'email', 'profile', 'view', 'download', 'modify']),
      );
      expect(scopes).not.toContain('authorize');
    },
  );

  test('testIssueToken_nullClaims: it may have no claims, and has no unknown ones', async () => {
    const { session } = await newAccount(server);
    const { id } = await create(session, { userInfoClaims: null });
    expect(await recordOf(session, id)).toMatchObject({ userInfoClaims: {} });
    const second = await create(session, { userInfoClaims: { unknown: null, email: null } });
    expect((await recordOf(session, second.id)).userInfoClaims).toEqual({ email: null });
  });

  test('testIsTokenActive_notFound: a revoked one does not work', async () => {
    const { session } = await newAccount(server);
    const { token, id } = await create(session, { scope: ['view'] });
    expect(await session.delete(`${path}/${id}`)).toMatchObject({ status: 200 });
    expect(await server.session(token).get('/userProfile')).toEqual(
      refusal(401, 'Invalid access token'),
    );
  });

  test.each([
    ['testUpdateLastUsedTimeHappyCase: its use is recorded'],
    ['testUpdateLastUsedFirstTime: its use is recorded'],
  ])('%s', async () => {
    const { session } = await newAccount(server);
    const { token, id } = await create(session, { scope: ['view'] });
    const { lastUsed: before = '' } = await recordOf(session, id);
    ahead = 61_000;
    await server.session(token).get('/userProfile');
    const { lastUsed: after = '' } = await recordOf(session, id);
    expect(Date.parse(after) - Date.parse(before)).toBeGreaterThan(60_000);
  });

  test('testUpdateLastUsedTimeTooFrequentChange: once a minute', async () => {
    const { session } = await newAccount(server);
    const { token, id } = await create(session, { scope: ['view'] });
    const before = await recordOf(session, id);
    ahead = 50_000;
    await server.session(token).get('/userProfile');
    expect(await recordOf(session, id)).toEqual(before);
  });

  test('testGetTokens: users list their tokens, the last used one first', async () => {
    const { session } = await newAccount(server);
    const first = await create(session, { scope: ['view'], name: 'first' });
    ahead = 1000;
    await create(session, { name: 'second' });
    const names = async () =>
      ((await session.get(path)).body as M.AccessTokenRecordList).results.map(({ name }) => name);
    expect(await names()).toEqual(['second', 'first']);
    ahead = 120_000;
    await server.session(first.token).get('/userProfile');
    expect(await names()).toEqual(['first', 'second']);
  });

  test('testGetTokens_anonymous: nobody has none', async () => {
    expect(await server.anonymous.get(path)).toEqual(
      refusal(401, 'Anonymous users cannot have personal access tokens.'),
    );
  });

  test('testGetToken: users read about their tokens', async () => {
    const { session, id: userId } = await newAccount(server);
    const { id } = await create(session, { name: 'own', scope: ['view'] });
    expect(await recordOf(session, id)).toMatchObject({
      id,
      userId: String(userId),
      name: 'own',
      scopes: ['view'],
      state: 'ACTIVE',
    });
  });

  test('testGetToken_admin: administrators do, too', async () => {
    const { session } = await newAccount(server);
    const { id } = await create(session);
    expect(await recordOf(server.admin, id)).toEqual(await recordOf(session, id));
  });

  test('testGetToken_otherUser: others do not', async () => {
    const { id } = await create((await newAccount(server)).session);
    expect(await server.bob.get(`${path}/${id}`)).toEqual(
      refusal(403, 'You do not have permission to view this token record.'),
    );
  });

  test('testRevokeToken: users revoke their tokens, and are told', async () => {
    const { session, email } = await newAccount(server);
    const { id } = await create(session);
    expect(await session.delete(`${path}/${id}`)).toMatchObject({ status: 200 });
    expect(await session.get(`${path}/${id}`)).toMatchObject({ status: 404 });
    expect(subjectsTo(server, email)).toEqual([
      'Personal Access Token Added',
      'Personal Access Token Removed',
    ]);
  });

  test('testRevokeToken_admin: administrators revoke those of others, who are told', async () => {
    const { session, email } = await newAccount(server);
    const { id } = await create(session);
    const admin = await loggedIn(server, 'admin');
    expect(await admin.delete(`${path}/${id}`)).toMatchObject({ status: 200 });
    expect(subjectsTo(server, email).at(-1)).toBe('Personal Access Token Removed');
  });

  test('testRevokeToken_otherUser: others do not', async () => {
    const { session } = await newAccount(server);
    const { id } = await create(session);
    const bob = await loggedIn(server, 'bob');
    expect(await bob.delete(`${path}/${id}`)).toEqual(
      refusal(403, 'You do not have permission to revoke this token.'),
    );
    expect(await recordOf(session, id)).toMatchObject({ state: 'ACTIVE' });
  });

  test('testCreateToken_DuplicateKeyException: two tokens of a user have two names', async () => {
    const { session } = await newAccount(server);
    await create(session, { name: 'same' });
    expect(await session.post(path, { name: 'same' })).toEqual(
      refusal(
        400,
        'You cannot have two tokens with the same name. You must delete the existing token to create a new one with this name.',
      ),
    );
    await create((await newAccount(server)).session, { name: 'same' });
  });
});
