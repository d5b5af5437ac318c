import { beforeAll, describe, expect, test } from '@jest/globals';

import { api, type Answer } from '../helpers/api.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { loggedIn } from './accounts.js';
import { readyClient, tokenPath, type ReadyClient } from './oauthFlow.js';

const server = withSessions();
/** The answer to a client that has logged in. */
const loggedInAnswer = refusal(400, 'The token does not match an existing token.');
let client: ReadyClient;

beforeAll(async () => {
  client = await readyClient(server, await loggedIn(server, 'alice'));
});

interface Parts {
  readonly authorization?: string;
  readonly query?: Record<string, string>;
  readonly form?: Record<string, string>;
}

/** Asks for a token with credentials in the header, the query or a form. */
function ask({ authorization, query = {}, form }: Parts): Promise<Answer> {
  const all = { grant_type: 'refresh_token', refresh_token: 'unknown', ...query };
  return api(server.synapse).send('POST', `${tokenPath}?${new URLSearchParams(all).toString()}`, {
    headers: {
      ...(authorization !== undefined && { authorization }),
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(form && { body: new URLSearchParams(form).toString() }),
  });
}

describe('OAuthClientAuthFilterTest', () => {
  test('testFilter_validCredentials_client_secret_basic: a client logs in with the header', async () => {
    expect(await ask({ authorization: client.login })).toEqual(loggedInAnswer);
  });

  test('testFilter_validCredentials_client_secret_post: a client logs in with a form', async () => {
    const form = { client_id: client.id, client_secret: client.secret };
    expect(await ask({ form })).toEqual(loggedInAnswer);
  });

  test('testFilter_validCredentials_client_secret_post_query_params: a client does not log in with the query', async () => {
    const query = { client_id: client.id, client_secret: client.secret };
    expect(await ask({ query })).toEqual(
      refusal(401, 'Client credentials must not be passed as query parameters.'),
    );
  });

  test('testFilter_invalid_Credentials: a wrong secret is refused', async () => {
    const reason =
      'OAuth Client ID and secret must be passed via Basic Authentication. Credentials are missing or invalid.';
    const form = { client_id: client.id, client_secret: 'wrong' };
    const answer = await ask({ form });
    expect(answer).toEqual(refusal(401, reason));
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer realm="Synapse Repository Services"',
    );
  });

  test('testFilter_no_Credentials: a client without credentials is refused', async () => {
    expect(await ask({})).toEqual(
      refusal(401, 'Missing required credentials in the authorization header.'),
    );
  });
});
