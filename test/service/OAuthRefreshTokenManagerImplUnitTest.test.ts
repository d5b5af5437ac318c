import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Session } from '../server/entitySession.js';
import { loggedIn, logIn, newAccount, type Account } from './accounts.js';
import {
  asClient,
  auditPath,
  clientPath,
  readyClient,
  refresh,
  tokensOf,
  userInfoPath,
  type ReadyClient,
} from './oauthFlow.js';

const day = 86_400_000;
let ahead = 0;
const server = withSessions({ now: () => new Date(Date.now() + ahead) });
const scope = 'openid offline_access';
let owner: Session;
let client: ReadyClient;
let stranger: Account;

beforeAll(async () => {
  owner = await loggedIn(server, 'alice');
  client = await readyClient(server, owner);
  stranger = await newAccount(server);
});

afterEach(() => {
  ahead = 0;
});

interface Grant {
  readonly user: Session;
  readonly tokens: Required<M.OIDCTokenResponse>;
  readonly info: M.OAuthRefreshTokenInformation;
  readonly path: string;
}

async function activeTokens(user: Session, id = client.id) {
  const answer = await user.get(`${auditPath}/grantedClients/${id}/tokens`);
  expect(answer).toMatchObject({ status: 200 });
  return (answer.body as M.OAuthRefreshTokenInformationList).results;
}

/** A refresh token of a new user. */
async function grant(): Promise<Grant> {
  const { session: user } = await newAccount(server);
  const tokens = await tokensOf(server, user, { client, scope });
  const [info = {}] = await activeTokens(user);
  return { user, tokens, info, path: `${auditPath}/tokens/${info.tokenId ?? ''}` };
}

const asOther = (login: string, path: string, body?: object) =>
  asClient(server, login, { method: body === undefined ? 'GET' : 'POST', path, body });
const missing = 'Refresh token with ID: 999999 does not exist';

