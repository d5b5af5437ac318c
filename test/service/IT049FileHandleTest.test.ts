import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions, type Stored } from '../server/entitySession.js';
import {
  begin,
  bytesOf,
  fileTypes,
  md5Of,
  mebibyte,
  uploadFile,
  uploadRequest,
} from '../server/filesClient.js';
import { TableSession } from '../server/tableSession.js';
import { pngImage } from './imageFiles.js';
import { contentOf, readHandle, waitForPreview } from './previewFiles.js';
import {
  createLocation,
  proxyFields,
  setLocations,
  settingTypes,
  type Location,
} from './storageSettings.js';

const server = withSessions();
const image = pngImage(40, 30);
const imageFields = { fileName: 'LittleImage.png', contentType: 'image/png' };

let project: Stored;
beforeAll(async () => {
  project = await server.alice.create('project', {});
});

/** A project of its own for a test that sets its storage. */
const newProject = (): Promise<Stored> => server.alice.create('project', {});

async function createExternal(fields: object): Promise<M.ExternalFileHandle> {
  const answer = await server.alice.post('/file/v1/externalFileHandle', {
    concreteType: `${fileTypes}.ExternalFileHandle`,
    ...fields,
  });
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as M.ExternalFileHandle;
}

async function myLocations(): Promise<M.StorageLocationSetting[]> {
  const answer = await server.alice.get('/storageLocation');
  expect(answer).toMatchObject({ status: 200 });
  return (answer.body as { list: M.StorageLocationSetting[] }).list;
}

