import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { api } from '../helpers/api.js';
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
    [{ digest: digest('a') }],
    [{ tag: 'not a tag', digest: digest('a') }],
    [{ tag: 'latest', digest: 'abc' }],
  ])('are not made of %j', async (body) => {
    const before = await tags();
    expect(await commit(server.alice, body)).toEqual(refusal(400, expect.any(String)));
    expect(await tags()).toEqual(before);
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
  const events = '/dockerRegistryListener/v1/events';

  test('makes repositories of what is pushed', async () => {
    const { alice } = server;
    const push = (tag: string, letter: string) => ({
      events: [
        {
          action: 'push',
          target: { repository: `${project.id}/tool`, tag, digest: digest(letter) },
          actor: { name: 'alice' },
        },
        { action: 'pull', target: {} },
      ],
    });
    expect(await raw('admin', events, push('v1', 'c'))).toBe(204);
    expect(await raw('admin', events, push('v2', 'd'))).toBe(204);
    const children = await alice.post('/entity/children', {
      parentId: project.id,
      includeTypes: ['dockerrepo'],
    });
    const page = (children.body as { page: M.EntityHeader[] }).page;
    const managed = page.find(({ id }) => id !== repository.id)?.id ?? '';
    expect(page).toHaveLength(2);
    expect(await alice.read(managed)).toMatchObject({
      repositoryName: `docker.synapse.org/${project.id}/tool`,
      isManaged: true,
      createdBy: String(server.userId('alice')),
    });
    expect(await tags('', managed)).toEqual(['v2 d', 'v1 c']);
    expect(await commit(alice, { tag: 'v3', digest: digest('e') }, managed)).toMatchObject({
      status: 400,
    });
    expect(await raw('bob', events, push('v3', 'e'))).toBe(403);
    const nowhere = { events: [{ action: 'push', target: { repository: 'syn99/x' } }] };
    expect(await raw('admin', events, nowhere)).toBe(404);
    expect(await raw('admin', events, { events: [{ action: 'push' }] })).toBe(400);
    expect(await tags('', managed)).toEqual(['v2 d', 'v1 c']);
  });

  test('gets a token of the right shape', async () => {
    const path = '/docker/v1/bearerToken';
    const response = await fetch(`${server.synapse.endpoint}${path}?service=docker.synapse.org`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    });
    expect((await fetch(`${server.synapse.endpoint}${path}`)).status).toBe(400);
  });
});

/** The registry's side is outside of `/repo/v1`. */
async function raw(user: 'admin' | 'bob', path: string, body: object): Promise<number> {
  const { authToken } = server.synapse.users[user];
  return (await api(server.synapse, authToken).post(path, body)).status;
}
