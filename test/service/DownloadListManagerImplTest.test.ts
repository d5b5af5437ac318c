import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import { contentUrl, storage } from '../server/filesClient.js';
import { rowSet } from '../server/tableSession.js';
import { numberOf, ViewSession } from './viewSession.js';
import { zipNames } from './zipNames.js';

const server = withSessions();

let project: Stored;
let first: Stored;
let second: Stored;

const alice = (): ViewSession => new ViewSession(server.alice);
const anonymous = (): ViewSession => new ViewSession(server.anonymous);

const login = refusal(403, 'You must login to access your download list');

beforeAll(async () => {
  project = await alice().project();
  first = await alice().storedFile(project.id, 'first.txt', 'first');
  second = await alice().storedFile(project.id, 'second.txt', 'the second');
});

beforeEach(async () => {
  for (const session of [server.alice, server.bob]) {
    expect(await session.delete('/download/list')).toMatchObject({ status: 200 });
  }
});

const both = (): M.DownloadListItem[] => [
  { fileEntityId: first.id },
  { fileEntityId: second.id, versionNumber: 1 },
];

function added(count: number, status = 201): object {
  return { status, body: { numberOfFilesAdded: count } };
}

/** Ids and versions of what can be downloaded. */
async function listed(fields: object = {}): Promise<unknown[][]> {
  const files = await alice().available(fields);
  return files.map(({ fileEntityId, versionNumber }) => [fileEntityId, versionNumber]);
}

function removeBatch(session: ViewSession, batchToRemove?: readonly object[]) {
  return session.session.post('/download/list/remove', { ...(batchToRemove && { batchToRemove }) });
}

describe('DownloadListManagerImplTest', () => {
  test('testAddBatchOfFilesToDownloadList: each file and version is added once', async () => {
    expect(await alice().addBatch(both())).toMatchObject(added(2, 200));
    expect(await alice().addBatch(both())).toMatchObject(added(0, 200));
    expect(await listed()).toEqual([
      [first.id, undefined],
      [second.id, 1],
    ]);
  });

  test('testAddBatchOfFilesToDownloadListWithNonFilesFiltered: what is no file is left out', async () => {
    const batch = [...both(), { fileEntityId: project.id }];
    expect(await alice().addBatch(batch)).toMatchObject(added(2, 200));
  });

  test('testAddBatchOfFilesToDownloadListWithNullBatch: files to add are required', async () => {
    expect(await server.alice.post('/download/list/add', {})).toEqual(
      refusal(400, 'batch is required.'),
    );
  });

  test('testAddBatchOfFilesToDownloadListWithEmptyBatch: there must be a file to add', async () => {
    expect(await alice().addBatch([])).toEqual(
      refusal(400, 'Batch must contain at least one item'),
    );
  });

  test('testAddBatchOfFilesToDownloadListWithOverBatchLimit: at most 1000 files are added at once', async () => {
    const batch = Array.from({ length: 1001 }, () => ({ fileEntityId: first.id }));
    expect(await alice().addBatch(batch)).toEqual(
      refusal(400, "Batch size of '1001' exceeds the maximum of '1000'"),
    );
    expect(await listed()).toEqual([]);
  });

  test('testAddBatchOfFilesToDownloadListWithNullAnonymous: nobody adds nothing', async () => {
    expect(await anonymous().addBatch(both())).toEqual(login);
  });

  test('testRemoveBatchOfFilesToDownloadList: a file without a version is not the same as one with', async () => {
    await alice().addBatch(both());
    const batch = [{ fileEntityId: first.id }, { fileEntityId: second.id }];
    expect(await removeBatch(alice(), batch)).toMatchObject({
      status: 200,
      body: { numberOfFilesRemoved: 1 },
    });
    expect(await listed()).toEqual([[second.id, 1]]);
  });

  test('testRemoveBatchOfFilesToDownloadListWithNullBatch: files to remove are required', async () => {
    expect(await removeBatch(alice())).toEqual(refusal(400, 'batch is required.'));
  });

  test('testRemoveBatchOfFilesToDownloadListWithEmptyBatch: there must be a file to remove', async () => {
    expect(await removeBatch(alice(), [])).toEqual(
      refusal(400, 'Batch must contain at least one item'),
    );
  });

  test('testRemoveBatchOfFilesToDownloadListWithNullAnonymous: nobody removes nothing', async () => {
    expect(await removeBatch(anonymous(), both())).toEqual(login);
  });

  test('testClearDownloadList: only the list of the caller is emptied', async () => {
    await alice().addBatch(both());
    expect(await server.bob.delete('/download/list')).toMatchObject({ status: 200 });
    expect(await listed()).toHaveLength(2);
    expect(await server.alice.delete('/download/list')).toMatchObject({ status: 200 });
    expect(await listed()).toEqual([]);
  });

  test('testClearDownloadListWithAnonymous: nobody empties nothing', async () => {
    expect(await server.anonymous.delete('/download/list')).toEqual(login);
  });

  test('testCreateAccessCallbackFilter: files without DOWNLOAD are not available', async () => {
    const bob = new ViewSession(server.bob);
    await bob.addBatch(both());
    expect(await bob.available()).toEqual([]);
    const own = await bob.project();
    const file = await bob.file(own.id, 'own');
    await bob.addBatch([{ fileEntityId: file.id }]);
    expect(await bob.available()).toMatchObject([{ fileEntityId: file.id }]);
  });
});

