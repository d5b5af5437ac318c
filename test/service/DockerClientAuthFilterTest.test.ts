import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { askToken, basicHeader, type DockerAnswer } from './dockerRegistry.js';

const server = withSessions();

function subjectOf({ body }: DockerAnswer): string {
  const [, claims = ''] = (body.token ?? '').split('.');
  return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string }).sub;
}

describe('DockerClientAuthFilterTest', () => {
  test('testDoFilterWithoutBasicAuth: a client without credentials is the anonymous user', async () => {
    expect(subjectOf(await askToken(server, {}))).toBe('273950');
  });

  test('testDoFilterWithWrongUsernameAndPassword: a wrong password is refused', async () => {
    await server.synapse.createUser({ username: 'pulling', password: 'the right password' });
    const authorization = basicHeader('pulling', 'a wrong password');
    expect(await askToken(server, { authorization })).toMatchObject({
      status: 401,
      body: { reason: 'Invalid credentials.' },
    });
  });

  test('testDoFilterWithNotFoundUsername: a user who does not exist is refused', async () => {
    const authorization = basicHeader('nobody-of-this-name', 'password');
    expect(await askToken(server, { authorization })).toMatchObject({
      status: 401,
      body: { reason: 'Invalid credentials.' },
    });
  });

  test('testDoFilterAuthenticateSuccess: a user name and a password name the user', async () => {
    const password = 'the right password';
    const { userId } = await server.synapse.createUser({ username: 'pushing', password });
    const authorization = basicHeader('pushing', password);
    expect(subjectOf(await askToken(server, { authorization }))).toBe(userId);
  });

  test('testDoFilterWithUsernameAndAccessToken: an access token names the user, whatever the name', async () => {
    const authorization = basicHeader('any name', server.synapse.users.alice.authToken);
    expect(subjectOf(await askToken(server, { authorization }))).toBe(
      String(server.userId('alice')),
    );
  });
});
