import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { md5s, withSessions } from '../server/entitySession.js';
import { fileTypes, uploadFile } from '../server/filesClient.js';
import { pngImage } from './imageFiles.js';
import {
  getsPreview,
  hasPreview,
  readHandle,
  uploadWithPreview,
  waitForPreview,
} from './previewFiles.js';

const server = withSessions();
const text = { contentType: 'text/plain' };

describe('PreviewWorkerTest', () => {
  test('testNotFound: a file that is deleted at once gets no preview, and nothing fails', async () => {
    const { alice, synapse } = server;
    const { id } = await uploadFile(alice, Buffer.from('soon gone'), text);
    expect(await alice.delete(`/file/v1/fileHandle/${id}`)).toMatchObject({ status: 200 });
    expect(await getsPreview(alice, Buffer.from('next'), text)).toBe(true);
    expect(await alice.get(`/file/v1/fileHandle/${id}`)).toMatchObject({ status: 404 });
    expect(synapse.internalErrors).toEqual([]);
  });

  test('testPreviewMessage: a preview has no preview', async () => {
    const { alice } = server;
    const { preview } = await uploadWithPreview(alice, Buffer.from('once'), text);
    expect(await hasPreview(alice, preview.id)).toBe(false);
    expect(await readHandle(alice, preview.id)).not.toHaveProperty('previewId');
  });

  test('testExternalFileMessage: a file elsewhere has no preview', async () => {
    const { alice } = server;
    const id = await alice.createHandle(md5s.a, { contentType: 'text/plain' });
    expect(await hasPreview(alice, id)).toBe(false);
  });

  test('testProxyFileMessage: a file behind a proxy has no preview', async () => {
    const { alice } = server;
    const location = await alice.post('/storageLocation', {
      concreteType: 'org.sagebionetworks.repo.model.project.ProxyStorageLocationSettings',
      secretKey: 'a secret that is long enough to be one',
      proxyUrl: 'https://proxy.example.org',
      uploadType: 'SFTP',
    });
    const made = await alice.post('/file/v1/externalFileHandle', {
      concreteType: `${fileTypes}.ProxyFileHandle`,
      storageLocationId: (location.body as M.StorageLocationSetting).storageLocationId,
      filePath: 'a/b',
      fileName: 'b.txt',
      contentType: 'text/plain',
      contentMd5: md5s.a,
      contentSize: 3,
    });
    expect(made).toMatchObject({ status: 200 });
    expect(await hasPreview(alice, (made.body as { id: string }).id)).toBe(false);
  });

  test('testS3FileMetadataMessage: a file marked as without a preview gets none', async () => {
    const { alice } = server;
    const { id } = await uploadFile(alice, Buffer.from('none'), {
      ...text,
      generatePreview: false,
    });
    expect(await getsPreview(alice, Buffer.from('another'), text)).toBe(true);
    expect(await readHandle(alice, id)).toMatchObject({ previewId: id });
  });

  test('testUpdateMessage: a file whose preview is removed gets another', async () => {
    const { alice } = server;
    const { file, preview } = await uploadWithPreview(alice, Buffer.from('again'), text);
    const path = `/file/v1/fileHandle/${file.id ?? ''}/filepreview`;
    expect(await alice.delete(path)).toMatchObject({ status: 200 });
    expect((await waitForPreview(alice, file.id ?? '')).id).not.toBe(preview.id);
  });

  test('testPreviewGenerationNotSupported: an image that is too large has no preview', async () => {
    const fields = { contentType: 'image/png' };
    expect(await getsPreview(server.alice, pngImage(1001, 1000), fields)).toBe(false);
  });

  test('testErrorReadingPNG: an image that is damaged has no preview, and the next one has', async () => {
    const image = pngImage(50, 50);
    const fields = { contentType: 'image/png' };
    expect(await getsPreview(server.alice, image.subarray(0, 70), fields)).toBe(false);
    expect(await getsPreview(server.alice, image, fields)).toBe(true);
  });

  test('testEOFError: an archive that is cut off has no preview', async () => {
    const cut = Buffer.from('504b0304140000000800', 'hex');
    expect(await getsPreview(server.alice, cut, { contentType: 'application/zip' })).toBe(false);
  });

  test('testIllegalArgumentException: a content type that is no such thing gives no preview', async () => {
    expect(await getsPreview(server.alice, Buffer.from('x'), { contentType: 'nonsense' })).toBe(
      false,
    );
  });

  test('testEmptyFile: a file without bytes has no preview', async () => {
    const { alice } = server;
    const id = (await uploadFile(alice, Buffer.from('one byte'), text)).id;
    expect(await hasPreview(alice, id)).toBe(true);
    const empty = await alice.post('/file/v1/file/multipart', {
      concreteType: `${fileTypes}.MultipartUploadRequest`,
      fileName: 'empty.txt',
      contentType: 'text/plain',
      contentMD5Hex: 'd41d8cd98f00b204e9800998ecf8427e',
      fileSizeBytes: 0,
      partSizeBytes: 5 * 1024 ** 2,
    });
    expect(empty).toMatchObject({ status: 400 });
  });
});