describe('what is available', () => {
  test.each([
    ['testGetDefaultSort: files are sorted by id, then by version', {}],
    ['testQueryAvailableFilesWithNullSort: no sort is the default one', {}],
    ['testQueryAvailableFilesWithEmptySort: an empty sort is the default one', { sort: [] }],
  ])('%s', async (_, fields) => {
    await alice().addBatch([
      { fileEntityId: second.id, versionNumber: 1 },
      { fileEntityId: first.id, versionNumber: 1 },
    ]);
    expect(await listed(fields)).toEqual([
      [first.id, 1],
      [second.id, 1],
    ]);
  });

  test('testQueryAvailableFiles: a sort has fields and directions', async () => {
    await alice().addBatch(both());
    const sort = [{ field: 'fileSize', direction: 'DESC' }];
    expect((await listed({ sort })).map(([id]) => id)).toEqual([second.id, first.id]);
    expect(await alice().askList('AvailableFiles', { sort: [{}] })).toEqual(
      refusal(400, 'sort.field is required.'),
    );
  });

  test.each([
    ['testQueryAvailableFilesWithNullFilter: without a filter there are all files', undefined, 2],
    [
      'testQueryAvailableFilesWithFilter: a filter tells what can be packed',
      'eligibleForPackaging',
      1,
    ],
  ])('%s', async (_, filter, count) => {
    const external = await alice().file(project.id, crypto.randomUUID());
    await alice().addBatch([{ fileEntityId: first.id }, { fileEntityId: external.id }]);
    expect(await listed(filter === undefined ? {} : { filter })).toHaveLength(count);
    expect(await listed({ filter: 'ineligibleForPackaging' })).toEqual([[external.id, undefined]]);
  });

  test('testQueryAvailableFilesWithNextPageToken: a token tells the size of a page', async () => {
    await alice().addBatch(both());
    const page = await alice().askList('AvailableFiles', { nextPageToken: '1a0' });
    expect(page).toMatchObject({
      body: { responseDetails: { page: [{ fileEntityId: first.id }], nextPageToken: '1a1' } },
    });
    const last = await alice().askList('AvailableFiles', { nextPageToken: '1a1' });
    const { responseDetails } = last.body as { responseDetails: M.AvailableFilesResponse };
    expect(responseDetails.page).toMatchObject([{ fileEntityId: second.id }]);
    expect(responseDetails).not.toHaveProperty('nextPageToken');
  });

  test.each([
    ['testGetListStatisticsWithAnonymous: nobody has no statistics', 'FilesStatistics'],
    ['testQueryAvailableFilesWithAnonymous: nobody has no files', 'AvailableFiles'],
    ['testQueryActionRequiredWithAnonymous: nobody has no actions', 'ActionRequired'],
  ])('%s', async (_, kind) => {
    expect(await anonymous().askList(kind)).toEqual(login);
  });

  test.each([
    ['testQueryDownloadListWithAvaiable: a query of files', 'AvailableFiles'],
    ['testQueryDownloadListWithStatistics: a query of statistics', 'FilesStatistics'],
    ['testQueryDownloadListWithRequiresAction: a query of actions', 'ActionRequired'],
  ])('%s', async (_, kind) => {
    expect(await alice().askList(kind)).toMatchObject({
      status: 201,
      body: {
        responseDetails: {
          concreteType: `org.sagebionetworks.repo.model.download.${kind}Response`,
        },
      },
    });
  });

  test('testQueryDownloadListWithNullRequest: a query says what it is of', async () => {
    const answer = await alice().job('/download/list/query/async', {
      concreteType: 'org.sagebionetworks.repo.model.download.DownloadListQueryRequest',
    });
    expect(answer).toEqual(refusal(400, 'requestBody.requestDetails is required.'));
  });

  test('testQueryActionRequired: actions are counted, the most needed first', async () => {
    const bob = new ViewSession(server.bob);
    const other = await alice().project();
    const third = await alice().file(other.id, 'third');
    await bob.addBatch([{ fileEntityId: third.id }, ...both()]);
    expect(await bob.required()).toMatchObject([
      { action: { benefactorId: numberOf(project) }, count: 2 },
      { action: { benefactorId: numberOf(other) }, count: 1 },
    ]);
    const page = await bob.askList('ActionRequired', { nextPageToken: '1a0' });
    expect(page).toMatchObject({ body: { responseDetails: { nextPageToken: '1a1' } } });
  });

  test('testQueryActionRequiredWithNextPage: a token leads to the other actions', async () => {
    const bob = new ViewSession(server.bob);
    const other = await alice().project();
    await bob.addBatch([{ fileEntityId: (await alice().file(other.id, 'x')).id }, ...both()]);
    expect(await bob.askList('ActionRequired', { nextPageToken: '1a1' })).toMatchObject({
      body: { responseDetails: { page: [{ action: { benefactorId: numberOf(other) } }] } },
    });
  });
});

