import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Session, type Stored } from './entitySession.js';

const server = withSessions();
let first: Stored;
let second: Stored;

beforeAll(async () => {
  first = await server.alice.create('project', { name: 'Beta' });
  second = await server.alice.create('project', { name: 'alpha' });
});

async function names(session: Session, path: string): Promise<(string | undefined)[]> {
  const answer = await session.get(path);
  expect(answer.status).toBe(200);
  return (answer.body as { results: { name?: string }[] }).results.map(({ name }) => name);
}

function share(project: Stored, entries: [number, M.ACCESS_TYPE[]][]): object {
  const all: [number, M.ACCESS_TYPE[]][] = [
    [server.userId('alice'), ['READ', 'UPDATE', 'DELETE', 'CREATE', 'CHANGE_PERMISSIONS']],
    ...entries,
  ];
  const resourceAccess = all.map(([principalId, accessType]) => ({ principalId, accessType }));
  return { id: project.id, resourceAccess };
}

describe('favourites', () => {
  test('are listed once each in the order asked for', async () => {
    const { alice, bob } = server;
    const header = await alice.post(`/favorite/${first.id.slice(3)}`, undefined);
    expect(header).toMatchObject({
      status: 201,
      body: { id: first.id, name: 'Beta', type: 'org.sagebionetworks.repo.model.Project' },
    });
    const folder = await alice.create('folder', { name: 'inside', parentId: first.id });
    for (const { id } of [second, first, folder]) {
      expect(await alice.post(`/favorite/${id}`, undefined)).toMatchObject({ status: 201 });
    }
    expect(await names(alice, '/favorite?sort=NAME&sortDirection=ASC')).toEqual([
      'alpha',
      'Beta',
      'inside',
    ]);
    expect(await names(alice, '/favorite?sortDirection=ASC')).toEqual(['Beta', 'alpha', 'inside']);
    expect(await names(alice, '/favorite')).toEqual(['inside', 'alpha', 'Beta']);
    expect(await alice.get('/favorite?limit=1&offset=1')).toMatchObject({
      body: { results: [{ name: 'alpha' }], totalNumberOfResults: 3 },
    });
    expect(await names(bob, '/favorite')).toEqual([]);
    expect(await alice.delete(`/favorite/${second.id}`)).toMatchObject({ status: 204, body: '' });
    expect(await alice.delete(`/favorite/${second.id}`)).toMatchObject({ status: 204 });
    expect(await alice.delete(`/entity/${folder.id}`)).toMatchObject({ status: 204 });
    expect(await names(alice, '/favorite')).toEqual(['Beta']);
    expect(await alice.put(`/trashcan/restore/${folder.id}`)).toMatchObject({ status: 200 });
    expect(await names(alice, '/favorite')).toEqual(['inside', 'Beta']);
    expect(await alice.delete(`/entity/${folder.id}?skipTrashCan=true`)).toMatchObject({
      status: 204,
    });
    expect(await names(alice, '/favorite')).toEqual(['Beta']);
  });

  test('are refused for what the user cannot read', async () => {
    const { alice, bob, anonymous } = server;
    expect(await bob.post(`/favorite/${first.id}`, undefined)).toMatchObject({ status: 403 });
    expect(await alice.post('/favorite/syn999', undefined)).toEqual(
      refusal(404, "Resource: 'syn999' does not exist"),
    );
    expect(await alice.post('/favorite/banana', undefined)).toMatchObject({ status: 400 });
    expect(await anonymous.post(`/favorite/${first.id}`, undefined)).toMatchObject({ status: 403 });
    expect(await anonymous.get('/favorite')).toMatchObject({ status: 403 });
    expect(await anonymous.delete(`/favorite/${first.id}`)).toMatchObject({ status: 403 });
    expect(await alice.get('/favorite?limit=-1')).toMatchObject({ status: 400 });
    expect(await alice.get('/favorite?limit=201')).toMatchObject({ status: 200 });
    expect(await alice.get('/favorite?sort=COLOUR')).toMatchObject({ status: 400 });
    expect(await names(bob, '/favorite')).toEqual([]);
  });
});

