import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
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
const digest = 'sha256:8900ee859c6808c9f83ce51bf44b508df63d1f2e8a839ca230471f1bac90ee19';

let projectId: string;
beforeEach(async () => {
  projectId = (await server.alice.create('project', {})).id;
});

const aliceHeader = (): string => basicHeader('alice', server.synapse.users.alice.authToken);

/** Sends an event of the registry, which is always told that it was received. */
async function send(events: M.DockerRegistryEventList): Promise<void> {
  expect(await sendEvents(server, events, registryHeader)).toMatchObject({ status: 204 });
}

const push = (fields: object = {}, repository = `${projectId}/reponame`): Promise<void> =>
  send(pushEvent(server.userId('alice'), repository, { tag: 'v1', digest, ...fields }));

async function externalRepository(): Promise<string> {
  const fields = { parentId: projectId, repositoryName: 'uname/reponame' };
  return (await server.alice.create('dockerrepo', fields)).id;
}

const idOf = (name: string) =>
  server.alice.get(`/entity/dockerRepo/id?repositoryName=${encodeURIComponent(name)}`);

describe('DockerManagerImplUnitTest', () => {
  test('testAuthorizeDockerAccessNullService: the service must be named', async () => {
    const { endpoint } = server.synapse;
    expect((await fetch(`${endpoint}/docker/v1/bearerToken`)).status).toBe(400);
  });

  test('testAuthorizeDockerAccess: who may create in a project may push and pull there', async () => {
    const scopes = [`repository:${projectId}/reponame:push,pull`];
    const answer = await askToken(server, { scopes, authorization: aliceHeader() });
    expect(accessOf(answer)).toEqual([
      { type: 'repository', name: `${projectId}/reponame`, actions: ['pull', 'push'] },
    ]);
    const bob = basicHeader('bob', server.synapse.users.bob.authToken);
    const others = await askToken(server, { scopes, authorization: bob });
    expect(accessOf(others)).toMatchObject([{ actions: [] }]);
    expect(accessOf(await askToken(server, { scopes }))).toMatchObject([{ actions: [] }]);
  });

  test('testAuthorizeDockerListCatalog: only administrators may list the catalog', async () => {
    const scopes = ['registry:catalog:*'];
    const user = await askToken(server, { scopes, authorization: aliceHeader() });
    expect(accessOf(user)).toEqual([{ type: 'registry', name: 'catalog', actions: [] }]);
    const authorization = basicHeader('admin', server.synapse.users.admin.authToken);
    const admin = await askToken(server, { scopes, authorization });
    expect(accessOf(admin)).toEqual([{ type: 'registry', name: 'catalog', actions: ['*'] }]);
  });

  test('testDockerLogin: a login without a scope gives a token that allows nothing', async () => {
    expect(accessOf(await askToken(server, { authorization: aliceHeader() }))).toEqual([]);
  });

  test('testDockerRegistryNotificationPushNEWEntity: the first push makes a managed repository', async () => {
    await push();
    const [id = ''] = await repositoriesOf(server, projectId);
    expect(await server.alice.read(id)).toMatchObject({
      parentId: projectId,
      isManaged: true,
      repositoryName: `${registryHost}/${projectId}/reponame`,
      createdBy: String(server.userId('alice')),
    });
    expect(await tagsOf(server, id)).toMatchObject([{ tag: 'v1', digest }]);
  });

  test('testDockerRegistryNotificationPushExistingEntity: another push adds a commit', async () => {
    await push();
    await push({ tag: 'v2' });
    const repositories = await repositoriesOf(server, projectId);
    expect(repositories).toHaveLength(1);
    expect(await tagsOf(server, repositories[0] ?? '')).toMatchObject([
      { tag: 'v2' },
      { tag: 'v1' },
    ]);
  });

  test('testDockerRegistryNotificationPushUnsupportedHost: a push to another registry has no effect', async () => {
    await push({ host: 'quay.io' });
    expect(await repositoriesOf(server, projectId)).toEqual([]);
  });

  test('testDockerRegistryNotificationPushNotManifestMediaType: the push of a layer has no effect', async () => {
    await push({ mediaType: 'application/octet-stream' });
    expect(await repositoriesOf(server, projectId)).toEqual([]);
  });

  test('testDockerRegistryNotificationPushNEWEntityParentIsFolder: a push to a folder has no effect', async () => {
    const folder = await server.alice.create('folder', { parentId: projectId, name: 'folder' });
    await push({}, `${folder.id}/reponame`);
    expect(await repositoriesOf(server, folder.id)).toEqual([]);
  });

  test('testDockerRegistryNotificationPull: a pull has no effect', async () => {
    await push({ action: 'pull' });
    expect(await repositoriesOf(server, projectId)).toEqual([]);
  });

  test('testDockerRegistryNotificationMount: a mount has no effect', async () => {
    await push({ action: 'mount' });
    expect(await repositoriesOf(server, projectId)).toEqual([]);
  });

  test('testAddDockerCommitToUnmanagedRespository: a commit changes the repository', async () => {
    const { alice } = server;
    const id = await externalRepository();
    const before = await alice.read(id);
    const answer = await alice.post(`/entity/${id}/dockerCommit`, { tag: 'v1', digest });
    expect(answer).toMatchObject({ status: 204 });
    expect(await tagsOf(server, id)).toMatchObject([{ tag: 'v1', digest }]);
    expect((await alice.read(id)).etag).not.toBe(before.etag);
  });

  test('testAddDockerCommitToMANANGEDRespository: users do not add commits to a managed repository', async () => {
    await push();
    const [id = ''] = await repositoriesOf(server, projectId);
    expect(await server.alice.post(`/entity/${id}/dockerCommit`, { tag: 'v2', digest })).toEqual(
      refusal(
        400,
        'Commits for managed Docker repositories are created using the Docker client rather than the Synapse client.',
      ),
    );
    expect(await tagsOf(server, id)).toHaveLength(1);
  });

  test('testAddDockerCommitToUnmanagedRespositoryUNAUTHORIZED: who may not update a repository adds no commits', async () => {
    const id = await externalRepository();
    expect(
      await server.bob.post(`/entity/${id}/dockerCommit`, { tag: 'v1', digest }),
    ).toMatchObject({ status: 403 });
    expect(await tagsOf(server, id)).toEqual([]);
  });

  test('listDockerCommitsHappyCase: tags are listed in the order that is asked for', async () => {
    const { alice } = server;
    const id = await externalRepository();
    for (const tag of ['b', 'c', 'a']) {
      await alice.post(`/entity/${id}/dockerCommit`, { tag, digest });
    }
    const names = async (query: string): Promise<unknown> =>
      (await tagsOf(server, id, query)).map(({ tag }) => tag);
    expect(await names('?sort=CREATED_ON&ascending=true')).toEqual(['b', 'c', 'a']);
    expect(await names('?sort=TAG&ascending=true')).toEqual(['a', 'b', 'c']);
    expect(await names('?limit=1&offset=1')).toEqual(['c']);
  });

  test('listDockerCommitsUNAUTHORIZED: who may not read a repository lists no tags', async () => {
    const id = await externalRepository();
    expect(await server.bob.get(`/entity/${id}/dockerTag`)).toMatchObject({ status: 403 });
  });

  test('listDockerCommitsforNONrepo: other entities have no commits', async () => {
    expect(await server.alice.get(`/entity/${projectId}/dockerTag`)).toEqual(
      refusal(400, 'Only Docker reposiory entities have commits.'),
    );
  });

  test('testGetEntityIdForRepositoryName: a managed repository is found by its name', async () => {
    await push();
    const [id = ''] = await repositoriesOf(server, projectId);
    expect(await idOf(`${registryHost}/${projectId}/reponame`)).toMatchObject({
      status: 200,
      body: { id },
    });
  });

  test('testGetEntityIdForRepositoryNameAndNotFound: a name that nobody pushed to is not found', async () => {
    const name = `${registryHost}/syn98765/reponame`;
    expect(await idOf(name)).toEqual(
      refusal(404, `A repository named ${name} does not exist or it is not a managed repository.`),
    );
  });

  test('testGetEntityIdForRepositoryNameAndNotAuthorized: the id is told to those who may read', async () => {
    await push();
    const name = encodeURIComponent(`${registryHost}/${projectId}/reponame`);
    const answer = await server.bob.get(`/entity/dockerRepo/id?repositoryName=${name}`);
    expect(answer).toMatchObject({ status: 403 });
  });

  test('testGetEntityIdForRepositoryNameAndEmptyRepositoryName: an empty name is refused', async () => {
    expect(await idOf('')).toEqual(
      refusal(400, 'The repositoryName is required and must not be the empty string.'),
    );
  });
});
