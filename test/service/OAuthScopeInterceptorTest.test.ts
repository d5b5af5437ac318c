import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Session } from '../server/entitySession.js';
import { loggedIn } from './accounts.js';

const server = withSessions();

async function withScopes(...scope: string[]): Promise<Session> {
  const owner = await loggedIn(server, 'alice');
  const made = await owner.post('/auth/v1/personalAccessToken', { scope });
  return server.session((made.body as M.AccessTokenGenerationResponse).token);
}

describe('OAuthScopeInterceptorTest', () => {
  test.each([
    ['testPrehandleAnonymous: the anonymous user needs no scope'],
    ['testPrehandleNoAccessToken: a request without a token needs no scope'],
    ['testIsAnonymous_missingId: a request without a user is anonymous'],
  ])('%s', async () => {
    expect(await server.anonymous.get('/userProfile')).toMatchObject({ status: 200 });
  });

  test('testIsAnonymous_anonymousId: a token of the anonymous user is anonymous', async () => {
    const { body } = await server.anonymous.get('/auth/v1/anonymousToken?realm=0');
    const session = server.session((body as M.AccessTokenResponse).accessToken);
    expect(await session.get('/userProfile')).toMatchObject({
      status: 200,
      body: { userName: 'anonymous' },
    });
  });

  test('testIsAnonymous_NOT_anonymous: a token of a user is not', async () => {
    expect(await server.alice.get('/userProfile')).toMatchObject({ body: { userName: 'alice' } });
  });

  test('testPrehandleHappyCase: a token with the scopes is served', async () => {
    expect(await (await withScopes('view', 'openid')).get('/userProfile')).toMatchObject({
      status: 200,
    });
  });

  test('testPrehandleInsufficentScope: the missing scopes are named in order', async () => {
    const session = await withScopes('openid');
    expect(await session.get('/userProfile')).toMatchObject({
      status: 403,
      body: {
        error: 'insufficient_scope',
        error_description: 'Request lacks scope(s) required by this service: view',
        reason: 'insufficient_scope. Request lacks scope(s) required by this service: view',
      },
    });
    expect(await session.post('/entity', {})).toEqual(
      refusal(
        403,
        'insufficient_scope. Request lacks scope(s) required by this service: modify, view',
      ),
    );
  });

  test('testPrehandleInvalidAccessToken: an invalid token is refused before its scopes are', async () => {
    expect(await server.session('invalid').get('/userProfile')).toEqual(
      refusal(401, 'Invalid access token'),
    );
  });

  test('testPrehandleNoUserIdORAccessTokenParameter: a login asks for no scope', async () => {
    const session = await withScopes('openid');
    const login = { username: 'alice', password: 'alice-password' };
    expect(await session.post('/auth/v1/login2', login)).toMatchObject({ status: 201 });
  });
});