describe('adding containers', () => {
  let parentId: string;
  let file: Stored;

  beforeEach(async () => {
    parentId = (await alice().project()).id;
    file = await alice().file(parentId, 'file');
  });

  test.each([
    ['testAddToDownloadListWithFolder: a container without versions', false],
    ['testAddToDownloadListWithFolderWithVersion: a container with versions', true],
    ['testAddToDownloadListFolder: versions are the default', undefined],
  ])('%s', async (_, useVersionNumber) => {
    const fields = useVersionNumber === undefined ? {} : { useVersionNumber };
    expect(await alice().addToList({ parentId, ...fields })).toMatchObject(added(1));
    expect(await listed()).toEqual([[file.id, useVersionNumber === false ? undefined : 1]]);
  });

  test('testAddToDownloadListWithDatasetAsParentId: a dataset adds its items in their versions', async () => {
    const items = [{ entityId: file.id, versionNumber: 1 }];
    const dataset = await alice().view('dataset', { parentId, columns: [], items });
    const request = { parentId: dataset.id, useVersionNumber: false };
    expect(await alice().addToList(request)).toMatchObject(added(1));
    expect(await listed()).toEqual([[file.id, 1]]);
  });

  test('testAddToDownloadListFolderWithUnauthorized: a container must be readable', async () => {
    expect(await new ViewSession(server.bob).addToList({ parentId })).toEqual(
      refusal(403, 'You lack READ access to the requested entity.'),
    );
  });

  test('testAddToDownloadListWithAnonymous: nobody adds nothing', async () => {
    expect(await anonymous().addToList({ parentId })).toEqual(login);
  });

  test('testAddToDownloadListWithNullQueryAndFolderId: a query or a container is required', async () => {
    expect(await alice().addToList({})).toEqual(
      refusal(400, 'Must include either request.parentId or request.query().'),
    );
  });

  test('testAddToDownloadListWithQueryAndFolderId: a query and a container are too much', async () => {
    const query = { sql: 'select * from syn123' };
    expect(await alice().addToList({ parentId, query })).toEqual(
      refusal(400, 'Please provide request.parentId or request.query() but not both.'),
    );
  });
});

