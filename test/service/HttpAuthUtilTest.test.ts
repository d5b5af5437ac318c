import { beforeAll, describe, expect, test } from '@jest/globals';

import { api, type Answer } from '../helpers/api.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { loggedIn } from './accounts.js';
import { readyClient, tokenRequest, type ReadyClient } from './oauthFlow.js';

const server = withSessions();
const parameters = { grant_type: 'refresh_token', refresh_token: 'unknown' };
let client: ReadyClient;

beforeAll(async () => {
  client = await readyClient(server, await loggedIn(server, 'alice'));
});

/** Asks for a token with a header `Authorization`. */
function logIn(authorization: string | undefined): Promise<Answer> {
  return tokenRequest(server, authorization, parameters);
}

const missing = refusal(401, 'Missing required credentials in the authorization header.');
const malformed = (problem: string): unknown =>
  refusal(
    401,
    expect.stringContaining(`Invalid Authorization header for basic authentication (${problem}`),
  );

describe('HttpAuthUtilTest', () => {
  test('testGetBasicAuthenticationCredentialsWithNoHeader: a client without the header has no credentials', async () => {
    expect(await logIn(undefined)).toEqual(missing);
  });

  test('testGetBasicAuthenticationCredentialsWithEmptyHeader: nor with an empty one', async () => {
    expect(await logIn('')).toEqual(missing);
  });

  test('testGetBasicAuthenticationCredentialsWithWrongHeader: another scheme is refused', async () => {
    expect(await logIn('Bearer token')).toEqual(malformed('Missing "Basic " prefix'));
  });

  test('testGetBasicAuthenticationCredentialsWithoutColon: name and password are joined by a colon', async () => {
    const encoded = Buffer.from('some credentials').toString('base64');
    expect(await logIn(`Basic ${encoded}`)).toEqual(
      malformed('Decoded credentials should be colon separated'),
    );
  });

  test('testGetBasicAuthenticationCredentialsWithInvalidEncoding: they are encoded in Base64', async () => {
    expect(await logIn('Basic (*&^(*&^)')).toEqual(malformed('Malformed Base64 encoding'));
  });

  const accepted = refusal(400, 'The token does not match an existing token.');

  test('testGetBasicAuthenticationCredentialsWithCredentials: so they are taken', async () => {
    expect(await logIn(client.login)).toEqual(accepted);
  });

  test('testGetBasicAuthenticationCredentialsWithExtraSpace: spaces around them do not matter', async () => {
    expect(await logIn(client.login.replace('Basic ', 'Basic   '))).toEqual(accepted);
  });

  test.each([
    ['testGetBearerToken: a token follows the scheme Bearer'],
    ['testGetBearerTokenFromAuthorizationHeader: a token is taken from the header Authorization'],
  ])('%s', async () => {
    const { authToken } = server.synapse.users.alice;
    const path = '/repo/v1/userProfile';
    const profileWith = async (authorization: string) =>
      (await api(server.synapse).get(path, { headers: { authorization } })).body;
    expect(await profileWith(`Bearer ${authToken}`)).toMatchObject({ userName: 'alice' });
    expect(await profileWith(`Digest ${authToken}`)).toMatchObject({ userName: 'anonymous' });
  });

  const wrong = () => api(server.synapse, 'not-a-token').get('/repo/v1/userProfile');

  test('testRejectUnauthorized: a refused token is told which scheme to use', async () => {
    const answer = await wrong();
    expect(answer).toEqual(refusal(401, 'Invalid access token'));
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer realm="Synapse Repository Services"',
    );
  });

  test('testNoWwwAuthenticateOnReject_nonUnauthorized: a missing scope is not', async () => {
    const made = await (
      await loggedIn(server, 'alice')
    ).post('/auth/v1/personalAccessToken', { scope: ['openid'] });
    const { token } = made.body as { token: string };
    const answer = await api(server.synapse, token).get('/repo/v1/userProfile');
    expect(answer).toMatchObject({ status: 403 });
    expect(answer.headers.has('www-authenticate')).toBe(false);
  });

  test('testRejectWithStatus: a refusal is JSON with its reason', async () => {
    const answer = await wrong();
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(answer.body).toEqual({ reason: 'Invalid access token' });
  });
});
