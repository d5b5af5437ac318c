import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import { withSessions, type Stored } from '../server/entitySession.js';
import { fileTypes, md5Of, storage, uploadFile } from '../server/filesClient.js';
import { TableSession } from '../server/tableSession.js';
import { pngImage } from './imageFiles.js';
import { waitForPreview } from './previewFiles.js';

const server = withSessions();
const imageFields = { fileName: 'LittleImage.png', contentType: 'image/png' };

let folder: Stored;
let file: Stored;
let image: Buffer;
let handle: Required<M.S3FileHandle>;
let association: Required<M.FileHandleAssociation>;
let width = 10;

beforeEach(async () => {
  const { alice } = server;
  const { id: parentId } = await alice.create('project', {});
  width += 1;
  image = pngImage(width, 30);
  handle = await uploadFile(alice, image, { ...imageFields, generatePreview: true });
  folder = await alice.create('folder', { parentId, name: 'someFolder' });
  file = await alice.create('file', {
    parentId: folder.id,
    name: 'someFile',
    dataFileHandleId: handle.id,
  });
  association = {
    associateObjectId: file.id,
    associateObjectType: 'FileEntity',
    fileHandleId: handle.id,
  };
  await alice.delete('/file/v1/download/list');
});

/** The content behind a URL that an answer names, and the path of the URL. */
async function download({ status, body }: Answer): Promise<{ content: Buffer; path: string }> {
  expect(status).toBe(200);
  const served = await storage(String(body));
  expect(served.status).toBe(200);
  return { content: served.body, path: decodeURIComponent(new URL(String(body)).pathname) };
}

const copy = (requests: readonly object[]): Promise<Answer> =>
  server.alice.post('/file/v1/filehandles/copy', { copyRequests: requests });

async function legacyList(path: string): Promise<M.DownloadList> {
  const answer = await server.alice.post(`/file/v1/download/list${path}`, { list: [association] });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as M.DownloadList;
}