describe('adding queries', () => {
  let view: Stored;

  beforeEach(async () => {
    view = await alice().fileView(project.id, await alice().defaults('entityview', 1));
  });

  test.each([
    ['testAddToDownloadListWithQuery: rows without versions', false],
    ['testAddToDownloadListWithQueryWithVersion: rows with versions', true],
    ['testAddQueryResultsToDownloadListWithVersionTrue: versions of rows', true],
    ['testAddQueryResultsToDownloadListWithUserVersionFalse: no versions of rows', false],
  ])('%s', async (_, useVersionNumber) => {
    const query = { sql: `select name from ${view.id} where name = 'first.txt'` };
    expect(await alice().addToList({ query, useVersionNumber })).toMatchObject(added(1));
    expect(await listed()).toEqual([[first.id, useVersionNumber ? 1 : undefined]]);
  });

  test('testAddQueryResultsToDownloadListWithDataset: rows of a dataset have their versions', async () => {
    const items = [{ entityId: first.id, versionNumber: 1 }];
    const columns = (await alice().defaults('dataset')).slice(0, 1);
    const dataset = await alice().view('dataset', { parentId: project.id, columns, items });
    const query = { sql: `select * from ${dataset.id}` };
    expect(await alice().addToList({ query })).toMatchObject(added(1));
    expect(await listed()).toEqual([[first.id, 1]]);
  });

  describe('of a table', () => {
    let id: string;
    let fileColumn: number;
    let versionColumn: number;

    beforeEach(async () => {
      const columns = await alice().columns(
        { name: 'file', columnType: 'ENTITYID' },
        { name: 'version', columnType: 'INTEGER' },
      );
      ({ id } = await alice().table(columns));
      [fileColumn = 0, versionColumn = 0] = columns.map((column) => Number(column.id));
      const rows = [first, second, project].map((each) => ({ values: [each.id, '1'] }));
      await alice().change(id, [rowSet(id, columns, rows)]);
    });

    test('testAddQueryResultsToDownloadListWithSelectFileColumn: a column names the files', async () => {
      const query = { sql: `select * from ${id}`, selectFileColumn: fileColumn };
      expect(await alice().addToList({ query, useVersionNumber: false })).toMatchObject(added(2));
      expect(await listed()).toEqual([
        [first.id, undefined],
        [second.id, undefined],
      ]);
      for (const wrong of [versionColumn, 1]) {
        const other = { ...query, selectFileColumn: wrong };
        expect(await alice().addToList({ query: other, useVersionNumber: false })).toEqual(
          refusal(
            400,
            'The query.selectFileColumn must be an ENTITYID column that is part of the schema of the underlying table/view',
          ),
        );
      }
    });

    test('testAddQueryResultsToDownloadListWithSelectFileColumnAndUSeVersion: a table has no versions of files of its own', async () => {
      const sql = `select * from ${id}`;
      const lacks = (member: string) =>
        refusal(
          400,
          `'${id}' is not a file view or a dataset, the query.${member} must be specified`,
        );
      expect(await alice().addToList({ query: { sql } })).toEqual(lacks('selectFileColumn'));
      const query = { sql, selectFileColumn: fileColumn };
      expect(await alice().addToList({ query })).toEqual(lacks('selectFileVersionColumn'));
    });

    test('testAddQueryResultsToDownloadListWithSelectFileColumnAndFileVersionColumn: a column names the versions', async () => {
      const query = {
        sql: `select * from ${id}`,
        ...{ selectFileColumn: fileColumn, selectFileVersionColumn: versionColumn },
      };
      expect(await alice().addToList({ query })).toMatchObject(added(2));
      expect(await listed()).toEqual([
        [first.id, 1],
        [second.id, 1],
      ]);
      const other = { ...query, selectFileVersionColumn: fileColumn };
      expect(await alice().addToList({ query: other })).toEqual(
        refusal(
          400,
          'The query.selectFileVersionColumn must be an INTEGER column that is part of the schema of the underlying table/view',
        ),
      );
    });

    test('testAddQueryResultsToDownloadListWithNonFileEntities: rows that name other entities are left out', async () => {
      const query = {
        sql: `select * from ${id} where file = '${project.id}'`,
        selectFileColumn: fileColumn,
      };
      expect(await alice().addToList({ query, useVersionNumber: false })).toMatchObject(added(0));
    });
  });

  test('testAddQueryResultsToDownloadListWithMultiplePages: the limits of a page do not count', async () => {
    const query = { sql: `select * from ${view.id}`, limit: 1, offset: 1 };
    const { length } = await alice().rows(query.sql);
    expect(length).toBeGreaterThan(1);
    expect(await alice().addToList({ query })).toMatchObject(added(length));
  });

  test.each([
    ['testAddQueryResultsToDownloadListWithBadQuery: a text that is no SQL', 'this is not sql'],
    ['testAddQueryResultsToDownloadListWithNullQuery: no text', undefined],
    [
      'testAddQueryResultsToDownloadListWithJoiny: a join',
      'select * from syn123 join syn456 on syn123.a = syn456.b',
    ],
  ])('%s', async (title, sql) => {
    const reason = title.includes('Joiny')
      ? 'The JOIN keyword is not supported in this context'
      : sql === undefined
        ? 'query.sql is required.'
        : expect.any(String);
    expect(await alice().addToList({ query: { ...(sql && { sql }) } })).toEqual(
      refusal(400, reason),
    );
    expect(await listed()).toEqual([]);
  });

  test('testAddQueryResultsToDownloadListWithTableFailedException: a view that cannot be built adds nothing', async () => {
    const other = await alice().project();
    const file = await alice().file(other.id, 'file');
    const column = await alice().column({ name: 'k', columnType: 'STRING', maximumSize: 1 });
    const { id } = await alice().fileView(other.id, [column]);
    await alice().annotate(file.id, { k: ['STRING', 'long'] });
    expect(await alice().addToList({ query: { sql: `select * from ${id}` } })).toMatchObject({
      body: { reason: expect.stringContaining("The size of the column 'k' is too small.") },
    });
    expect(await listed()).toEqual([]);
  });
});

