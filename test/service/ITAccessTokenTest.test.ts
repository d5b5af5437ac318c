import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { api } from '../helpers/api.js';
import { classes, refusal, withSessions, type Session } from '../server/entitySession.js';
import { logIn, loggedIn, newAccount } from './accounts.js';
import { readyClient, tokensOf, userInfoPath, type ReadyClient } from './oauthFlow.js';

const server = withSessions();
let owner: Session;
let client: ReadyClient;

beforeAll(async () => {
  owner = await loggedIn(server, 'alice');
  client = await readyClient(server, owner);
});

async function accessToken(scope: string): Promise<string> {
  const claims = { id_token: {}, userinfo: {} };
  return (await tokensOf(server, owner, { client, scope, claims })).access_token;
}

describe('ITAccessTokenTest', () => {
  test('testAccessToken: an access token lets a client act within its scopes', async () => {
    const byClient = server.session(await accessToken('openid modify view download'));
    const { id } = await byClient.create('project', { name: 'access token test' });
    expect(await byClient.get(`/entity/${id}`)).toMatchObject({ status: 200 });
    const withoutView = server.session(await accessToken('openid modify download'));
    expect(await withoutView.get(`/entity/${id}`)).toEqual(
      refusal(403, 'insufficient_scope. Request lacks scope(s) required by this service: view'),
    );
    expect(await server.anonymous.get(`/entity/${id}`)).toMatchObject({ status: 403 });
    expect(await server.anonymous.get('/version')).toMatchObject({ status: 200 });
  });

  test('testAccessTokenWithSpecificallyScopedController: openid alone is enough for the user information', async () => {
    const answer = await server.session(await accessToken('openid')).get(userInfoPath);
    expect(answer).toMatchObject({ status: 200, body: { sub: expect.any(String) } });
  });

  test('testAccessTokenWithSpecificallyScopedController: view alone is not', async () => {
    expect(await server.session(await accessToken('view')).get(userInfoPath)).toEqual(
      refusal(403, 'insufficient_scope. Request lacks scope(s) required by this service: openid'),
    );
  });

  test('testPassAccessTokenAsSessionToken: an access token is taken in the header sessionToken', async () => {
    const sessionToken = await accessToken('openid modify view download');
    const byClient = api(server.synapse, undefined, { sessionToken });
    const made = await byClient.post('/repo/v1/entity', {
      concreteType: classes.project,
      name: 'access token as session token test',
    });
    expect(made).toMatchObject({ status: 201 });
    const { id } = made.body as { id: string };
    expect(await byClient.get(`/repo/v1/entity/${id}`)).toMatchObject({ status: 200 });
  });

  test('testRevokeAccessToken: a session ends with its logout, the others go on', async () => {
    const account = await newAccount(server);
    const second = (await logIn(server, account)).body as M.LoginResponse;
    expect(second.accessToken).not.toBe(account.accessToken);
    const other = server.session(second.accessToken);
    expect(await other.delete('/auth/v1/sessionAccessToken')).toMatchObject({ status: 200 });
    expect(await other.get('/auth/v1/authenticatedOn')).toMatchObject({ status: 401 });
    expect(await account.session.get('/auth/v1/authenticatedOn')).toMatchObject({ status: 200 });
  });

  test('testRevokeAccessToken: only an administrator ends the sessions of another user', async () => {
    const { id, session } = await newAccount(server);
    const path = `/auth/v1/user/${id}/sessionAccessToken/all`;
    expect(await owner.delete(path)).toEqual(
      refusal(403, 'You are not authorized to perform this operation.'),
    );
    expect(await session.get('/auth/v1/authenticatedOn')).toMatchObject({ status: 200 });
    const admin = await loggedIn(server, 'admin');
    expect(await admin.delete(path)).toMatchObject({ status: 200 });
    expect(await session.get('/auth/v1/authenticatedOn')).toMatchObject({
      status: 401,
      body: {
        error: 'invalid_token',
        error_description: 'The access token has been revoked.',
        reason: 'invalid_token. The access token has been revoked.',
      },
    });
  });
});
