import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import { schemaChange, type Column } from '../server/tableSession.js';
import { numberOf, ViewSession } from './viewSession.js';

const server = withSessions();

let project: Stored;
let column: Column;

const alice = (): ViewSession => new ViewSession(server.alice);

beforeAll(async () => {
  column = await alice().column({ name: 'aString', columnType: 'STRING', maximumSize: 50 });
});

beforeEach(async () => {
  project = await alice().project();
  expect(await server.alice.delete('/download/list')).toMatchObject({ status: 200 });
});

/** Files with as many versions. */
async function filesWithVersions(count: number, versions: number): Promise<Stored[]> {
  const files: Stored[] = [];
  for (let number = 0; number < count; number += 1) {
    files.push(
      await alice().fileWithVersions(project.id, {
        ...{ name: `file ${number}`, key: column.name, versions },
      }),
    );
  }
  return files;
}

/** The first file in its first version, the second in its second and so on. */
function itemsOf(files: readonly Stored[]): { entityId: string; versionNumber: number }[] {
  return files.map(({ id }, index) => ({ entityId: id, versionNumber: index + 1 }));
}

function datasetOf(items: readonly object[]): Promise<Stored> {
  return alice().view('dataset', { parentId: project.id, columns: [column], items });
}

/** The rows of these files in their versions. */
function rowsOf(files: readonly Stored[]): object[] {
  return files.map((file, index) => ({
    rowId: numberOf(file),
    versionNumber: index + 1,
    etag: file.etag,
    values: [`v-${index + 1}`],
  }));
}

describe('DatasetIntegrationTest', () => {
  test('testQueryDataset: the rows are the files in their versions, and follow the items', async () => {
    const files = await filesWithVersions(3, 3);
    const items = itemsOf(files);
    const dataset = await datasetOf(items);
    const ask = () =>
      alice().query(
        `SELECT * FROM ${dataset.id} ORDER BY ROW_VERSION ASC`,
        { includeEntityEtag: true },
        3,
      );
    const all = await ask();
    expect(all.queryCount).toBe(3);
    expect(all.queryResult?.queryResults?.rows).toEqual(rowsOf(files));
    await server.alice.update(await server.alice.read(dataset.id), { items: items.slice(0, 2) });
    const fewer = await ask();
    expect(fewer.queryCount).toBe(2);
    expect(fewer.queryResult?.queryResults?.rows).toEqual(rowsOf(files.slice(0, 2)));
  });

  test('testQueryDatasetWithFileSize: the sizes of the versions are added', async () => {
    const dataset = await datasetOf(itemsOf(await filesWithVersions(2, 2)));
    const sql = `SELECT * FROM ${dataset.id} ORDER BY ROW_VERSION ASC`;
    expect((await alice().query(sql, {}, 0x41)).sumFileSizes).toEqual({
      sumFileSizesBytes: 20,
      greaterThan: false,
    });
  });

  test.each([
    ['testAddDatasetQueryToDownloadList: the files are added in their versions', true],
    [
      'testAddDatasetQueryToDownloadListWithoutVersions: the files may be added without versions',
      false,
    ],
  ])('%s', async (_, useVersionNumber) => {
    const files = await filesWithVersions(2, 2);
    const dataset = await datasetOf(itemsOf(files));
    const query = { sql: `select * from ${dataset.id}`, includeEntityEtag: true };
    expect(await alice().rows(query.sql, query)).toEqual(rowsOf(files));
    expect(await alice().addToList({ query, useVersionNumber })).toMatchObject({
      status: 201,
      body: { numberOfFilesAdded: 2 },
    });
    const listed = await alice().available();
    expect(listed.map(({ fileEntityId, versionNumber }) => [fileEntityId, versionNumber])).toEqual(
      files.map(({ id }, index) => [id, useVersionNumber ? index + 1 : undefined]),
    );
  });

  test('testSchemaUpdateTransaction: a transaction replaces a column', async () => {
    const dataset = await datasetOf(itemsOf(await filesWithVersions(1, 1)));
    const added = await alice().column({
      name: 'aNewColumnName',
      columnType: 'STRING',
      maximumSize: 75,
    });
    const { results } = await alice().change(dataset.id, [
      schemaChange([{ oldColumnId: column.id, newColumnId: added.id }]),
    ]);
    expect(results).toMatchObject([{ schema: [added] }]);
  });

  test('testQueryDatasetWithNoItems: an empty dataset has no rows', async () => {
    const dataset = await datasetOf([]);
    expect(await alice().rows(`SELECT * FROM ${dataset.id}`)).toEqual([]);
  });

  test('testDatasetSnapshotWithNoItems: an empty dataset has no versions', async () => {
    const dataset = await datasetOf([]);
    const answer = await alice().transaction(dataset.id, [], {
      createSnapshot: true,
      snapshotOptions: { snapshotComment: 'Dataset snapshot' },
    });
    expect(answer).toEqual(
      refusal(
        400,
        'You cannot create a version of an empty Dataset. Add files to this Dataset before creating a version.',
      ),
    );
    expect(await server.alice.read(dataset.id)).toMatchObject({ versionNumber: 1 });
  });
});