describe('IT054FileEntityTest', () => {
  test('testFileEntityRoundTrip: a file and its preview are listed and served for each version', async () => {
    const { alice } = server;
    const preview = await waitForPreview(alice, handle.id);
    for (const version of ['', '/version/1']) {
      const path = `/entity/${file.id}${version}`;
      expect((await alice.get(`${path}/filehandles`)).body).toMatchObject({
        list: [{ id: handle.id }, { id: preview.id, isPreview: true }],
      });
      const content = await download(await alice.get(`${path}/file?redirect=false`));
      expect(content.path).toContain(handle.key);
      expect(md5Of(content.content)).toBe(handle.contentMd5);
      const shown = await download(await alice.get(`${path}/filepreview?redirect=false`));
      expect(shown.path).toContain(preview.key);
      expect(shown.content.length).toBeGreaterThan(0);
    }
  });

  test('testFileEntityRoundTrip: a batch has the handle and the URL of a file', async () => {
    const answer = await server.alice.post('/file/v1/fileHandle/batch', {
      includeFileHandles: true,
      includePreSignedURLs: true,
      requestedFiles: [association],
    });
    const { requestedFiles } = answer.body as Required<M.BatchFileResult>;
    expect(requestedFiles).toMatchObject([
      { fileHandleId: handle.id, fileHandle: { id: handle.id }, preSignedURL: expect.any(String) },
    ]);
    expect(requestedFiles[0]).not.toHaveProperty('failureCode');
  });

  test('testFileEntityRoundTrip: a copy of a handle is a file of its own with the same content', async () => {
    const { body } = await copy([
      { originalFile: association, newFileName: 'newFileName' },
      { originalFile: { ...association, fileHandleId: '-1' } },
    ]);
    const { copyResults } = body as Required<M.BatchFileHandleCopyResult>;
    expect(copyResults).toMatchObject([
      { originalFileHandleId: handle.id },
      { originalFileHandleId: '-1', failureCode: 'UNAUTHORIZED' },
    ]);
    expect(copyResults[1]).not.toHaveProperty('newFileHandle');
    const made = copyResults[0]?.newFileHandle as Required<M.S3FileHandle>;
    const { contentMd5, contentType, concreteType, contentSize } = handle;
    const { storageLocationId, bucketName, key } = handle;
    expect(made).toMatchObject({
      ...{ contentMd5, contentType, concreteType, contentSize },
      ...{ storageLocationId, bucketName, key },
      createdBy: String(server.userId('alice')),
      fileName: 'newFileName',
    });
    expect(made.id).not.toBe(handle.id);
    expect(made.etag).not.toBe(handle.etag);
    expect(made.createdOn).not.toBe(handle.createdOn);
    const { id } = await waitForPreview(server.alice, made.id);
    expect(id).not.toBe((await waitForPreview(server.alice, handle.id)).id);
  });

  test('testGetEntityHeaderByMd5: files are found by the checksum of their content', async () => {
    const { alice } = server;
    const none = await alice.get('/entity/md5/548c050497fb361742b85e0835c0cc96');
    expect(none).toMatchObject({ status: 200, body: { results: [] } });
    const found = await alice.get(`/entity/md5/${handle.contentMd5}`);
    expect(found.body).toMatchObject({ results: [{ id: file.id }], totalNumberOfResults: 1 });
  });

  test('testAddFilesToDownloadListAsynch: the files of a folder are added to the list', async () => {
    const answer = await new TableSession(server.alice).job('/file/v1/download/list/add/async', {
      concreteType: `${fileTypes}.AddFileToDownloadListRequest`,
      folderId: folder.id,
    });
    expect(answer.body).toMatchObject({ downloadList: { filesToDownload: [association] } });
  });

  test('testDownloadListAddRemoveClearGet: a list has what was added and not removed', async () => {
    const { alice } = server;
    const list = await legacyList('/add');
    expect(list.filesToDownload).toEqual([association]);
    expect((await alice.get('/file/v1/download/list')).body).toEqual(list);
    expect((await legacyList('/remove')).filesToDownload).toEqual([]);
    expect((await legacyList('/add')).filesToDownload).toEqual([association]);
    expect(await alice.delete('/file/v1/download/list')).toMatchObject({ status: 200 });
    expect((await alice.get('/file/v1/download/list')).body).toMatchObject({
      filesToDownload: [],
    });
  });

  test('testCreateDownloadOrder: an order takes the files from the list', async () => {
    const { alice } = server;
    await legacyList('/add');
    const made = await alice.post('/file/v1/download/order?zipFileName=theNameOfTheZip.zip', {});
    expect(made).toMatchObject({ status: 201, body: { files: [association] } });
    const order = made.body as Required<M.DownloadOrder>;
    expect((await alice.get('/file/v1/download/list')).body).toMatchObject({
      filesToDownload: [],
    });
    expect((await alice.get(`/file/v1/download/order/${order.orderId}`)).body).toEqual(order);
    const history = await alice.post('/file/v1/download/order/history', {});
    const { page } = history.body as Required<M.DownloadOrderSummaryResponse>;
    expect(page[0]).toMatchObject({ orderId: order.orderId });
  });

  test('testUpdateFileHandle: the handle of a version is replaced by a copy of it', async () => {
    const { alice } = server;
    const { body } = await copy([{ originalFile: association, newFileName: 'NewFileName' }]);
    const [result] = (body as Required<M.BatchFileHandleCopyResult>).copyResults;
    const newFileHandleId = result?.newFileHandle?.id;
    const changed = await alice.put(`/entity/${file.id}/version/1/filehandle`, {
      oldFileHandleId: handle.id,
      newFileHandleId,
    });
    expect(changed).toMatchObject({ status: 200 });
    expect(await alice.read(file.id)).toMatchObject({
      versionNumber: 1,
      dataFileHandleId: newFileHandleId,
    });
  });

  test('testSpecialCharactersInName: a file whose name has every allowed character is served', async () => {
    const { alice } = server;
    const name = "test file12345,_-.+()'";
    const special = await uploadFile(alice, Buffer.from('some data'), { fileName: `${name}.txt` });
    const { id } = await alice.create('file', {
      name,
      parentId: folder.id,
      dataFileHandleId: special.id,
    });
    const answer = await alice.get(
      `/file/v1/file/${special.id}?redirect=false&fileAssociateType=FileEntity&fileAssociateId=${id}`,
    );
    expect((await download(answer)).content.toString()).toBe('some data');
  });

  test('testUpdateFileEntityHandleWithSameMd5: another handle with the same content is no new version', async () => {
    const { alice } = server;
    const other = await uploadFile(alice, image, { ...imageFields, fileName: 'other.png' });
    const changed = await alice.put(`/entity/${file.id}`, {
      ...file,
      dataFileHandleId: other.id,
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { versionNumber: 1, dataFileHandleId: other.id },
    });
    expect((changed.body as Stored).etag).not.toBe(file.etag);
  });
});
