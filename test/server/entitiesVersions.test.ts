import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { md5s, refusal, withSessions, type Stored } from './entitySession.js';

const server = withSessions();
let project: Stored;

beforeAll(async () => {
  project = await server.alice.create('project', { name: 'Versions' });
});

let count = 0;

/** A file with its own name and a handle of the MD5. */
async function createFile(md5: string, fields: object = {}): Promise<Stored> {
  const { alice } = server;
  const dataFileHandleId = await alice.createHandle(md5);
  count += 1;
  return alice.create('file', {
    parentId: project.id,
    name: `file ${count}`,
    dataFileHandleId,
    ...fields,
  });
}

async function versionsOf(id: string, query = ''): Promise<M.VersionInfo[]> {
  const answer = await server.alice.get(`/entity/${id}/version${query}`);
  expect(answer.status).toBe(200);
  return (answer.body as { results: M.VersionInfo[] }).results;
}

describe('versions', () => {
  test('a file starts with version 1', async () => {
    expect(await createFile(md5s.a)).toMatchObject({
      versionNumber: 1,
      versionLabel: '1',
      isLatestVersion: true,
    });
    expect(
      await createFile(md5s.a, { versionLabel: 'first', versionComment: 'the first' }),
    ).toMatchObject({ versionNumber: 1, versionLabel: 'first', versionComment: 'the first' });
  });

  test('newVersion keeps every earlier version readable', async () => {
    const { alice } = server;
    const file = await createFile(md5s.a, { description: 'one' });
    const plain = await alice.update(file, { description: 'still one' });
    expect(plain.versionNumber).toBe(1);
    const second = await alice.update(
      plain,
      { description: 'two', versionLabel: undefined, versionComment: 'changed' },
      '?newVersion=true',
    );
    expect(second).toMatchObject({
      versionNumber: 2,
      versionLabel: '2',
      versionComment: 'changed',
      isLatestVersion: true,
    });
    const third = await alice.update(second, { versionLabel: 'v3' }, '?newVersion=true');
    expect(third).toMatchObject({ versionNumber: 3, versionLabel: 'v3' });
    expect(await alice.get(`/entity/${file.id}/version/1`)).toMatchObject({
      body: {
        description: 'still one',
        versionNumber: 1,
        versionLabel: '1',
        isLatestVersion: false,
        etag: third.etag,
      },
    });
    expect(await alice.get(`/entity/${file.id}.2`)).toMatchObject({ body: { versionNumber: 2 } });
    expect(await alice.get(`/entity/${file.id}/version/2/type`)).toMatchObject({
      body: { versionNumber: 2, versionLabel: '2', isLatestVersion: false },
    });
    expect(await alice.get(`/entity/${file.id}/version/9`)).toEqual(
      refusal(404, `Cannot find a node with id ${file.id} and version 9`),
    );
    expect(await alice.get(`/entity/${file.id}/version/0`)).toMatchObject({ status: 400 });
    expect(await alice.get(`/entity/${file.id}/version/x`)).toMatchObject({ status: 400 });
  });

  test('are listed newest first with their content', async () => {
    const { alice } = server;
    const file = await createFile(md5s.a);
    const dataFileHandleId = await alice.createHandle(md5s.b, { contentSize: 77 });
    const second = await alice.update(file, { dataFileHandleId });
    expect(await versionsOf(file.id)).toEqual([
      {
        id: file.id,
        versionNumber: 2,
        versionLabel: '2',
        isLatestVersion: true,
        modifiedBy: 'alice',
        modifiedByPrincipalId: String(server.userId('alice')),
        modifiedOn: second.modifiedOn,
        contentSize: '77',
        contentMd5: md5s.b,
        fileHandleId: dataFileHandleId,
      },
      expect.objectContaining({ versionNumber: 1, isLatestVersion: false, contentMd5: md5s.a }),
    ]);
    const page = await alice.get(`/entity/${file.id}/version?offset=1&limit=1`);
    expect(page).toMatchObject({
      body: { totalNumberOfResults: 3, results: [{ versionNumber: 1 }] },
    });
    for (const query of ['?limit=0', '?offset=-1', '?limit=x']) {
      expect(await alice.get(`/entity/${file.id}/version${query}`)).toMatchObject({ status: 400 });
    }
  });

  test('labels are unique in an entity', async () => {
    const { alice } = server;
    const file = await createFile(md5s.a, { versionLabel: 'L' });
    expect(await alice.put(`/entity/${file.id}?newVersion=true`, file)).toEqual(
      refusal(400, "The label 'L' has already been used for a version of this entity"),
    );
    expect(await alice.read(file.id)).toEqual(file);
    const long = { ...file, versionLabel: 'x'.repeat(257) };
    expect(await alice.put(`/entity/${file.id}`, long)).toMatchObject({ status: 400 });
  });

  test('types without versions ignore newVersion', async () => {
    const { alice } = server;
    const parentId = project.id;
    const folder = await alice.create('folder', { parentId, name: 'Plain' });
    expect(await alice.update(folder, {}, '?newVersion=true')).not.toHaveProperty('versionNumber');
    const table = await alice.create('table', { parentId, name: 'Table' });
    expect(table).toMatchObject({
      versionNumber: 1,
      versionLabel: 'in progress',
      versionComment: 'in progress',
    });
    const updated = await alice.update(
      table,
      { versionLabel: undefined, versionComment: undefined },
      '?newVersion=true',
    );
    expect(updated).toMatchObject({ versionNumber: 1, versionLabel: 'in progress' });
    expect(await versionsOf(table.id)).toHaveLength(1);
  });
});

