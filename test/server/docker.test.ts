import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import {
  accessOf,
  askToken,
  pushEvent,
  registryHeader,
  repositoriesOf,
  sendEvents,
} from '../service/dockerRegistry.js';
import { refusal, withSessions, type Session, type Stored } from './entitySession.js';

const server = withSessions();
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
let project: Stored;
let repository: Stored;

beforeAll(async () => {
  project = await server.alice.create('project', { name: 'Containers' });
  repository = await server.alice.create('dockerrepo', {
    parentId: project.id,
    repositoryName: 'quay.io/someone/tool',
  });
});

function commit(session: Session, body: object, id = repository.id) {
  return session.post(`/entity/${id}/dockerCommit`, body);
}

async function tags(query = '', id = repository.id): Promise<string[]> {
  const answer = await server.alice.get(`/entity/${id}/dockerTag${query}`);
  expect(answer.status).toBe(200);
  const { results } = answer.body as { results: M.DockerCommit[] };
  return results.map(({ tag, digest: one }) => `${tag ?? ''} ${one?.at(-1) ?? ''}`);
}

describe('the tags of a repository', () => {
  test('point to their latest commit', async () => {
    const { alice } = server;
    for (const [tag, letter] of [
      ['latest', 'a'],
      ['v1', 'a'],
      ['latest', 'b'],
    ] as const) {
      expect(await commit(alice, { tag, digest: digest(letter) })).toMatchObject({
        status: 204,
        body: '',
      });
    }
    expect(await tags()).toEqual(['latest b', 'v1 a']);
    expect(await tags('?ascending=true')).toEqual(['v1 a', 'latest b']);
    expect(await tags('?sort=TAG&ascending=false')).toEqual(['v1 a', 'latest b']);
    expect(await tags('?limit=1&offset=1')).toEqual(['v1 a']);
  });

  test.each([
    [{ tag: 'latest' }],
    [{ tag: 'x'.repeat(129), digest: digest('a') }],
    [{ tag: 'latest', digest: 'x'.repeat(201) }],
  ])('are not made of %j', async (body) => {
    const before = await tags();
    expect(await commit(server.alice, body)).toEqual(refusal(400, expect.any(String)));
    expect(await tags()).toEqual(before);
  });

  test('do not list a commit without a tag', async () => {
    const before = await tags();
    expect(await commit(server.alice, { digest: digest('f') })).toMatchObject({ status: 204 });
    expect(await tags()).toEqual(before);
  });

  test('change the repository', async () => {
    const before = await server.alice.read(repository.id);
    await commit(server.alice, { tag: 'later', digest: digest('a') });
    const after = await server.alice.read(repository.id);
    expect(after.etag).not.toBe(before.etag);
    expect(after.modifiedBy).toBe(String(server.userId('alice')));
  });

  test('are kept on repositories alone', async () => {
    const { alice, bob } = server;
    const body = { tag: 'x', digest: digest('a') };
    expect(await commit(bob, body)).toMatchObject({ status: 403 });
    expect(await bob.get(`/entity/${repository.id}/dockerTag`)).toMatchObject({ status: 403 });
    expect(await commit(alice, body, project.id)).toMatchObject({ status: 400 });
    expect(await alice.get(`/entity/${project.id}/dockerTag`)).toMatchObject({ status: 400 });
    expect(await alice.get(`/entity/${repository.id}/dockerTag?sort=SIZE`)).toMatchObject({
      status: 400,
    });
  });
});

describe('the managed registry', () => {
  test('keeps the commits of what is pushed', async () => {
    const { alice } = server;
    const push = (letter: string, tag: string) =>
      pushEvent(server.userId('alice'), `${project.id}/tool`, { tag, digest: digest(letter) });
    expect(await sendEvents(server, push('c', 'v1'), registryHeader)).toMatchObject({
      status: 204,
    });
    expect(await sendEvents(server, push('d', 'v2'), registryHeader)).toMatchObject({
      status: 204,
    });
    const managed = (await repositoriesOf(server, project.id)).find((id) => id !== repository.id);
    expect(await alice.read(managed ?? '')).toMatchObject({
      repositoryName: `docker.synapse.org/${project.id}/tool`,
      isManaged: true,
      createdBy: String(server.userId('alice')),
    });
    expect(await tags('', managed)).toEqual(['v2 d', 'v1 c']);
    expect(await commit(alice, { tag: 'v3', digest: digest('e') }, managed)).toMatchObject({
      status: 400,
    });
    expect(await sendEvents(server, { events: [{ action: 'push' }] })).toMatchObject({
      status: 401,
    });
    expect(await tags('', managed)).toEqual(['v2 d', 'v1 c']);
  });

  test('does nothing of a list with an event that fails', async () => {
    const { alice } = server;
    const { id } = await alice.create('project', {});
    const good = pushEvent(server.userId('alice'), `${id}/good`).events ?? [];
    const bad = pushEvent(server.userId('bob'), `${id}/bad`).events ?? [];
    await sendEvents(server, { events: [...good, ...bad] }, registryHeader);
    expect(await repositoriesOf(server, id)).toEqual([]);
  });

  test('gets a token of the right shape', async () => {
    const answer = await askToken(server, {});
    expect(answer).toMatchObject({
      status: 200,
      body: { token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) },
    });
    expect(accessOf(answer)).toEqual([]);
    const path = `${server.synapse.endpoint}/docker/v1/bearerToken`;
    expect((await fetch(path)).status).toBe(400);
  });
});
