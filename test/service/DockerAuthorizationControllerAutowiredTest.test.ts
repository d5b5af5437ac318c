import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { accessOf, askToken, basicHeader } from './dockerRegistry.js';

const server = withSessions();
const authorization = (): string => basicHeader('alice', server.synapse.users.alice.authToken);

describe('DockerAuthorizationControllerAutowiredTest', () => {
  test('testLogin: a login gives a token', async () => {
    expect(await askToken(server, { authorization: authorization() })).toMatchObject({
      status: 200,
      body: { token: expect.any(String) },
    });
  });

  test('testMultipleScopes: a token names what is allowed for each scope', async () => {
    const { id } = await server.alice.create('project', {});
    const scopes = [`repository:${id}/example:push,pull`, `repository:${id}/example2:push`];
    const answer = await askToken(server, { scopes, authorization: authorization() });
    expect((answer.body.token ?? '').split('.')).toHaveLength(3);
    expect(accessOf(answer)).toEqual([
      { type: 'repository', name: `${id}/example`, actions: ['pull', 'push'] },
      { type: 'repository', name: `${id}/example2`, actions: ['pull', 'push'] },
    ]);
  });
});