describe('a file with other content', () => {
  test('gets a new version by itself with a fresh label', async () => {
    const { alice } = server;
    const file = await createFile(md5s.a, { versionLabel: 'kept', versionComment: 'kept too' });
    const dataFileHandleId = await alice.createHandle(md5s.b);
    const updated = await alice.update(file, { dataFileHandleId });
    expect(updated).toMatchObject({ versionNumber: 2, versionLabel: '2', dataFileHandleId });
    expect(updated).not.toHaveProperty('versionComment');
  });

  test('not when the MD5 is the same', async () => {
    const { alice } = server;
    const file = await createFile(md5s.a, { versionLabel: 'kept' });
    const dataFileHandleId = await alice.createHandle(md5s.a);
    expect(await alice.update(file, { dataFileHandleId })).toMatchObject({
      versionNumber: 1,
      versionLabel: 'kept',
      dataFileHandleId,
    });
  });

  test('gets a new version when an MD5 is not known', async () => {
    const { alice } = server;
    const file = await createFile(md5s.a);
    const dataFileHandleId = await alice.createHandle('unknown', { contentMd5: undefined });
    expect(await alice.update(file, { dataFileHandleId })).toMatchObject({ versionNumber: 2 });
  });

  test('needs a handle of the caller unless it is the present one', async () => {
    const { alice, bob } = server;
    const file = await createFile(md5s.a);
    const shared = await share(file, ['READ', 'UPDATE']);
    expect(await bob.update(shared, { description: 'by Bob' })).toMatchObject({
      dataFileHandleId: file.dataFileHandleId,
    });
    const current = await bob.read(file.id);
    const alices = await alice.createHandle(md5s.b);
    expect(
      await bob.put(`/entity/${file.id}`, { ...current, dataFileHandleId: alices }),
    ).toMatchObject({ status: 403 });
    expect(await alice.read(file.id)).toEqual(current);
  });
});

/** Gives an entity an ACL with which Bob has the permissions. */
async function share(entity: Stored, accessType: string[]): Promise<Stored> {
  const answer = await server.alice.post(`/entity/${entity.id}/acl`, {
    id: entity.id,
    resourceAccess: [
      {
        principalId: server.userId('alice'),
        accessType: ['READ', 'UPDATE', 'DELETE', 'CHANGE_PERMISSIONS', 'DOWNLOAD'],
      },
      { principalId: server.userId('bob'), accessType },
    ],
  });
  expect(answer.status).toBe(201);
  return server.alice.read(entity.id);
}

describe('deleting a version', () => {
  test('never uses a version number twice', async () => {
    const { alice } = server;
    const file = await createFile(md5s.a, { description: 'one' });
    const second = await alice.update(
      file,
      { description: 'two', versionLabel: undefined },
      '?newVersion=true',
    );
    expect(await alice.delete(`/entity/${file.id}/version/2`)).toMatchObject({
      status: 204,
      body: '',
    });
    const back = await alice.read(file.id);
    expect(back).toMatchObject({ versionNumber: 1, description: 'one', isLatestVersion: true });
    expect(back.etag).not.toBe(second.etag);
    const same = await alice.update(back, { description: 'still one' });
    expect(same).toMatchObject({ versionNumber: 1 });
    const next = await alice.update(same, { versionLabel: undefined }, '?newVersion=true');
    expect(next).toMatchObject({ versionNumber: 3, versionLabel: '3' });
    expect(await alice.delete(`/entity/${file.id}/version/1`)).toMatchObject({ status: 204 });
    expect(await alice.read(file.id)).toMatchObject({ versionNumber: 3 });
    expect(await alice.delete(`/entity/${file.id}/version/3`)).toEqual(
      refusal(400, 'Cannot delete the last version of a node'),
    );
    expect(await alice.delete(`/entity/${file.id}/version/2`)).toMatchObject({ status: 404 });
    expect(await versionsOf(file.id)).toHaveLength(1);
  });

  test('needs DELETE', async () => {
    const file = await createFile(md5s.a);
    await share(file, ['READ', 'UPDATE']);
    expect(await server.bob.delete(`/entity/${file.id}/version/1`)).toEqual(
      refusal(403, 'You lack DELETE access to the requested entity.'),
    );
  });
});

