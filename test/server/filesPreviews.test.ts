import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { imageSize } from '../../src/server/files/imageSize.js';
import { previewSize } from '../../src/server/files/imagePreview.js';
import { previewKindOf } from '../../src/server/files/previewKinds.js';
import { startLocalSynapse } from '../../src/server/index.js';
import { api } from '../helpers/api.js';
import { withTempDir } from '../helpers/tempDir.js';
import { bmpImage, gifImage, jpegImage, pngImage } from '../service/imageFiles.js';
import { getsPreview, hasPreview, waitForPreview } from '../service/previewFiles.js';
import { Session, withSessions, type Stored } from './entitySession.js';
import { storage, uploadFile } from './filesClient.js';

const server = withSessions();

async function createFile(content: Uint8Array, contentType: string): Promise<Stored> {
  const { alice } = server;
  const project = await alice.create('project', {});
  const { id } = await uploadFile(alice, content, { contentType });
  return alice.create('file', { parentId: project.id, dataFileHandleId: id });
}

describe('the preview of a file', () => {
  test('is made without being asked for, as a file of the owner', async () => {
    const { alice, bob } = server;
    const file = await createFile(Buffer.from('some text'), 'text/plain; charset=utf-8');
    const preview = await waitForPreview(alice, file.dataFileHandleId ?? '');
    expect(preview).toMatchObject({
      isPreview: true,
      fileName: 'preview.txt',
      createdBy: String(server.userId('alice')),
    });
    const answers = await Promise.all(
      ['', '/version/1'].map((version) =>
        alice.get(`/entity/${file.id}${version}/filepreview?redirect=false`),
      ),
    );
    expect(new Set(answers.map(({ body }) => new URL(String(body)).pathname)).size).toBe(1);
    const served = await storage(String(answers[0]?.body));
    expect(served.body.toString()).toBe('some text');
    expect(served.headers).toMatchObject({
      'content-type': 'text/plain',
      'content-disposition': 'attachment; filename="preview.txt"',
    });
    const handles = await alice.get(`/entity/${file.id}/filehandles`);
    expect((handles.body as M.FileHandleResults).list).toMatchObject([
      { id: file.dataFileHandleId, isPreview: false },
      { id: preview.id, isPreview: true },
    ]);
    expect(await bob.get(`/entity/${file.id}/filepreview`)).toMatchObject({ status: 403 });
  });

  test('is made again after it was removed', async () => {
    const { alice } = server;
    const file = await createFile(Buffer.from('to be cleared'), 'application/x-sh');
    const id = file.dataFileHandleId ?? '';
    const first = await waitForPreview(alice, id);
    expect(await alice.delete(`/file/v1/fileHandle/${id}/filepreview`)).toMatchObject({
      status: 200,
    });
    const second = await waitForPreview(alice, id);
    expect(second.id).not.toBe(first.id);
  });

  test('waits until the server can write', async () => {
    const { alice, synapse } = server;
    const { id } = await uploadFile(alice, Buffer.from('later'), { contentType: 'text/plain' });
    await waitForPreview(alice, id);
    await alice.delete(`/file/v1/fileHandle/${id}/filepreview`);
    synapse.conditions.set({ diskFull: true });
    expect(await hasPreview(alice, id)).toBe(false);
    synapse.conditions.reset();
    expect(await hasPreview(alice, id)).toBe(true);
  });

  test('is not made of damaged content', async () => {
    const { alice } = server;
    const picture = await createFile(Buffer.from('no picture'), 'image/png');
    expect(await hasPreview(alice, picture.dataFileHandleId ?? '')).toBe(false);
    const cut = pngImage(30, 30).subarray(0, 60);
    expect(await getsPreview(alice, cut, { contentType: 'image/png' })).toBe(false);
    const fields = { contentType: 'application/zip' };
    expect(await getsPreview(alice, Buffer.from('no archive'), fields)).toBe(false);
    expect(await getsPreview(alice, pngImage(30, 30), { contentType: 'image/png' })).toBe(true);
  });
});

describe('previews that wait', () => {
  test('are made after a restart', () =>
    withTempDir(async (dataDir) => {
      const options = { dataDir, strict: true };
      const first = await startLocalSynapse(options);
      const alice = new Session(api(first, first.authToken));
      const { id } = await uploadFile(alice, pngImage(20, 20), { contentType: 'image/png' });
      await first.close();
      const second = await startLocalSynapse(options);
      try {
        const again = new Session(api(second, second.authToken));
        expect(await waitForPreview(again, id)).toMatchObject({ contentType: 'image/png' });
      } finally {
        await second.close();
      }
    }));
});

describe('the kind of a preview', () => {
  test('follows from the content type and, for spreadsheets, the name', () => {
    const contentSize = 1;
    const kind = (contentType?: string, fileName?: string): string | undefined =>
      previewKindOf({ contentType, fileName, contentSize });
    expect(kind('Text/CSV; charset=utf-8')).toBe('commas');
    expect(kind('application/vnd.ms-excel', 'a.b.TSV')).toBe('tabs');
    expect(kind('application/vnd.ms-excel', '.csv')).toBeUndefined();
    expect(kind('text/html')).toBe('text');
    expect(kind('image/tiff')).toBeUndefined();
    expect(kind()).toBeUndefined();
  });

  test('is none for an empty file, and for one that would need too much memory', () => {
    const text = { contentType: 'text/plain' };
    expect(previewKindOf({ ...text, contentSize: 0 })).toBeUndefined();
    expect(previewKindOf({ ...text, contentSize: 1024 ** 3 })).toBe('text');
    expect(previewKindOf({ ...text, contentSize: 1024 ** 3 + 1 })).toBeUndefined();
    const image = { contentType: 'image/png', contentSize: 20 * 1024 ** 2 };
    expect(previewKindOf(image)).toBeUndefined();
    expect(previewKindOf({ ...image, contentType: 'image/bmp' })).toBe('image');
  });
});

describe('the size of an image', () => {
  test('is read from its first bytes', () => {
    const size = { width: 31, height: 17 };
    expect(imageSize(pngImage(31, 17))).toEqual(size);
    expect(imageSize(bmpImage(31, 17))).toEqual(size);
    expect(imageSize(jpegImage(31, 17))).toEqual(size);
    expect(imageSize(gifImage())).toEqual({ width: 1, height: 1 });
  });

  test('is unknown of bytes that are not an image, or end early', () => {
    for (const image of [pngImage(5, 5), bmpImage(5, 5), jpegImage(5, 5), gifImage()]) {
      expect(imageSize(image.subarray(0, 12))).toBeUndefined();
    }
    expect(imageSize(Buffer.from('RIFF'))).toBeUndefined();
    expect(imageSize(Buffer.alloc(0))).toBeUndefined();
  });

  test('fits into 1024 x 768 in the preview', () => {
    expect(previewSize({ width: 1024, height: 768 })).toEqual({ width: 1024, height: 768 });
    expect(previewSize({ width: 2000, height: 500 })).toEqual({ width: 1024, height: 256 });
    expect(previewSize({ width: 500, height: 2000 })).toEqual({ width: 192, height: 768 });
    expect(previewSize({ width: 1100, height: 900 })).toEqual({ width: 938, height: 768 });
  });
});
