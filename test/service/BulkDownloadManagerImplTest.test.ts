import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import type { Column } from '../server/tableSession.js';
import { ViewSession } from './viewSession.js';

const server = withSessions();

let project: Stored;
let stored: Stored;
let external: Stored;
let name: Column;

const alice = (): ViewSession => new ViewSession(server.alice);
const list = '/file/v1/download/list';

beforeAll(async () => {
  name = await alice().column({ name: 'name', columnType: 'STRING', maximumSize: 256 });
});

beforeEach(async () => {
  expect(await server.alice.delete(list)).toMatchObject({ status: 200 });
  project = await alice().project();
  stored = await alice().storedFile(project.id, 'stored.txt', 'content');
  external = await alice().file(project.id, 'external');
});

function associationOf(file: Stored): M.FileHandleAssociation {
  return {
    ...(file.dataFileHandleId !== undefined && { fileHandleId: file.dataFileHandleId }),
    associateObjectId: file.id,
    associateObjectType: 'FileEntity',
  };
}

function add(files: readonly M.FileHandleAssociation[]) {
  return server.alice.post(`${list}/add`, { list: files });
}

function remove(files: readonly M.FileHandleAssociation[]) {
  return server.alice.post(`${list}/remove`, { list: files });
}

async function listed(): Promise<M.FileHandleAssociation[]> {
  const { body } = await server.alice.get(list);
  return [...((body as M.DownloadList).filesToDownload ?? [])];
}

function order(fileName = 'my.zip') {
  const path = `/file/v1/download/order?zipFileName=${fileName}`;
  return server.alice.post(path, undefined);
}

const tooMany = refusal(
  400,
  'We’re Sorry. Our current Download List allowance is 100 files. Please use either Programmatic Options for Download, remove existing files from your Download List, or change the size of your query.',
);

describe('BulkDownloadManagerImplTest', () => {
  test('testAddFilesFromFolder: only the files of a folder itself are added', async () => {
    const folder = await server.alice.create('folder', { name: 'inner', parentId: project.id });
    await alice().file(folder.id, 'inner');
    expect(await alice().addToHandleList({ folderId: project.id })).toMatchObject({ status: 201 });
    expect(await listed()).toEqual([stored, external].map(associationOf));
  });

  test('testAddFilesFromFolderNoChildren: an empty folder adds nothing', async () => {
    const { id } = await alice().project();
    expect(await alice().addToHandleList({ folderId: id })).toMatchObject({
      status: 201,
      body: { downloadList: { filesToDownload: [] } },
    });
  });

  describe('with 99 files', () => {
    beforeEach(async () => {
      const others = Array.from({ length: 99 }, (_, index) => ({
        ...associationOf(external),
        fileHandleId: String(70_000_000 + index),
      }));
      expect(await add(others)).toMatchObject({ status: 201 });
    });

    test('testAddFilesFromFolderOverLimit: a folder with too many files adds none', async () => {
      expect(await alice().addToHandleList({ folderId: project.id })).toEqual(tooMany);
      expect(await listed()).toHaveLength(99);
    });

    test('testAddFileHandleAssociationsOverLimit: a list has at most 100 files', async () => {
      expect(await add([associationOf(stored), associationOf(external)])).toEqual(tooMany);
      expect(await listed()).toHaveLength(99);
      expect(await add([associationOf(stored)])).toMatchObject({ status: 201 });
      expect(await listed()).toHaveLength(100);
    });
  });

  test('testAddFilesFromQuery: the rows of a view add the handles of their versions', async () => {
    const { id } = await alice().fileView(project.id, [name]);
    const query = { sql: `select name from ${id} where name = 'stored.txt'` };
    expect(await alice().addToHandleList({ query })).toMatchObject({ status: 201 });
    expect(await listed()).toEqual([associationOf(stored)]);
  });

  test('testAddFilesFromQueryWithSnapshot: the rows of a snapshot add the handles of their versions', async () => {
    const { id } = await alice().fileView(project.id, [name]);
    const version = await alice().snapshot(id);
    const other = await alice().storedFile(project.id, 'other.txt', 'other content');
    const { dataFileHandleId } = other;
    await server.alice.update(stored, { dataFileHandleId, versionLabel: 'b' }, '?newVersion=true');
    const query = { sql: `select * from ${id}.${version} where name = 'stored.txt'` };
    expect(await alice().addToHandleList({ query })).toMatchObject({ status: 201 });
    expect(await listed()).toEqual([associationOf(stored)]);
  });

  test('testAddFilesFromQueryNotAview: a table adds nothing', async () => {
    const { id } = await alice().table([name]);
    const query = { sql: `select * from ${id}` };
    expect(await alice().addToHandleList({ query })).toEqual(
      refusal(400, 'Files can only be added from a file view query.'),
    );
  });

  test('testAddFilesFromQueryTooManyRows: a query has at most 100 rows', async () => {
    const { id: parentId } = await alice().project();
    await alice().files(parentId, 101);
    const { id } = await alice().fileView(parentId, [name]);
    expect(await alice().addToHandleList({ query: { sql: `select * from ${id}` } })).toEqual(
      tooMany,
    );
    const query = { sql: `select * from ${id} limit 100` };
    expect(await alice().addToHandleList({ query })).toMatchObject({ status: 201 });
    expect(await listed()).toHaveLength(100);
  });

  test('testAddFilesFromQueryParseException: a text that is no SQL is refused', async () => {
    expect(await alice().addToHandleList({ query: { sql: 'not sql' } })).toMatchObject({
      status: 400,
    });
    expect(await listed()).toEqual([]);
  });

  test('testAddFileHandleAssociations: files are added once', async () => {
    const files = [associationOf(stored), associationOf(external)];
    expect(await add([...files, ...files])).toMatchObject({
      status: 201,
      body: { ownerId: String(server.userId('alice')), filesToDownload: files },
    });
  });

  test('testAddFileHandleAssociationsEmpty: no files may be added', async () => {
    await add([associationOf(stored)]);
    expect(await add([])).toMatchObject({
      status: 201,
      body: { filesToDownload: [associationOf(stored)] },
    });
  });

  test('testAddFileHandleAssociationsNullList: files to add are required', async () => {
    expect(await server.alice.post(`${list}/add`, {})).toEqual(
      refusal(400, 'List<FileHandleAssociation> is required.'),
    );
  });

  test('testRemoveFileHandleAssociations: files are taken off the list', async () => {
    await add([associationOf(stored), associationOf(external)]);
    expect(await remove([associationOf(stored)])).toMatchObject({
      status: 201,
      body: { filesToDownload: [associationOf(external)] },
    });
  });

  test('testRemoveFileHandleAssociationsEmpty: no files may be taken off', async () => {
    await add([associationOf(stored)]);
    expect(await remove([])).toMatchObject({ status: 201 });
    expect(await listed()).toEqual([associationOf(stored)]);
  });

  test('testRemoveFileHandleAssociationsNullList: files to remove are required', async () => {
    expect(await server.alice.post(`${list}/remove`, {})).toEqual(
      refusal(400, 'List<FileHandleAssociation> is required.'),
    );
  });

  test('testGetDownloadList: the list names its owner', async () => {
    await add([associationOf(stored)]);
    expect(await server.alice.get(list)).toMatchObject({
      status: 200,
      body: {
        ownerId: String(server.userId('alice')),
        etag: expect.any(String),
        updatedOn: expect.any(String),
        filesToDownload: [associationOf(stored)],
      },
    });
  });

  test('testClearDownloadList: the list is emptied', async () => {
    await add([associationOf(stored)]);
    expect(await server.alice.delete(list)).toMatchObject({ status: 200 });
    expect(await listed()).toEqual([]);
  });
});