describe('replacing the handle of a version', () => {
  test('keeps the version', async () => {
    const { alice } = server;
    const file = await createFile(md5s.a);
    const second = await alice.update(file, { dataFileHandleId: await alice.createHandle(md5s.b) });
    const newFileHandleId = await alice.createHandle(md5s.a);
    const request = { oldFileHandleId: file.dataFileHandleId, newFileHandleId };
    expect(await alice.put(`/entity/${file.id}/version/1/filehandle`, request)).toMatchObject({
      status: 200,
      body: '',
    });
    expect(await alice.get(`/entity/${file.id}/version/1`)).toMatchObject({
      body: { dataFileHandleId: newFileHandleId, versionNumber: 1 },
    });
    const current = await alice.read(file.id);
    expect(current).toMatchObject({
      versionNumber: 2,
      dataFileHandleId: second.dataFileHandleId,
    });
    expect(current.etag).not.toBe(second.etag);
  });

  test('refuses a handle of other content', async () => {
    const { alice, bob } = server;
    const file = await createFile(md5s.a);
    const folder = await alice.create('folder', { parentId: project.id, name: 'No handle' });
    const same = await alice.createHandle(md5s.a);
    const other = await alice.createHandle(md5s.b);
    const bobs = await bob.createHandle(md5s.a);
    const old = file.dataFileHandleId;
    const cases: [string, object, number, unknown][] = [
      [
        file.id,
        { oldFileHandleId: same, newFileHandleId: same },
        412,
        `The id of the provided file handle id (request.oldFileHandleId: ${same}) does not match the current file handle id.`,
      ],
      [
        file.id,
        { oldFileHandleId: old, newFileHandleId: other },
        412,
        'The MD5 of the new file handle does not match the MD5 of the current file handle, a new version must be created.',
      ],
      [file.id, { oldFileHandleId: old, newFileHandleId: bobs }, 403, expect.any(String)],
      [file.id, { oldFileHandleId: old, newFileHandleId: '999999' }, 404, expect.any(String)],
      [file.id, { oldFileHandleId: old }, 400, expect.any(String)],
      [
        folder.id,
        { oldFileHandleId: old, newFileHandleId: same },
        404,
        `A file entity with id ${folder.id} and revision 1 does not exist.`,
      ],
    ];
    for (const [id, request, status, reason] of cases) {
      expect(await alice.put(`/entity/${id}/version/1/filehandle`, request)).toEqual(
        refusal(status, reason),
      );
    }
    expect(await alice.put(`/entity/${file.id}/version/4/filehandle`, cases[0]?.[1])).toMatchObject(
      {
        status: 404,
      },
    );
    expect(await alice.read(file.id)).toEqual(file);
  });
});

describe('annotations and versions', () => {
  test('a new version copies the annotations of the old one', async () => {
    const { alice } = server;
    const file = await createFile(md5s.a);
    const put = (etag: string, value: string) =>
      alice.put(`/entity/${file.id}/annotations2`, {
        id: file.id,
        etag,
        annotations: { a: { type: 'STRING', value: [value] } },
      });
    expect((await put(file.etag, 'one')).status).toBe(200);
    const second = await alice.update(
      await alice.read(file.id),
      { versionLabel: undefined },
      '?newVersion=true',
    );
    expect(await alice.get(`/entity/${file.id}/annotations2`)).toMatchObject({
      body: { annotations: { a: { value: ['one'] } } },
    });
    expect((await put(second.etag, 'two')).status).toBe(200);
    expect(await alice.get(`/entity/${file.id}/version/1/annotations2`)).toMatchObject({
      body: { id: file.id, annotations: { a: { type: 'STRING', value: ['one'] } } },
    });
    expect(await alice.get(`/entity/${file.id}/version/2/annotations2`)).toMatchObject({
      body: { annotations: { a: { value: ['two'] } } },
    });
  });
});
