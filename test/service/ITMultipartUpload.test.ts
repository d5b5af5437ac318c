import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import {
  bytesOf,
  contentUrl,
  errorCode,
  mebibyte,
  storage,
  uploadFile,
} from '../server/filesClient.js';
import { createLocation } from './storageSettings.js';

const server = withSessions();
const content = bytesOf(21 * mebibyte + 10, 52);

describe('ITMultipartUpload', () => {
  test('testLargeFileUpoadToS3: the content of a large file is deleted with its handle', async () => {
    const { alice } = server;
    const handle = await uploadFile(alice, content, { generatePreview: false });
    const url = await contentUrl(alice, handle.id);
    expect((await storage(url)).body).toHaveLength(content.length);
    expect(await alice.delete(`/file/v1/fileHandle/${handle.id}`)).toMatchObject({ status: 200 });
    const gone = await storage(url);
    expect([gone.status, errorCode(gone)]).toEqual([404, 'NoSuchKey']);
  });

  test('testLargeGoogleFileUpload: a large file is uploaded to and deleted from Google Cloud', async () => {
    const { alice } = server;
    const { storageLocationId } = await createLocation(alice, 'googleCloud', {
      bucket: 'it-multipart-upload',
      baseKey: 'base',
      uploadType: 'GOOGLECLOUDSTORAGE',
    });
    const handle = await uploadFile(alice, content, { generatePreview: false, storageLocationId });
    expect(handle).toMatchObject({ contentSize: content.length, storageLocationId });
    expect(await alice.delete(`/file/v1/fileHandle/${handle.id}`)).toMatchObject({ status: 200 });
    expect(await alice.get(`/file/v1/fileHandle/${handle.id}`)).toMatchObject({ status: 404 });
  });
});
