import { beforeAll, describe, expect, test } from '@jest/globals';

import { refusal, withSessions } from '../server/entitySession.js';
import { loggedIn } from './accounts.js';
import { asClient, readyClient, type ReadyClient } from './oauthFlow.js';

const server = withSessions();
let client: ReadyClient;

beforeAll(async () => {
  client = await readyClient(server, await loggedIn(server, 'alice'));
});

/** Revokes an unknown token with a header `Authorization`. */
function revoke(login: string) {
  return asClient(server, login, {
    method: 'POST',
    path: '/auth/v1/oauth2/revoke',
    body: { token: 'unknown', token_type_hint: 'refresh_token' },
  });
}

describe('BasicAuthenticationFilterTest', () => {
  test('testDoFilterWithoutCredentials: credentials are required', async () => {
    expect(await revoke('')).toEqual(
      refusal(401, 'Missing required credentials in the authorization header.'),
    );
  });

  test('testDoFilterWithInvalidHeader: another scheme is refused', async () => {
    expect(await revoke('Invalid Header')).toEqual(
      refusal(
        401,
        'Invalid Authorization header for basic authentication (Missing "Basic " prefix)',
      ),
    );
  });

  test('testDoFilterWithInvalideEncodingHeader: another encoding is refused', async () => {
    expect(await revoke('Basic $%^')).toEqual(
      refusal(401, expect.stringContaining('Malformed Base64 encoding')),
    );
  });

  test('testDoFilterWithValidCredentials: valid credentials pass', async () => {
    expect(await revoke(client.login)).toEqual(refusal(404, 'The refresh token does not exist.'));
  });
});
