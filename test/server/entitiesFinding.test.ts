import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type * as M from '../../generated/models.js';
import {
  classes,
  md5s,
  refusal,
  withSessions,
  type Session,
  type Stored,
} from './entitySession.js';

fc.configureGlobal({ seed: 20_260_105 });

const server = withSessions();
let project: Stored;

beforeAll(async () => {
  project = await server.alice.create('project', { name: 'Finding' });
});

const allTypes = ['project', 'folder', 'file', 'link', 'table'];

async function children(session: Session, request: object): Promise<M.EntityChildrenResponse> {
  const answer = await session.post('/entity/children', { includeTypes: allTypes, ...request });
  expect(answer.status).toBe(200);
  return answer.body as M.EntityChildrenResponse;
}

/** The names on every page. */
async function allNames(session: Session, request: object): Promise<(string | undefined)[]> {
  const names: (string | undefined)[] = [];
  let nextPageToken: string | undefined;
  do {
    const page = await children(session, { ...request, nextPageToken });
    names.push(...page.page.map(({ name }) => name));
    nextPageToken = page.nextPageToken;
  } while (nextPageToken !== undefined);
  return names;
}

/** Gives an entity an ACL in which only Alice stands. */
async function hide(entity: Stored): Promise<void> {
  const accessType = ['READ', 'UPDATE', 'DELETE', 'CHANGE_PERMISSIONS', 'CREATE'];
  const body = {
    id: entity.id,
    resourceAccess: [{ principalId: server.userId('alice'), accessType }],
  };
  expect(await server.alice.post(`/entity/${entity.id}/acl`, body)).toMatchObject({ status: 201 });
}

/** Lets Bob read a project. */
async function shareWithBob(entity: Stored): Promise<void> {
  const { alice } = server;
  const acl = (await alice.get(`/entity/${entity.id}/acl`)).body as { resourceAccess: object[] };
  const resourceAccess = [
    ...acl.resourceAccess,
    { principalId: server.userId('bob'), accessType: ['READ'] },
  ];
  expect(await alice.put(`/entity/${entity.id}/acl`, { ...acl, resourceAccess })).toMatchObject({
    status: 200,
  });
}

