import { randomUUID } from 'node:crypto';

import { beforeEach, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import {
  accessOf,
  askToken,
  basicHeader,
  pushEvent,
  registryHeader,
  registryHost,
  repositoriesOf,
  sendEvents,
  tagsOf,
} from './dockerRegistry.js';

const server = withSessions();
let projectId: string;
beforeEach(async () => {
  projectId = (await server.alice.create('project', {})).id;
});

const scopes = (): string[] => [`repository:${projectId}/reponame:push,pull`];

describe('ITDocker', () => {
  test('testDockerClientAuthorization: a user name and a password give a token', async () => {
    const name = 'docker-user';
    const password = 'a password for docker';
    await server.synapse.createUser({ username: name, password });
    const answer = await askToken(server, {
      scopes: scopes(),
      authorization: basicHeader(name, password),
    });
    expect(answer).toMatchObject({ status: 200, body: { token: expect.any(String) } });
  });

  test('testDockerClientAuthorizationWithAccessToken: an access token is taken as the password', async () => {
    const answer = await askToken(server, {
      scopes: scopes(),
      authorization: basicHeader('alice', server.synapse.users.alice.authToken),
    });
    expect(answer).toMatchObject({ status: 200 });
    expect(accessOf(answer)).toEqual([
      { type: 'repository', name: `${projectId}/reponame`, actions: ['pull', 'push'] },
    ]);
  });

  test('testUnmanagedRepository: any text is a digest, and a tag has its latest commit', async () => {
    const { alice } = server;
    const { id } = await alice.create('dockerrepo', {
      parentId: projectId,
      repositoryName: 'uname/reponame',
    });
    const digests = [randomUUID(), randomUUID()];
    for (const digest of digests) {
      const answer = await alice.post(`/entity/${id}/dockerCommit`, { tag: 'tag', digest });
      expect(answer).toMatchObject({ status: 204 });
    }
    const tags = await tagsOf(server, id, '?limit=10&offset=0&sort=TAG&ascending=true');
    expect(tags).toEqual([{ tag: 'tag', digest: digests[1], createdOn: expect.any(String) }]);
    expect(await tagsOf(server, id)).toEqual(tags);
  });

  test('testSendRegistryEvents: a push of the registry makes a repository that is found by its name', async () => {
    const repository = `${projectId}/reponame`;
    const digest = randomUUID();
    const event = pushEvent(server.userId('alice'), repository, { digest });
    expect(await sendEvents(server, event, registryHeader)).toMatchObject({ status: 204 });
    const [id = ''] = await repositoriesOf(server, projectId);
    const name = encodeURIComponent(`${registryHost}/${repository}`);
    expect(await server.alice.get(`/entity/dockerRepo/id?repositoryName=${name}`)).toMatchObject({
      status: 200,
      body: { id },
    });
    expect(await tagsOf(server, id)).toMatchObject([{ tag: 'latest', digest }]);
  });

  test('testSendRegistryEvents: administrators may send events with their own credentials', async () => {
    const event = pushEvent(server.userId('alice'), `${projectId}/reponame`);
    const authorization = basicHeader('admin', server.synapse.users.admin.authToken);
    expect(await sendEvents(server, event, authorization)).toMatchObject({ status: 204 });
    expect(await repositoriesOf(server, projectId)).toHaveLength(1);
  });

  test('testSendRegistryEventsWrongCredentials: other credentials are refused, and nothing is made', async () => {
    const event = pushEvent(server.userId('alice'), `${projectId}/reponame`);
    for (const authorization of [
      basicHeader('wrong user name', 'wrong password'),
      basicHeader('bob', server.synapse.users.bob.authToken),
    ]) {
      expect(await sendEvents(server, event, authorization)).toMatchObject({
        status: 401,
        body: { reason: 'Invalid credentials.' },
      });
    }
    expect(await repositoriesOf(server, projectId)).toEqual([]);
  });

  test('testSendRegistryEventsInvalidEncodedCredentials: credentials that are not Base64 are refused', async () => {
    const authorization = `${basicHeader('wrong user name', 'wrong password')}_wrong`;
    expect(await sendEvents(server, { events: [] }, authorization)).toMatchObject({ status: 401 });
  });
});