describe('lists of projects', () => {
  test('hold only projects that were made by the user or shared with them', async () => {
    const { alice, bob, carol } = server;
    const acl = share(first, [
      [server.userId('bob'), ['READ']],
      [273949, ['READ']],
    ]);
    const current = (await alice.get(`/entity/${first.id}/acl`)).body as object;
    expect((await alice.put(`/entity/${first.id}/acl`, { ...current, ...acl })).status).toBe(200);
    expect(await names(alice, '/projects?sort=PROJECT_NAME&sortDirection=ASC')).toEqual([
      'alpha',
      'Beta',
    ]);
    expect(await names(alice, '/projects?filter=CREATED&sort=PROJECT_NAME')).toEqual([
      'Beta',
      'alpha',
    ]);
    expect(await names(alice, '/projects?filter=PARTICIPATED')).toEqual([]);
    expect(await names(bob, '/projects?filter=PARTICIPATED')).toEqual(['Beta']);
    expect(await names(bob, '/projects?filter=TEAM')).toEqual([]);
    expect(await names(carol, '/projects')).toEqual([]);
    // Of another user only what the caller may read.
    expect(await names(carol, `/projects/user/${server.userId('alice')}`)).toEqual(['Beta']);
    await alice.update(await alice.read(first.id), { description: 'touched' });
    const answer = await alice.get('/projects');
    expect(answer.body).toMatchObject({
      results: [
        {
          id: first.id,
          name: 'Beta',
          lastActivity: expect.any(String),
          modifiedOn: expect.any(String),
          modifiedBy: server.userId('alice'),
        },
        { id: second.id },
      ],
    });
  });

  test('come in pages', async () => {
    const { carol } = server;
    for (let number = 10; number < 62; number += 1) {
      await carol.create('project', { name: `project ${number}` });
    }
    const path = '/projects?sort=PROJECT_NAME&sortDirection=ASC';
    const page = (await carol.get(path)).body as M.ProjectHeaderList;
    expect(page.results).toHaveLength(50);
    expect(page.nextPageToken).toBe('50a50');
    const rest = (await carol.get(`${path}&nextPageToken=50a50`)).body as M.ProjectHeaderList;
    expect(rest.results.map(({ name }) => name)).toEqual(['project 60', 'project 61']);
    expect(rest).not.toHaveProperty('nextPageToken');
  });

  test('are refused for callers without the right', async () => {
    const { alice, anonymous } = server;
    expect(await anonymous.get('/projects')).toMatchObject({ status: 403 });
    for (const path of [
      '/projects?filter=SOME',
      '/projects?nextPageToken=x',
      '/projects?filter=CREATED&teamId=2',
      '/projects?filter=TEAM&teamId=999',
      '/projects/user/999',
      '/projects/user/273948',
      '/projects/user/alice',
    ]) {
      expect([path, (await alice.get(path)).status]).toEqual([path, 400]);
    }
  });

  test('are also served by type, with a limit and an offset', async () => {
    const { admin, bob, anonymous } = server;
    const team = (await bob.post('/team', { name: 'Listed' })).body as { id: string };
    const ids: string[] = [];
    for (const name of ['one', 'two', 'three']) {
      ids.push((await admin.create('project', { name })).id);
    }
    const [one = ''] = ids;
    const current = (await admin.get(`/entity/${one}/acl`)).body as M.AccessControlList;
    current.resourceAccess?.push({ principalId: Number(team.id), accessType: ['READ'] });
    expect(await admin.put(`/entity/${one}/acl`, current)).toMatchObject({ status: 200 });
    const sorted = 'sort=PROJECT_NAME&sortDirection=ASC';
    expect(await names(admin, `/projects/MY_PROJECTS?${sorted}`)).toEqual(['one', 'three', 'two']);
    expect(await names(admin, `/projects/MY_CREATED_PROJECTS?${sorted}&limit=1&offset=1`)).toEqual([
      'three',
    ]);
    expect(await names(admin, '/projects/MY_PARTICIPATED_PROJECTS')).toEqual([]);
    expect(await names(bob, '/projects/MY_TEAM_PROJECTS')).toEqual(['one']);
    expect(await names(bob, `/projects/TEAM_PROJECTS/team/${team.id}`)).toEqual(['one']);
    const others = `/projects/OTHER_USER_PROJECTS/user/${server.userId('admin')}`;
    expect(await names(bob, others)).toEqual(['one']);
    expect(await bob.get('/projects/PROJECTS_OF_A_KIND')).toMatchObject({ status: 400 });
    expect(await anonymous.get('/projects/MY_PROJECTS')).toMatchObject({ status: 403 });
  });
});
