import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';
import { storage } from '../server/filesClient.js';
import { createDataset, createFile, drsPath, drsRefusal, objectOf } from './drsObjects.js';

const server = withSessions();
const wrongId =
  'Object Id must be entity ID with version (e.g syn32132536.1), or the file handle ID prepended with the string "fh" (e.g. fh123)';

async function content(path: string): Promise<string> {
  const answer = await server.alice.get(path);
  expect(answer).toMatchObject({ status: 200 });
  const { url = '' } = answer.body as M.AccessUrl;
  return (await storage(url)).body.toString();
}

describe('DrsManagerImplUnitTest', () => {
  test('testGetDrsServiceInformation: the description and the dates of the service are told', async () => {
    expect((await server.alice.get('/ga4gh/drs/v1/service-info')).body).toMatchObject({
      description:
        'This service provides implementation of DRS specification for accessing FileEntities and Datasets within Synapse.',
      createdAt: '2022-08-01T00:00:00.000Z',
      updatedAt: '2022-08-01T00:00:00.000Z',
      environment: expect.any(String),
      version: expect.any(String),
    });
  });

  test('testGetBlobDrsObject: the case of an id does not matter, and the answer has the plain id', async () => {
    const { file } = await createFile(server.alice);
    const { id } = objectOf(await server.alice.get(drsPath(` ${file.id.toUpperCase()}.1 `)));
    expect(id).toBe(`${file.id}.1`);
  });

  test('testGetBlobDrsObjectWithFileHandleId: the prefix of a file handle may be in capitals', async () => {
    const { handle } = await createFile(server.alice);
    expect(objectOf(await server.alice.get(drsPath(`FH${handle.id}`))).id).toBe(`fh${handle.id}`);
  });

  test('testGetBlobDrsObjectNoPrefix: a bare number is no id', async () => {
    expect(await server.alice.get(drsPath('123456'))).toEqual(drsRefusal(400, wrongId));
  });

  test('testCreateDrsObjectForFileEntity: a file is read through the association with its entity', async () => {
    const { file, handle } = await createFile(server.alice);
    expect(objectOf(await server.alice.get(drsPath(`${file.id}.1`))).access_methods).toEqual([
      { type: 'https', access_id: `FileEntity_${file.id}.1_${handle.id}` },
    ]);
  });

  test('testCreateDrsObjectForFileHandle: a file handle has no version and no description', async () => {
    const { handle } = await createFile(server.alice);
    const object = objectOf(await server.alice.get(drsPath(`fh${handle.id}`)));
    expect(object).not.toHaveProperty('version');
    expect(object).not.toHaveProperty('description');
  });

  test('testCreateDrsObjectForDataset: a dataset has a checksum and no way of access', async () => {
    const { dataset } = await createDataset(server.alice);
    const object = objectOf(await server.alice.get(drsPath(`${dataset.id}.1`)));
    expect(object.checksums).toEqual([{ checksum: dataset.checksum, type: 'md5' }]);
    expect(object).not.toHaveProperty('access_methods');
  });

  test('testGetBundleDrsObject: the contents of a dataset are objects', async () => {
    const { alice } = server;
    const { dataset, files } = await createDataset(alice);
    const { contents } = objectOf(await alice.get(`${drsPath(`${dataset.id}.1`)}?expand=false`));
    expect(contents.map(({ id }) => id)).toEqual(files.map(({ file }) => `${file.id}.1`));
    for (const { id = '' } of contents) {
      expect(objectOf(await alice.get(drsPath(id))).id).toBe(id);
    }
  });

  test('testGetBundleDrsObjectWithExpand: a dataset cannot be expanded', async () => {
    const { dataset } = await createDataset(server.alice);
    expect(await server.alice.get(`${drsPath(`${dataset.id}.1`)}?expand=true`)).toEqual(
      drsRefusal(400, 'Nesting of bundle is not supported.'),
    );
  });

  test('testGetBlobDrsObjectWithObjectIdWithoutVersion: the id of a file must have a version', async () => {
    const { file } = await createFile(server.alice);
    expect(await server.alice.get(drsPath(file.id))).toEqual(
      drsRefusal(400, 'Entity ID must include version. e.g syn123.1'),
    );
  });

  test('testGetInvalidTypeOfDrsObject: a project is no object', async () => {
    const { id } = await server.alice.create('project', {});
    expect(await server.alice.get(drsPath(`${id}.1`))).toEqual(
      drsRefusal(400, 'Only FileEntity, Datasets, and File Handle IDs are supported.'),
    );
  });

  test('testGetAccessUrl: the access id of a version leads to the content of the version', async () => {
    const { file, handle } = await createFile(server.alice);
    const id = `${file.id}.1`;
    expect(await content(`${drsPath(id)}/access/FileEntity_${id}_${handle.id}`)).toBe(
      'file contents',
    );
  });

  test('testGetAccessUrlWithFileHandleId: the access id of a file handle leads to its content', async () => {
    const { handle } = await createFile(server.alice);
    const path = `${drsPath(`fh${handle.id}`)}/access/${handle.id}`;
    expect(await content(path)).toBe('file contents');
    expect(await server.bob.get(path)).toMatchObject({ status: 403 });
  });

  test('testGetAccessUrlWithInConsistentObjectId: the access id must be that of the object', async () => {
    const { file, handle } = await createFile(server.alice);
    const path = `${drsPath(`${file.id}.1`)}/access/FileEntity_syn333.3_${handle.id}`;
    expect(await server.alice.get(path)).toEqual(
      drsRefusal(400, 'AccessId contains different drsObject Id.'),
    );
  });

  test('testGetAccessUrlWithInConsistentObjectIdWithFileHandleId: the access id must be that of the file handle', async () => {
    expect(await server.alice.get(`${drsPath('fh123456')}/access/12345`)).toEqual(
      drsRefusal(400, 'AccessId and ObjectId contain different file handle IDs.'),
    );
  });
});