describe('children', () => {
  test('keep their place in pages while others are made', async () => {
    const { alice } = server;
    const parent = await alice.create('folder', { parentId: project.id, name: 'Many' });
    const names = Array.from(
      { length: 103 },
      (_, index) => `n${String((index * 37) % 103).padStart(3, '0')}`,
    );
    for (const name of names) {
      await alice.create('folder', { parentId: parent.id, name });
    }
    const request = { parentId: parent.id };
    const first = await children(alice, request);
    expect(first.page).toHaveLength(50);
    expect(first.nextPageToken).toBe('50a50');
    expect(first).not.toHaveProperty('totalChildCount');
    const sorted = [...names].sort();
    expect(await allNames(alice, request)).toEqual(sorted);
    expect(await allNames(alice, { ...request, sortDirection: 'DESC' })).toEqual(
      [...sorted].reverse(),
    );
    expect(await allNames(alice, { ...request, sortBy: 'CREATED_ON' })).toHaveLength(103);
    await alice.create('folder', { parentId: parent.id, name: 'n050 and more' });
    expect((await allNames(alice, request)).indexOf('n050 and more')).toBe(51);
    const last = await children(alice, { ...request, nextPageToken: '50a100' });
    expect(last.page).toHaveLength(4);
    expect(last).not.toHaveProperty('nextPageToken');
  });

  test('are headers', async () => {
    const { alice } = server;
    const parent = await alice.create('folder', { parentId: project.id, name: 'Headers' });
    const file = await alice.create('file', {
      parentId: parent.id,
      name: 'f',
      dataFileHandleId: await alice.createHandle(md5s.a),
    });
    expect((await children(alice, { parentId: parent.id })).page).toEqual([
      {
        id: file.id,
        name: 'f',
        type: classes.file,
        versionNumber: 1,
        versionLabel: '1',
        isLatestVersion: true,
        benefactorId: Number(project.id.slice(3)),
        createdOn: file.createdOn,
        modifiedOn: file.modifiedOn,
        createdBy: String(server.userId('alice')),
        modifiedBy: String(server.userId('alice')),
      },
    ]);
  });

  test('are counted by type', async () => {
    const { alice } = server;
    const parent = await alice.create('folder', { parentId: project.id, name: 'Counted' });
    const parentId = parent.id;
    await alice.create('folder', { parentId, name: 'sub' });
    for (const [name, contentSize] of [
      ['x', 5],
      ['y', 8],
    ] as const) {
      const dataFileHandleId = await alice.createHandle(md5s.a, { contentSize });
      await alice.create('file', { parentId, name, dataFileHandleId });
    }
    const wanted = { parentId, includeTotalChildCount: true, includeSumFileSizes: true };
    expect(await children(alice, wanted)).toMatchObject({
      totalChildCount: 3,
      sumFileSizesBytes: 13,
    });
    const files = await children(alice, { ...wanted, includeTypes: ['file'] });
    expect(files).toMatchObject({ totalChildCount: 2, page: [{ name: 'x' }, { name: 'y' }] });
    const folders = await children(alice, { ...wanted, includeTypes: ['folder'] });
    expect(folders).toMatchObject({ totalChildCount: 1, sumFileSizesBytes: 0 });
  });

  test('move to the end of the order by modification when they change', async () => {
    const { alice } = server;
    const { id: parentId } = await alice.create('folder', { parentId: project.id, name: 'Times' });
    const first = await alice.create('folder', { parentId, name: 'first' });
    await new Promise((resolve) => setTimeout(resolve, 3));
    await alice.create('folder', { parentId, name: 'second' });
    const request = { parentId, sortBy: 'MODIFIED_ON' };
    expect(await allNames(alice, request)).toEqual(['first', 'second']);
    await new Promise((resolve) => setTimeout(resolve, 3));
    await alice.update(first, { description: 'changed' });
    expect(await allNames(alice, request)).toEqual(['second', 'first']);
    expect(await allNames(alice, { ...request, sortBy: 'CREATED_ON' })).toEqual([
      'first',
      'second',
    ]);
  });

  test('are listed only where they are now', async () => {
    const { alice } = server;
    const source = await alice.create('folder', { parentId: project.id, name: 'From' });
    const target = await alice.create('folder', { parentId: project.id, name: 'To' });
    const moving = await alice.create('folder', { parentId: source.id, name: 'moving' });
    expect(await allNames(alice, { parentId: source.id })).toEqual(['moving']);
    expect(await allNames(alice, { parentId: target.id })).toEqual([]);
    await alice.update(moving, { parentId: target.id });
    expect(await allNames(alice, { parentId: source.id })).toEqual([]);
    expect(await allNames(alice, { parentId: target.id })).toEqual(['moving']);
    await alice.delete(`/entity/${moving.id}`);
    expect(await allNames(alice, { parentId: target.id })).toEqual([]);
  });

  test('that a caller may not read are left out of lists and counts', async () => {
    const { alice, bob, admin } = server;
    const own = await alice.create('project', { name: 'Hiding' });
    await shareWithBob(own);
    const secret = await alice.create('folder', { parentId: own.id, name: 'secret' });
    await alice.create('folder', { parentId: own.id, name: 'open' });
    await hide(secret);
    const request = { parentId: own.id, includeTotalChildCount: true };
    expect(await children(bob, request)).toMatchObject({
      totalChildCount: 1,
      page: [{ name: 'open' }],
    });
    expect(await allNames(alice, request)).toEqual(['open', 'secret']);
    expect(await allNames(admin, request)).toEqual(['open', 'secret']);
  });

  test('of nothing are the projects that the caller may read', async () => {
    const { bob, alice, anonymous } = server;
    const own = await bob.create('project', { name: 'Only of Bob' });
    expect(await allNames(bob, { includeTypes: undefined })).toContain(own.name);
    expect(await allNames(alice, {})).not.toContain(own.name);
    expect(await allNames(anonymous, {})).toEqual([]);
  });

  test.each([
    [
      { includeTypes: [] },
      400,
      'EntityChildrenRequest.includeTypes must include at least one type',
    ],
    [{ includeTypes: undefined }, 400, 'EntityChildrenRequest.includeTypes is required.'],
    [{ includeTypes: ['nothing'] }, 400, expect.any(String)],
    [{ nextPageToken: 'banana' }, 400, expect.any(String)],
    [{ nextPageToken: '51a0' }, 400, expect.any(String)],
    [{ sortBy: 'SIZE' }, 400, expect.any(String)],
    [{ parentId: 'syn999' }, 404, "Resource: 'syn999' does not exist"],
    [{ parentId: 'x' }, 400, 'x is not a valid Synapse ID.'],
  ])('refuses %j', async (change, status, reason) => {
    const request = { parentId: project.id, includeTypes: allTypes, ...change };
    expect(await server.alice.post('/entity/children', request)).toEqual(refusal(status, reason));
  });

  test('of what the caller may not read', async () => {
    const request = { parentId: project.id, includeTypes: allTypes };
    expect(await server.bob.post('/entity/children', request)).toEqual(
      refusal(403, 'You lack READ access to the requested entity.'),
    );
  });

  test('gives a page or a 400 for any token', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.stringMatching(/^\d{1,12}a\d{1,18}$/)),
        async (token) => {
          const request = { parentId: project.id, includeTypes: allTypes, nextPageToken: token };
          const { status } = await server.alice.post('/entity/children', request);
          expect([200, 400]).toContain(status);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('a child by name', () => {
  test('is found exactly', async () => {
    const { alice, bob } = server;
    const folder = await alice.create('folder', { parentId: project.id, name: 'Look me up' });
    const lookup = (session: Session, entityName: unknown, parentId: unknown = project.id) =>
      session.post('/entity/child', { parentId, entityName });
    expect(await lookup(alice, 'Look me up')).toMatchObject({
      status: 200,
      body: { id: folder.id },
    });
    expect(await lookup(alice, 'look me up')).toEqual(
      refusal(404, `Child not found for parent: '${project.id}' with name: 'look me up'`),
    );
    expect(await lookup(bob, 'Look me up')).toEqual(
      refusal(403, 'Lack of READ permission on the parent entity.'),
    );
    expect(await lookup(alice, 'Finding', null)).toMatchObject({ body: { id: project.id } });
    expect(await lookup(bob, 'Finding', null)).toEqual(
      refusal(403, 'Lack of READ permission on the requested entity.'),
    );
    expect(await lookup(alice, 'x', 'syn999')).toMatchObject({ status: 404 });
    expect(await lookup(alice, undefined)).toMatchObject({ status: 400 });
    expect(await lookup(alice, {})).toMatchObject({ status: 400 });
  });
});

describe('the path', () => {
  test('redacts names that are not for the caller', async () => {
    const { alice, bob } = server;
    const own = await alice.create('project', { name: 'Secret top' });
    const folder = await alice.create('folder', { parentId: own.id, name: 'Middle' });
    const body = {
      id: folder.id,
      resourceAccess: [
        { principalId: server.userId('alice'), accessType: ['READ', 'CHANGE_PERMISSIONS'] },
        { principalId: server.userId('bob'), accessType: ['READ'] },
      ],
    };
    expect(await alice.post(`/entity/${folder.id}/acl`, body)).toMatchObject({ status: 201 });
    const names = async (session: Session) => {
      const answer = await session.get(`/entity/${folder.id}/path`);
      return (answer.body as { path: M.EntityHeader[] }).path.map(({ id, name }) => [id, name]);
    };
    expect(await names(alice)).toEqual([
      ['syn4489', 'root'],
      [own.id, 'Secret top'],
      [folder.id, 'Middle'],
    ]);
    expect(await names(bob)).toEqual([
      ['syn4489', 'root'],
      [own.id, 'Redacted'],
      [folder.id, 'Middle'],
    ]);
    expect(await bob.get(`/entity/${own.id}/path`)).toMatchObject({ status: 403 });
  });
});

describe('headers in batches', () => {
  test('leave out what the caller cannot see', async () => {
    const { alice, bob } = server;
    const bobs = await bob.create('project', { name: 'Not in the batch' });
    const folder = await alice.create('folder', { parentId: project.id, name: 'In the batch' });
    const gone = await alice.create('folder', { parentId: project.id, name: 'Gone' });
    await alice.delete(`/entity/${gone.id}`);
    const ids = [folder.id, bobs.id, 'syn999', gone.id, project.id.slice(3)];
    const expected = { totalNumberOfResults: 2, results: [{ id: folder.id }, { id: project.id }] };
    expect(await alice.get(`/entity/type?batch=${ids.join(',')}`)).toMatchObject({
      body: expected,
    });
    const references = ids.map((targetId) => ({ targetId }));
    expect(await alice.post('/entity/header', { references })).toMatchObject({ body: expected });
    const versions = [
      { targetId: folder.id, targetVersionNumber: 1 },
      { targetId: folder.id, targetVersionNumber: 2 },
    ];
    expect(await alice.post('/entity/header', { references: versions })).toMatchObject({
      body: { totalNumberOfResults: 1 },
    });
    expect(await alice.post('/entity/header', { references: [{}] })).toMatchObject({ status: 400 });
    expect(await alice.get('/entity/type?batch=x')).toMatchObject({ status: 400 });
    expect(await alice.get('/entity/type')).toMatchObject({ status: 400 });
  });
});

describe('files by MD5', () => {
  test('are found in every version that the caller may read', async () => {
    const { alice, bob } = server;
    const file = await alice.create('file', {
      parentId: project.id,
      name: 'by md5',
      dataFileHandleId: await alice.createHandle(md5s.c),
    });
    await alice.update(file, { dataFileHandleId: await alice.createHandle(md5s.b) });
    expect(await alice.get(`/entity/md5/${md5s.c.toUpperCase()}`)).toMatchObject({
      body: { totalNumberOfResults: 1, results: [{ id: file.id, versionNumber: 1 }] },
    });
    expect(await alice.get(`/entity/md5/${md5s.b}`)).toMatchObject({
      body: { results: [{ id: file.id, versionNumber: 2 }] },
    });
    expect(await bob.get(`/entity/md5/${md5s.c}`)).toMatchObject({
      status: 200,
      body: { totalNumberOfResults: 0, results: [] },
    });
    await alice.delete(`/entity/${file.id}`);
    expect(await alice.get(`/entity/md5/${md5s.c}`)).toMatchObject({ body: { results: [] } });
  });
});

describe('the files of an entity', () => {
  test('are listed for those who may download', async () => {
    const { alice, bob } = server;
    const own = await alice.create('project', { name: 'Files' });
    const file = await alice.create('file', {
      parentId: own.id,
      name: 'f',
      dataFileHandleId: await alice.createHandle(md5s.a),
    });
    await shareWithBob(own);
    const list = { body: { list: [{ id: file.dataFileHandleId, contentMd5: md5s.a }] } };
    expect(await alice.get(`/entity/${file.id}/filehandles`)).toMatchObject(list);
    expect(await alice.get(`/entity/${file.id}/version/1/filehandles`)).toMatchObject(list);
    expect(await bob.get(`/entity/${file.id}/filehandles`)).toEqual(
      refusal(403, 'You lack DOWNLOAD access to the requested entity.'),
    );
    expect(await alice.get(`/entity/${own.id}/filehandles`)).toMatchObject({ status: 404 });
    expect(await alice.get(`/entity/${file.id}/filepreview?redirect=false`)).toEqual(
      refusal(404, expect.stringContaining('A preview does not exist')),
    );
    const url = `https://files.example.org/${md5s.a}`;
    const redirected = await alice.get(`/entity/${file.id}/file`);
    expect(redirected.status).toBe(307);
    expect(redirected.headers.get('location')).toBe(url);
    expect(await alice.get(`/entity/${file.id}/version/1/file?redirect=false`)).toMatchObject({
      status: 200,
      body: url,
    });
    expect(await bob.get(`/entity/${file.id}/file`)).toMatchObject({ status: 403 });
  });

  test('are reached through any version by those who may download', async () => {
    const { alice, bob } = server;
    const own = await alice.create('project', { name: 'Associated' });
    const old = await alice.createHandle(md5s.a);
    const file = await alice.create('file', { parentId: own.id, name: 'f', dataFileHandleId: old });
    await alice.update(file, { dataFileHandleId: await alice.createHandle(md5s.b) });
    const other = await alice.createHandle(md5s.c);
    const ask = async (fileHandleId: string) => {
      const answer = await bob.post('/file/v1/fileHandle/batch', {
        requestedFiles: [
          { fileHandleId, associateObjectId: file.id, associateObjectType: 'FileEntity' },
        ],
        includeFileHandles: true,
        includePreSignedURLs: false,
      });
      return (answer.body as M.BatchFileResult).requestedFiles[0];
    };
    expect(await ask(old)).toMatchObject({ failureCode: 'UNAUTHORIZED' });
    const acl = (await alice.get(`/entity/${own.id}/acl`)).body as { resourceAccess: object[] };
    const resourceAccess = [
      ...acl.resourceAccess,
      { principalId: server.userId('bob'), accessType: ['READ', 'DOWNLOAD'] },
    ];
    await alice.put(`/entity/${own.id}/acl`, { ...acl, resourceAccess });
    expect(await ask(old)).toMatchObject({ fileHandle: { id: old } });
    expect(await ask(other)).toMatchObject({ failureCode: 'UNAUTHORIZED' });
  });
});