describe('OAuthRefreshTokenManagerImplUnitTest', () => {
  test('testCreateRefreshToken: a refresh token has a name, dates and an etag', async () => {
    const { info } = await grant();
    expect(info).toEqual({
      tokenId: expect.any(String),
      clientId: client.id,
      principalId: expect.any(String),
      name: expect.stringMatching(/^[0-9a-f-]{36}$/),
      scopes: ['openid', 'offline_access'],
      claims: { id_token: {}, userinfo: {} },
      authorizedOn: info.lastUsed,
      lastUsed: info.modifiedOn,
      modifiedOn: expect.any(String),
      etag: expect.any(String),
    });
  });

  test('testRotateToken: its use changes the time of the last use and the etag', async () => {
    const { user, tokens, info } = await grant();
    ahead = 1000;
    expect(await refresh(server, client.login, tokens.refresh_token)).toMatchObject({
      status: 200,
    });
    const [rotated = {}] = await activeTokens(user);
    const { lastUsed, etag, ...rest } = rotated;
    expect(info).toMatchObject(rest);
    expect(lastUsed).not.toBe(info.lastUsed);
    expect(etag).not.toBe(info.etag);
  });

  test('testRotateRefreshToken_IllegalArgumentOnNonmatchingToken: an unknown one is refused', async () => {
    expect(await refresh(server, client.login, 'unknown')).toEqual(
      refusal(400, 'The token does not match an existing token.'),
    );
  });

  test.each([
    ['testRotateRefreshToken_expiredToken: one that was not used for 180 days has expired'],
    ['testIsRefreshTokenActive: one that was not used for 180 days has expired'],
  ])('%s', async () => {
    const { tokens } = await grant();
    ahead = 179 * day;
    const answer = await refresh(server, client.login, tokens.refresh_token);
    const { refresh_token: next } = answer.body as Required<M.OIDCTokenResponse>;
    ahead += 181 * day;
    expect(await refresh(server, client.login, next)).toEqual(
      refusal(400, 'invalid_grant. The refresh token has expired.'),
    );
  });

  test('testGetTokenMetadataWithUserInfo: its user reads about it, and an administrator', async () => {
    const { user, info, path } = await grant();
    expect((await user.get(`${path}/metadata`)).body).toEqual(info);
    expect((await server.admin.get(`${path}/metadata`)).body).toEqual(info);
  });

  test('testGetTokenMetadataWithUserInfo_NotFound: there is nothing to read about an unknown one', async () => {
    expect(await owner.get(`${auditPath}/tokens/999999/metadata`)).toEqual(refusal(404, missing));
  });

  test('testGetTokenMetadataWithUserInfo_Unauthorized: others do not read about it', async () => {
    const { path } = await grant();
    expect(await stranger.session.get(`${path}/metadata`)).toEqual(
      refusal(403, 'You do not have permission to view this token metadata'),
    );
  });

  const clientMetadata = (id: string) => `/auth/v1/oauth2/token/${id}/metadata`;

  test('testGetTokenMetadataWithClientId: its client reads about it', async () => {
    const { info } = await grant();
    const answer = await asOther(client.login, clientMetadata(info.tokenId ?? ''));
    expect(answer.body).toEqual(info);
  });

  test('testGetTokenMetadataWithClientId_NotFound: a client finds no unknown one', async () => {
    expect(await asOther(client.login, clientMetadata('999999'))).toEqual(refusal(404, missing));
  });

  test('testGetTokenMetadataWithClientId_Unauthorized: another client does not read about it', async () => {
    const { info } = await grant();
    const other = await readyClient(server, owner);
    expect(await asOther(other.login, clientMetadata(info.tokenId ?? ''))).toEqual(
      refusal(403, 'You do not have permission to view this token metadata'),
    );
  });

  test('testGetClientHistory: users see the public properties of their clients, and the first and last use', async () => {
    const { user, info } = await grant();
    ahead = 1000;
    await tokensOf(server, user, { client, scope });
    const granted = (await user.get(`${auditPath}/grantedClients`))
      .body as M.OAuthClientAuthorizationHistoryList;
    const [newest] = await activeTokens(user);
    expect(granted).toEqual({
      results: [
        {
          client: {
            client_id: client.id,
            client_name: expect.any(String),
            verified: true,
          },
          authorizedOn: info.authorizedOn,
          lastUsed: newest?.lastUsed,
        },
      ],
    });
    expect(newest?.lastUsed).not.toBe(info.lastUsed);
  });

  test('testGetActiveRefreshTokensMetadata: expired tokens are not listed', async () => {
    const account = await newAccount(server);
    await tokensOf(server, account.session, { client, scope });
    expect(await activeTokens(account.session)).toHaveLength(1);
    ahead = 181 * day;
    const login = (await logIn(server, account)).body as M.LoginResponse;
    expect(await activeTokens(server.session(login.accessToken))).toEqual([]);
  });

  test('testRevokeTokensForUserClientPair: a user revokes all of a client, of no other client', async () => {
    const { user, tokens } = await grant();
    const other = await readyClient(server, owner);
    const kept = await tokensOf(server, user, { client: other, scope });
    const path = `${auditPath}/grantedClients/${client.id}/revoke`;
    expect(await user.post(path, undefined)).toMatchObject({ status: 204 });
    expect(await activeTokens(user)).toEqual([]);
    expect(await server.session(tokens.access_token).get(userInfoPath)).toMatchObject({
      status: 401,
    });
    expect(await server.session(kept.access_token).get(userInfoPath)).toMatchObject({
      status: 200,
    });
  });

  test('testRevokeTokenAsUser: a user revokes one', async () => {
    const { user, path } = await grant();
    expect(await user.post(`${path}/revoke`, undefined)).toMatchObject({ status: 204 });
    expect(await activeTokens(user)).toEqual([]);
  });

  test('testRevokeTokenAsUser_NotFound: no unknown one is revoked', async () => {
    expect(await owner.post(`${auditPath}/tokens/999999/revoke`, undefined)).toMatchObject({
      status: 404,
    });
  });

  test('testRevokeTokenAsUser_Unauthorized: nobody else revokes it', async () => {
    const { user, path, info } = await grant();
    expect(await stranger.session.post(`${path}/revoke`, undefined)).toEqual(
      refusal(403, 'The specified token is owned by a different user and cannot be revoked'),
    );
    expect(await activeTokens(user)).toEqual([info]);
  });

  const revocation = (token: string, token_type_hint: string) => ({ token, token_type_hint });
  const revokePath = '/auth/v1/oauth2/revoke';

  test.each([
    ['testRevokeTokenAsClient: its client revokes it with the token itself'],
    ['testGetTokenMetadataWithToken: its client revokes it with the token itself'],
  ])('%s', async () => {
    const { user, tokens } = await grant();
    const body = revocation(tokens.refresh_token, 'refresh_token');
    expect(await asOther(client.login, revokePath, body)).toMatchObject({ status: 204 });
    expect(await activeTokens(user)).toEqual([]);
  });

  test.each([
    ['testRevokeTokenAsClient_NotFound: a client revokes no unknown one'],
    ['testGetTokenMetadataWithToken_NotFound: a client revokes no unknown one'],
  ])('%s', async () => {
    expect(await asOther(client.login, revokePath, revocation('unknown', 'refresh_token'))).toEqual(
      refusal(404, 'The refresh token does not exist.'),
    );
  });

  test('testGetTokenMetadataWithToken_Unauthorized: another client does not revoke it with the token', async () => {
    const { user, tokens, info } = await grant();
    const other = await readyClient(server, owner);
    const body = revocation(tokens.refresh_token, 'refresh_token');
    expect(await asOther(other.login, revokePath, body)).toEqual(
      refusal(403, 'You do not have permission to view this token metadata'),
    );
    expect(await activeTokens(user)).toEqual([info]);
  });

  test('testRevokeTokenAsClient_Unauthorized: another client does not revoke it with its access token', async () => {
    const { user, tokens, info } = await grant();
    const other = await readyClient(server, owner);
    const body = revocation(tokens.access_token, 'access_token');
    expect(await asOther(other.login, revokePath, body)).toEqual(
      refusal(403, 'The specified token could not be revoked. It is owned by a different client.'),
    );
    expect(await activeTokens(user)).toEqual([info]);
  });

  test('testUpdateToken: its user renames it, and changes nothing else', async () => {
    const { user, path, info } = await grant();
    const sent = { ...info, name: 'new name', scopes: ['view'], clientId: '1' };
    const answer = await user.put(`${path}/metadata`, sent);
    expect(answer).toMatchObject({
      status: 200,
      body: { name: 'new name', scopes: info.scopes, clientId: client.id },
    });
    expect((answer.body as M.OAuthRefreshTokenInformation).etag).not.toBe(info.etag);
  });

  test.each([
    [{ tokenId: null }, 'Conflicting token IDs in path and body'],
    [{ name: null }, 'name is required.'],
    [{ etag: null }, 'etag is required.'],
  ])('testUpdateToken_RequiredArguments: %j is refused', async (fields, reason) => {
    const { user, path, info } = await grant();
    expect(await user.put(`${path}/metadata`, { ...info, ...fields })).toEqual(
      refusal(400, reason),
    );
  });

  test('testUpdateToken_Unauthorized: nobody else renames it', async () => {
    const { path, info } = await grant();
    expect(await stranger.session.put(`${path}/metadata`, { ...info, name: 'x' })).toEqual(
      refusal(
        403,
        'You are not authorized to update this token because it belongs to a different user.',
      ),
    );
  });

  test('testUpdateToken_MismatchEtag: a stale etag is refused', async () => {
    const { user, path, info } = await grant();
    expect(await user.put(`${path}/metadata`, { ...info, name: 'x', etag: 'stale' })).toEqual(
      refusal(
        412,
        'The refresh token metadata was updated since you last fetched it. Retrieve it again and reapply the update.',
      ),
    );
    expect((await user.get(`${path}/metadata`)).body).toEqual(info);
  });

  test('testRevokeTokensForUserClientPair: of a deleted client nothing is left', async () => {
    const { session: user } = await newAccount(server);
    const other = await readyClient(server, owner);
    await tokensOf(server, user, { client: other, scope });
    expect(await owner.delete(`${clientPath}/${other.id}`)).toMatchObject({ status: 200 });
    expect(await activeTokens(user, other.id)).toEqual([]);
    expect((await user.get(`${auditPath}/grantedClients`)).body).toMatchObject({ results: [] });
  });
});