describe('IT049FileHandleTest', () => {
  test('testImageFileRoundTrip: an image gets a preview, again after it was removed, and both are deleted together', async () => {
    const { alice } = server;
    const handle = await uploadFile(alice, image, { ...imageFields, generatePreview: true });
    expect(handle).toMatchObject({
      ...imageFields,
      contentSize: image.length,
      contentMd5: md5Of(image),
    });
    const path = `/file/v1/fileHandle/${handle.id}`;
    const first = await waitForPreview(alice, handle.id);
    expect(first.isPreview).toBe(true);
    expect(await alice.delete(`${path}/filepreview`)).toMatchObject({ status: 200 });
    const preview = await waitForPreview(alice, handle.id);
    expect(preview.id).not.toBe(first.id);
    expect(await alice.delete(path)).toMatchObject({ status: 200 });
    expect(await alice.get(path)).toMatchObject({ status: 404 });
    expect(await alice.get(`/file/v1/fileHandle/${preview.id}`)).toMatchObject({ status: 404 });
  });

  test('testExternalRoundTrip: a file elsewhere keeps its name, type and address', async () => {
    const fields = {
      contentType: 'text/plain',
      fileName: 'foo.bar',
      externalURL: 'http://example.org',
    };
    expect(await createExternal(fields)).toMatchObject({
      ...fields,
      id: expect.any(String),
      etag: expect.any(String),
      createdBy: String(server.userId('alice')),
      createdOn: expect.any(String),
    });
  });

  test('testExternalRoundTripWithNulls: a file elsewhere without name and type has NOT_SET instead', async () => {
    expect(await createExternal({ externalURL: 'http://example.org' })).toMatchObject({
      externalURL: 'http://example.org',
      fileName: 'NOT_SET',
      contentType: 'NOT_SET',
    });
  });

  test('testProjectSettingsCrud: a location is listed once it is created, and is where uploads go', async () => {
    const { alice } = server;
    const { id } = await newProject();
    const fields = {
      uploadType: 'HTTPS',
      url: 'https://notvalid.example.org',
      banner: 'warning, at institute',
      description: 'not in synapse, this is',
    };
    const location = await createLocation(alice, 'external', fields);
    expect(location).toMatchObject(fields);
    expect(await myLocations()).toContainEqual(location);
    const { storageLocationId } = location;
    expect((await alice.get(`/storageLocation/${storageLocationId}`)).body).toEqual(location);
    const created = await setLocations(alice, id, [location]);
    expect(created).toMatchObject({
      projectId: id,
      settingsType: 'upload',
      concreteType: settingTypes.uploadList,
      locations: [storageLocationId],
    });
    expect((await alice.get(`/projectSettings/${id}/type/upload`)).body).toEqual(created);
    const destination = await alice.get(
      `/file/v1/entity/${id}/uploadDestination/${storageLocationId}`,
    );
    expect(destination.body).toMatchObject({
      uploadType: 'HTTPS',
      banner: fields.banner,
      storageLocationId,
    });
  });

  const proxyPath = async (uploadType: string): Promise<URL> => {
    const { alice } = server;
    const location = await createLocation(alice, 'proxy', { ...proxyFields, uploadType });
    const answer = await alice.post('/file/v1/externalFileHandle', {
      concreteType: `${fileTypes}.ProxyFileHandle`,
      contentMd5: '0123456789abcdef0123456789abcdef',
      contentSize: 123,
      contentType: 'text/plain',
      fileName: 'barFoo.txt',
      filePath: 'pathParent/pathChild',
      storageLocationId: location.storageLocationId,
    });
    expect(answer).toMatchObject({ status: 200 });
    const { id } = answer.body as { id: string };
    return new URL(String((await alice.get(`/file/v1/fileHandle/${id}/url?redirect=false`)).body));
  };

  test('testProxyFileHandleRoundTrip: the URL of a file behind an SFTP proxy is at the proxy', async () => {
    const url = await proxyPath('SFTP');
    expect(url.host).toBe('host.org');
    expect(url.pathname).toBe('/sftp/pathParent/pathChild');
  });

  test('testProxyLocalFileHandleRoundTrip: the URL of a file behind a local proxy is at the proxy', async () => {
    const url = await proxyPath('PROXYLOCAL');
    expect(url.host).toBe('host.org');
    expect(url.pathname).toBe('/proxylocal/pathParent/pathChild');
  });

  test('testExternalObjectStoreFileHandleRoundTrip: a file in an object store has the bucket of its location', async () => {
    const { alice } = server;
    const { id } = await newProject();
    const place = { bucket: 'some-bucket', endpointUrl: 'https://someurl.com' };
    const location = await createLocation(alice, 'externalObject', { ...place, uploadType: 'S3' });
    expect(await myLocations()).toContainEqual(location);
    await setLocations(alice, id, [location]);
    const destination = await alice.get(`/file/v1/entity/${id}/uploadDestination`);
    expect(destination.body).toMatchObject({ ...place, keyPrefixUUID: expect.any(String) });
    const { keyPrefixUUID } = destination.body as { keyPrefixUUID: string };
    const fields = {
      fileKey: `${keyPrefixUUID}/asdf.txt`,
      storageLocationId: location.storageLocationId,
      contentMd5: '0123456789abcdef0123456789abcdef',
      contentSize: 1234,
      contentType: 'text/plain',
    };
    const created = await alice.post('/file/v1/externalFileHandle', {
      concreteType: `${fileTypes}.ExternalObjectStoreFileHandle`,
      ...fields,
    });
    expect(created.body).toMatchObject({ ...fields, ...place });
    const handle = created.body as { id: string };
    expect((await alice.get(`/file/v1/fileHandle/${handle.id}`)).body).toEqual(handle);
  });

  test('testExternalUploadDestinationChoice: a project has several destinations in their order', async () => {
    const { alice } = server;
    const { id } = await newProject();
    const sftp = await createLocation(alice, 'external', {
      uploadType: 'SFTP',
      url: 'sftp://somewhere.com',
      banner: 'warning, at institute',
      description: 'not in synapse, this is',
    });
    const s3 = await createLocation(alice, 's3', {
      uploadType: 'S3',
      banner: 'warning, not at institute',
    });
    await setLocations(alice, id, [sftp, s3]);
    const { body } = await alice.get(`/file/v1/entity/${id}/uploadDestinationLocations`);
    expect((body as { list: object[] }).list).toMatchObject([
      { storageLocationId: sftp.storageLocationId },
      { storageLocationId: s3.storageLocationId },
    ]);
    const destination = async ({ storageLocationId }: Location): Promise<unknown> =>
      (await alice.get(`/file/v1/entity/${id}/uploadDestination/${storageLocationId}`)).body;
    expect(await destination(sftp)).toMatchObject({
      concreteType: `${fileTypes}.ExternalUploadDestination`,
      uploadType: 'SFTP',
      storageLocationId: sftp.storageLocationId,
    });
    expect(await destination(s3)).toMatchObject({
      concreteType: `${fileTypes}.S3UploadDestination`,
      uploadType: 'S3',
      storageLocationId: s3.storageLocationId,
    });
  });

  test('testCreateSFTPExternalFile: a file on an SFTP server needs no name and type', async () => {
    expect(await createExternal({ externalURL: 'sftp://somewhere.com' })).toMatchObject({
      externalURL: 'sftp://somewhere.com',
    });
  });

  test('testBulkFileDownload: a file that cannot be packed is a failure, and there is no archive', async () => {
    const { alice } = server;
    const table = await alice.create('table', { parentId: project.id, name: 'BulkDownloadTest' });
    const { id } = await createExternal({
      contentType: 'text/plain',
      fileName: 'foo.bar',
      externalURL: 'http://example.org',
    });
    const answer = await new TableSession(alice).job('/file/v1/file/bulk/async', {
      concreteType: `${fileTypes}.BulkFileDownloadRequest`,
      requestedFiles: [
        { fileHandleId: id, associateObjectId: table.id, associateObjectType: 'TableEntity' },
      ],
    });
    expect(answer).toMatchObject({ status: 201 });
    const { fileSummary, resultZipFileHandleId } = answer.body as M.BulkFileDownloadResponse;
    expect(fileSummary).toMatchObject([{ fileHandleId: id, status: 'FAILURE' }]);
    expect(resultZipFileHandleId).toBeUndefined();
  });

  test('testMultipartUploadV2: an upload without a preview keeps its checksum and name', async () => {
    const fields = { ...imageFields, generatePreview: false };
    const handle = await uploadFile(server.alice, image, fields);
    expect(handle).toMatchObject({ contentMd5: md5Of(image), fileName: 'LittleImage.png' });
    expect(await contentOf(server.alice, handle.id)).toEqual(image);
  });

  test('testMultipartUploadV2Reset: the same request continues an upload, unless it is forced to begin again', async () => {
    const { alice } = server;
    const body = uploadRequest(bytesOf(1, 49), {
      contentType: 'plain/text',
      fileName: 'foo.txt',
      generatePreview: false,
      partSizeBytes: 5 * mebibyte,
    });
    const first = await begin(alice, body, '?forceRestart=false');
    const again = await begin(alice, body, '?forceRestart=false');
    expect(again.uploadId).toBe(first.uploadId);
    const restarted = await begin(alice, body, '?forceRestart=true');
    expect(restarted.uploadId).not.toBe(first.uploadId);
  });

  test('testCreateExternalS3FileHandleFromExistingFile: a file that is in the bucket gets a handle with a name', async () => {
    const { alice } = server;
    const location = await createLocation(alice, 'externalS3', {
      bucket: 'it049-existing',
      baseKey: 'base',
      uploadType: 'S3',
    });
    const { storageLocationId } = location;
    const stored = await uploadFile(alice, image, { ...imageFields, storageLocationId });
    const answer = await alice.post('/file/v1/externalFileHandle/s3', {
      concreteType: `${fileTypes}.S3FileHandle`,
      storageLocationId,
      bucketName: stored.bucketName,
      key: stored.key,
      contentMd5: md5Of(image),
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { fileName: expect.any(String), contentMd5: md5Of(image), contentSize: image.length },
    });
  });

  test('testMultipartUploadToExternalS3: an upload to a bucket of the user has the checksum and is below its folder', async () => {
    const { alice } = server;
    const { storageLocationId } = await createLocation(alice, 'externalS3', {
      bucket: 'it049-upload',
      baseKey: 'base',
      uploadType: 'S3',
    });
    const large = bytesOf(6 * mebibyte, 50);
    const fields = { fileName: 'LargeImage.jpg', storageLocationId, generatePreview: false };
    expect(await uploadFile(alice, large, fields)).toMatchObject({
      fileName: 'LargeImage.jpg',
      contentMd5: md5Of(large),
      bucketName: 'it049-upload',
      key: expect.stringMatching(/^base\//),
    });
  });

  test('testMultipartUploadV2ToGoogleCloud: an upload to a bucket of Google Cloud has a handle of that kind', async () => {
    const { alice } = server;
    const { storageLocationId } = await createLocation(alice, 'googleCloud', {
      bucket: 'it049-google',
      baseKey: 'base',
      uploadType: 'GOOGLECLOUDSTORAGE',
    });
    const large = bytesOf(6 * mebibyte, 51);
    const fields = { fileName: 'LargeImage.jpg', storageLocationId, generatePreview: false };
    const handle = await uploadFile(alice, large, fields);
    expect(handle).toMatchObject({
      concreteType: `${fileTypes}.GoogleCloudFileHandle`,
      fileName: 'LargeImage.jpg',
      contentMd5: md5Of(large),
    });
    expect(md5Of(await contentOf(alice, handle.id))).toBe(md5Of(large));
  });

  test('testRestoreFileHandle: a file that is available needs no restoration', async () => {
    const { alice } = server;
    const { id } = await uploadFile(alice, image, { ...imageFields, generatePreview: false });
    expect(await readHandle(alice, id)).toMatchObject({ status: 'AVAILABLE' });
    const answer = await new TableSession(alice).job('/file/v1/fileHandle/restore/async', {
      concreteType: `${fileTypes}.FileHandleRestoreRequest`,
      fileHandleIds: [id],
    });
    expect(answer.body).toMatchObject({
      restoreResults: [
        {
          fileHandleId: id,
          status: 'NO_ACTION',
          statusMessage:
            'The file handle is already AVAILABLE. For files in the synapse bucket it might take a few hours before the file can be downloaded.',
        },
      ],
    });
  });
});