describe('packages', () => {
  async function names(handleId: string): Promise<string[]> {
    const { body } = await storage(await contentUrl(server.alice, handleId));
    return zipNames(body);
  }

  async function pack(fields: object = {}): Promise<string[]> {
    const answer = await alice().package(fields);
    expect(answer).toMatchObject({ status: 201 });
    return names((answer.body as M.DownloadListPackageResponse).resultFileHandleId);
  }

  test.each([
    ['testPackageFiles: a package may have a name', { zipFileName: 'mine.zip' }, []],
    ['testPackageFilesWithNullIncludeManifest: a manifest is not made unasked', {}, []],
    [
      'testPackageFilesWithIncludeManifestFalse: a manifest may be left out',
      { includeManifest: false },
      [],
    ],
    [
      'testPackageFilesWithIncludeManifest: a manifest comes last',
      { includeManifest: true },
      ['manifest.csv'],
    ],
  ])('%s', async (_, fields, more) => {
    await alice().addBatch(both());
    expect(await pack(fields)).toEqual(['first.txt', 'second.txt', ...more]);
    expect(await listed()).toEqual([]);
  });

  test('testPackageFilesWithFileNameAtLimit: a name has at most 256 characters', async () => {
    await alice().addBatch(both());
    expect(await pack({ zipFileName: 'x'.repeat(256) })).toHaveLength(2);
  });

  test('testPackageFilesWithFileNameOverLimit: a longer name packs nothing', async () => {
    await alice().addBatch(both());
    expect(await alice().package({ zipFileName: 'x'.repeat(257) })).toMatchObject({ status: 400 });
    expect(await alice().package({ zipFileName: '../a.zip' })).toEqual(
      refusal(
        400,
        "Invalid Name: '../a.zip'. Names may only contain: letters, numbers, spaces, underscores, hyphens, periods, plus signs, apostrophes, and parentheses",
      ),
    );
    expect(await listed()).toHaveLength(2);
  });

  test('testPackageFilesWithEmptyDownloadList: an empty list is not packed', async () => {
    expect(await alice().package()).toEqual(refusal(400, 'No files are eligible for packaging.'));
  });

  test('testPackageFilesWithAnonymous: nobody packs nothing', async () => {
    expect(await anonymous().package()).toEqual(login);
  });

  test('testPackageFilesWithFilesWithDuplicateFileHandleIds: a file is packed once, and all its items leave the list', async () => {
    await alice().addBatch([
      { fileEntityId: first.id },
      { fileEntityId: first.id, versionNumber: 1 },
    ]);
    expect(await pack()).toEqual(['first.txt']);
    expect(await listed()).toEqual([]);
  });
});

