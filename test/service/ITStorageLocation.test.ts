import { PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions, type Stored } from '../server/entitySession.js';
import { begin, fileTypes, md5Of, mebibyte, uploadFile } from '../server/filesClient.js';
import { bucketClient } from './bucketClient.js';
import { createLocation, proxyFields, setLocations, type Location } from './storageSettings.js';

const server = withSessions();
const bucket = 'it-storage-location';

let project: Stored;
let folder: Stored;
let count = 0;
beforeEach(async () => {
  count += 1;
  project = await server.alice.create('project', {});
  folder = await server.alice.create('folder', { parentId: project.id, name: 'folder' });
});

const externalS3 = (fields: object = {}): Promise<Location> =>
  createLocation(server.alice, 'externalS3', { bucket, baseKey: `base-${count}`, ...fields });

/** Checks that uploads to the folder go to a location with temporary credentials. */
async function checkStsLocation(location: Location): Promise<void> {
  const { alice } = server;
  const { storageLocationId } = location;
  const { baseKey } = location as { baseKey?: string };
  expect(baseKey).toEqual(expect.stringMatching(/./));
  const created = await setLocations(alice, folder.id, [location]);
  const setting = await alice.get(`/projectSettings/${folder.id}/type/upload`);
  expect(setting.body).toEqual(created);
  expect(created.locations).toEqual([storageLocationId]);
  for (const which of ['', `/${storageLocationId}`]) {
    const { body } = await alice.get(`/file/v1/entity/${folder.id}/uploadDestination${which}`);
    expect(body).toMatchObject({ stsEnabled: true, baseKey });
  }
  const { body } = await alice.get(`/file/v1/entity/${folder.id}/uploadDestinationLocations`);
  expect((body as { list: object[] }).list).toMatchObject([{ storageLocationId }]);
}

/** The names of the children of a container. */
async function childrenOf(parentId: string, type: M.EntityType): Promise<Map<string, string>> {
  const answer = await server.alice.post('/entity/children', { parentId, includeTypes: [type] });
  const { page } = answer.body as { page: Required<M.EntityHeader>[] };
  return new Map(page.map(({ name, id }) => [name, id]));
}