describe('orders', () => {
  test.each([
    ['testCreateDownloadOrder: an order has the files that can be packed, and takes them off'],
    ['testGetSizesOfDownloadableFilesAuthorizedS3File: stored files are counted'],
    ['testGetSizesOfDownloadableFilesAuthorizedExternal: files that are elsewhere are not'],
    ['testBuildDownloadOrderUnderSizeLimit: the sizes of the files are added'],
  ])('%s', async () => {
    await add([associationOf(stored), associationOf(external)]);
    expect(await order()).toMatchObject({
      status: 201,
      body: {
        files: [associationOf(stored)],
        totalNumberOfFiles: 1,
        totalSizeBytes: 7,
        zipFileName: 'my.zip',
        createdBy: String(server.userId('alice')),
      },
    });
    expect(await listed()).toEqual([associationOf(external)]);
  });

  test('testCreateDownloadOrderEmptyList: an empty list makes no order', async () => {
    expect(await order()).toEqual(refusal(400, 'The download list is empty'));
  });

  test.each([
    ['testCreateDownloadOrderNoFilesCanBeDownload: an order needs a file that can be packed', true],
    ['testGetSizesOfDownloadableFilesUnauthorizedExternal: files of others elsewhere', true],
    ['testBuildDownloadOrderUnderSizeLimitEmptyMap: no sizes', true],
    ['testGetSizesOfDownloadableFilesUnauthorizedS3File: files of others', false],
    ['testGetSizesOfDownloadableFilesNotFound: files that do not exist', false],
  ])('%s', async (title, isElsewhere) => {
    const bobs = await new ViewSession(server.bob).project();
    const file = isElsewhere
      ? await new ViewSession(server.bob).file(bobs.id, 'file')
      : await new ViewSession(server.bob).storedFile(bobs.id, 'file', 'content');
    const gone = { ...associationOf(stored), fileHandleId: '99999999' };
    await add([title.includes('NotFound') ? gone : associationOf(file)]);
    expect(await order()).toEqual(
      refusal(400, 'Could not download any files from the download list.'),
    );
    expect(await listed()).toHaveLength(1);
  });

  test('testGetDownloadHistory: orders are listed without their files', async () => {
    await add([associationOf(stored)]);
    const { body } = await order();
    const { files, ...summary } = body as M.DownloadOrder;
    expect(files).toHaveLength(1);
    const history = await server.alice.post('/file/v1/download/order/history', {});
    expect((history.body as M.DownloadOrderSummaryResponse).page[0]).toEqual(summary);
  });

  test.each([
    ['testGetDownloadOrder: the owner reads an order'],
    ['testGetDownloadOrderUnauthorized: others do not'],
  ])('%s', async () => {
    await add([associationOf(stored)]);
    const { body } = await order();
    const path = `/file/v1/download/order/${(body as Required<M.DownloadOrder>).orderId}`;
    expect(await server.alice.get(path)).toMatchObject({ status: 200, body });
    expect(await server.bob.get(path)).toEqual(
      refusal(403, 'Only the owner may get a DownloadOrder'),
    );
    expect(await server.alice.get('/file/v1/download/order/999999')).toEqual(
      refusal(404, "Download order '999999' does not exist"),
    );
  });
});
