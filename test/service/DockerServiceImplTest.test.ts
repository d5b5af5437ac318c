import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { pushEvent, registryHeader, repositoriesOf, sendEvents } from './dockerRegistry.js';

const server = withSessions();

describe('DockerServiceImplTest', () => {
  test('testDockerRegistryNotification: a list of events is received', async () => {
    const { id } = await server.alice.create('project', {});
    const events = pushEvent(server.userId('alice'), `${id}/tool`);
    expect(await sendEvents(server, events, registryHeader)).toMatchObject({ status: 204 });
    expect(await repositoriesOf(server, id)).toHaveLength(1);
  });

  test.each([
    ['a project that does not exist', 'syn99/tool'],
    ['a path without a project', 'tool'],
  ])(
    'testDockerRegistryNotificationError: the registry is not told that %s is wrong',
    async (_what, repository) => {
      const events = pushEvent(server.userId('alice'), repository);
      expect(await sendEvents(server, events, registryHeader)).toMatchObject({ status: 204 });
      expect(server.synapse.internalErrors).toEqual([]);
    },
  );

  test('testGetEntityIdForRepositoryName: the repository is found by the registry and its path', async () => {
    const { id } = await server.alice.create('project', {});
    await sendEvents(server, pushEvent(server.userId('alice'), `${id}/tool`), registryHeader);
    const [repository] = await repositoriesOf(server, id);
    const name = encodeURIComponent(`docker.synapse.org/${id}/tool`);
    expect((await server.alice.get(`/entity/dockerRepo/id?repositoryName=${name}`)).body).toEqual({
      id: repository,
    });
  });
});