describe('ITStorageLocation', () => {
  test('testDefaultUploadType: a location without a type of upload gets S3 or none, and a project may have many', async () => {
    const { alice } = server;
    const locations = [
      await createLocation(alice, 'externalObject', {
        bucket: 'some-bucket',
        endpointUrl: 'https://someurl.com',
      }),
      await externalS3(),
      await createLocation(alice, 'external', { url: 'sftp://somewhere.com' }),
      await createLocation(alice, 'proxy', proxyFields),
      await createLocation(alice, 's3', {}),
    ];
    expect(locations.map(({ uploadType }) => uploadType)).toEqual([
      'NONE',
      'S3',
      'NONE',
      'NONE',
      'S3',
    ]);
    await setLocations(alice, project.id, locations);
    const { body } = await alice.get(`/file/v1/entity/${project.id}/uploadDestinationLocations`);
    expect((body as { list: object[] }).list).toMatchObject(
      locations.map(({ storageLocationId }) => ({ storageLocationId })),
    );
  });

  test('externalS3StorageLocationWithSts: the bucket of a user may offer temporary credentials', async () => {
    const location = await externalS3({ stsEnabled: true });
    expect(location).toMatchObject({ stsEnabled: true });
    const again = await server.alice.get(`/storageLocation/${location.storageLocationId}`);
    expect(again.body).toEqual(location);
    await checkStsLocation(location);
  });

  test('synapseS3StorageLocationWithSts: the storage of Synapse offers them in a folder of its own', async () => {
    const location = await createLocation(server.alice, 's3', { stsEnabled: true });
    const again = await server.alice.get(`/storageLocation/${location.storageLocationId}`);
    expect(again.body).toEqual(location);
    await checkStsLocation(location);
  });

  test('sampleCode_MigrateS3Bucket: the objects of a bucket become files of folders', async () => {
    const { alice } = server;
    const location = await externalS3({ stsEnabled: true });
    const { storageLocationId } = location;
    const baseKey = `base-${count}`;
    await setLocations(alice, folder.id, [location]);
    const client = await bucketClient(server, alice, {
      folderId: folder.id,
      permission: 'read_write',
    });
    const paths = ['f1', 'f2', 'a/f3', 'a/b/c/f5'];
    for (const path of paths) {
      const Key = `${baseKey}/${path}`;
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: `content of ${path}` }));
      const names = path.split('/');
      const fileName = names.pop() ?? '';
      let parentId = folder.id;
      for (const name of names) {
        const existing = (await childrenOf(parentId, 'folder')).get(name);
        parentId = existing ?? (await alice.create('folder', { parentId, name })).id;
      }
      const handle = await alice.post('/file/v1/externalFileHandle/s3', {
        concreteType: `${fileTypes}.S3FileHandle`,
        bucketName: bucket,
        key: Key,
        storageLocationId,
        fileName,
        contentMd5: md5Of(Buffer.from(`content of ${path}`)),
      });
      expect(handle).toMatchObject({ status: 200 });
      const { id: dataFileHandleId } = handle.body as { id: string };
      await alice.create('file', { parentId, name: fileName, dataFileHandleId });
    }
    expect([...(await childrenOf(folder.id, 'file')).keys()]).toEqual(['f1', 'f2']);
    const a = (await childrenOf(folder.id, 'folder')).get('a') ?? '';
    expect([...(await childrenOf(a, 'file')).keys()]).toEqual(['f3']);
    const b = (await childrenOf(a, 'folder')).get('b') ?? '';
    expect(await childrenOf(b, 'file')).toEqual(new Map());
    const c = (await childrenOf(b, 'folder')).get('c') ?? '';
    expect([...(await childrenOf(c, 'file')).keys()]).toEqual(['f5']);
  });

  test('sampleCode_MigrateSynapseProject: the files of a folder are copied to a location with temporary credentials', async () => {
    const { alice } = server;
    const source = await uploadFile(alice, Buffer.from('sample content 1'), { fileName: 'f1' });
    const original = await alice.create('file', {
      parentId: project.id,
      name: 'f1',
      dataFileHandleId: source.id,
    });
    const location = await createLocation(alice, 's3', { stsEnabled: true });
    const { storageLocationId } = location;
    await setLocations(alice, folder.id, [location]);
    const { uploadId } = await begin(alice, {
      concreteType: `${fileTypes}.MultipartUploadCopyRequest`,
      sourceFileHandleAssociation: {
        fileHandleId: source.id,
        associateObjectId: original.id,
        associateObjectType: 'FileEntity',
      },
      storageLocationId,
      partSizeBytes: 5 * mebibyte,
    });
    const batch = await alice.post(`/file/v1/file/multipart/${uploadId}/presigned/url/batch`, {
      uploadId,
      partNumbers: [1],
    });
    const [part] = (batch.body as { partPresignedUrls: Required<M.PartPresignedUrl>[] })
      .partPresignedUrls;
    const copied = await fetch(part?.uploadPresignedUrl ?? '', {
      method: 'PUT',
      headers: part?.signedHeaders as unknown as Record<string, string>,
    });
    const md5 = /<ETag>(?:"|&quot;)(\w+)/.exec(await copied.text())?.[1] ?? '';
    const added = await alice.put(`/file/v1/file/multipart/${uploadId}/add/1?partMD5Hex=${md5}`);
    expect(added).toMatchObject({ status: 201, body: { addPartState: 'ADD_SUCCESS' } });
    const done = await alice.put(`/file/v1/file/multipart/${uploadId}/complete`);
    const { resultFileHandleId } = done.body as Required<M.MultipartUploadStatus>;
    const file = await alice.create('file', {
      parentId: folder.id,
      name: 'f1',
      dataFileHandleId: resultFileHandleId,
    });
    expect((await alice.get(`/file/v1/fileHandle/${resultFileHandleId}`)).body).toMatchObject({
      storageLocationId,
      contentMd5: source.contentMd5,
    });
    expect(await childrenOf(folder.id, 'file')).toEqual(new Map([['f1', file.id]]));
  });
});