describe('manifests', () => {
  async function manifest(fields: object = {}): Promise<{ text: string; handle: M.FileHandle }> {
    const answer = await alice().manifest(fields);
    expect(answer).toMatchObject({ status: 201 });
    const { resultFileHandleId: id } = answer.body as M.DownloadListManifestResponse;
    const { body } = await server.alice.get(`/file/v1/fileHandle/${id}`);
    return { text: await alice().content(id), handle: body as M.FileHandle };
  }

  const line = (text: string, index: number) => text.split('\n')[index] ?? '';

  test('testCreateManifest: the files are sorted by name', async () => {
    await alice().addBatch([...both()].reverse());
    const { text } = await manifest();
    expect(line(text, 1)).toContain('"first.txt"');
    expect(line(text, 2)).toContain('"second.txt"');
  });

  test('testCreateManifestWithAnonymous: nobody has no manifest', async () => {
    expect(await anonymous().manifest()).toEqual(login);
  });

  test('testBuildManifestWithNoFiles: an empty list has no manifest', async () => {
    expect(await alice().manifest()).toEqual(refusal(400, 'No files available for download.'));
  });

  test.each([
    ['testBuildManifest: keys of annotations are columns', 'b'],
    ['testMapKeysToColumnIndex: keys follow the properties, sorted', 'c'],
    ['testCopyFromTextToCSV: a file without the annotation has an empty cell', 'd'],
  ])('%s', async (_, key) => {
    const { id } = await alice().file(project.id, `zz ${crypto.randomUUID()}`);
    await alice().annotate(id, { [key]: ['STRING', '1', '2'], a: ['LONG', '7'] });
    await alice().addBatch([{ fileEntityId: first.id }, { fileEntityId: id }]);
    const { text } = await manifest();
    expect(line(text, 0)).toMatch(new RegExp(`"synapseURL","dataFileMD5Hex","a","${key}"$`));
    expect(line(text, 1)).toMatch(/",,$/);
    expect(line(text, 2)).toMatch(/,"7","\[1, 2\]"$/);
  });

  test.each([
    ['testBuildManifestCSVWithComma: commas make a CSV file', { separator: ',' }],
    ['testBuildManifestCSVWithNullSepeartor: no separator is a comma', {}],
    ['testBuildManifestCSVWithNullDescriptor: no descriptor is a comma', undefined],
  ])('%s', async (_, csvTableDescriptor) => {
    await alice().addBatch(both());
    const { text, handle } = await manifest({ ...(csvTableDescriptor && { csvTableDescriptor }) });
    expect(handle).toMatchObject({ fileName: 'manifest.csv', contentType: 'text/csv' });
    expect(line(text, 0).startsWith('"ID","name",')).toBe(true);
  });

  test('testBuildManifestCSVWithTab: tabs make a TSV file', async () => {
    await alice().addBatch(both());
    const { text, handle } = await manifest({ csvTableDescriptor: { separator: '\t' } });
    expect(handle).toMatchObject({ fileName: 'manifest.tsv', contentType: 'text/tsv' });
    expect(line(text, 0).startsWith('"ID"\t"name"\t')).toBe(true);
  });

  test.each([
    ['testBuildManifestCSVWithNoHeader: the header may be left out'],
    ['testCopyFromTextToCSVWithNoHeader: the first line is a file then'],
  ])('%s', async () => {
    await alice().addBatch(both());
    const { text } = await manifest({ csvTableDescriptor: { isFirstLineHeader: false } });
    expect(line(text, 0).startsWith(`"${first.id}","first.txt",`)).toBe(true);
  });
});

describe('an almost full list', () => {
  const max = 100_000;
  const carol = (): ViewSession => new ViewSession(server.carol);

  /** Adds versions of one file, which need not exist, until there is room for one more file. */
  beforeAll(async () => {
    await alice().grant(project.id, server.userId('carol'), ['READ', 'DOWNLOAD']);
    for (let start = 0; start < max; start += 1000) {
      const length = Math.min(1000, max - 1 - start);
      const batch = Array.from({ length }, (_, index) => ({
        ...{ fileEntityId: first.id, versionNumber: 10 + start + index },
      }));
      expect(await carol().addBatch(batch)).toMatchObject(added(length, 200));
    }
  });

  async function takeOff(file: Stored): Promise<void> {
    expect(await removeBatch(carol(), [{ fileEntityId: file.id }])).toMatchObject({
      body: { numberOfFilesRemoved: 1 },
    });
  }

  test('testAddBatchOfFilesToDownloadListWithAtMaxFilesPerUser: 100000 files fit', async () => {
    expect(await carol().addBatch([{ fileEntityId: first.id }])).toMatchObject(added(1, 200));
    expect(await carol().statistics()).toMatchObject({ totalNumberOfFiles: max });
    await takeOff(first);
  });

  test('testAddBatchOfFilesToDownloadListWithOverMaxFilesPerUser: more files do not fit', async () => {
    expect(await carol().addBatch(both())).toEqual(
      refusal(
        400,
        "Adding '2' files to your download list would exceed the maximum number of '100000' files.  You currently have '99999' files on you download list.",
      ),
    );
    expect(await carol().statistics()).toMatchObject({ totalNumberOfFiles: max - 1 });
  });

  test('testAddBatchOfFilesToDownloadListWithFilteredNonFilesOverMaxFilesPerUser: what is no file needs no room', async () => {
    const batch = [{ fileEntityId: project.id }, { fileEntityId: first.id }];
    expect(await carol().addBatch(batch)).toMatchObject(added(1, 200));
    await takeOff(first);
  });

  test('testAddQueryResultsToDownloadListWithCapacityLessThanPageSize: a query with too many files adds none', async () => {
    const columns = (await alice().defaults('entityview', 1)).slice(0, 1);
    const { id } = await alice().fileView(project.id, columns);
    expect(await carol().addToList({ query: { sql: `select * from ${id}` } })).toEqual(
      refusal(
        400,
        "Adding the files from the given query to your download list would exceed the maximum number of '100000' files.  You currently have '99999' files on you download list.",
      ),
    );
    expect(await carol().statistics()).toMatchObject({ totalNumberOfFiles: max - 1 });
  });

  test('testAddQueryResultsToDownloadListWithCapacityMoreThanPageSize: a query with few files fits', async () => {
    const columns = (await alice().defaults('entityview', 1)).slice(0, 1);
    const { id } = await alice().fileView(project.id, columns);
    const query = { sql: `select * from ${id} where id = '${first.id}'` };
    expect(await carol().addToList({ query, useVersionNumber: false })).toMatchObject(added(1));
    await takeOff(first);
  });

  test('testAddToDownloadListWithFolderWithUnderLimit: a container adds as many files as fit', async () => {
    const parentId = project.id;
    expect(await carol().addToList({ parentId, useVersionNumber: false })).toMatchObject(added(1));
    await takeOff(first);
  });

  test('testAddToDownloadListWithFolderWithAtLimit: a full list takes no container', async () => {
    await carol().addBatch([{ fileEntityId: first.id }]);
    expect(await carol().addToList({ parentId: project.id })).toEqual(
      refusal(400, "Your download list already has the maximum number of '100000' files."),
    );
    await takeOff(first);
  });
});
