import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions, type Stored } from '../server/entitySession.js';
import type { Column } from '../server/tableSession.js';
import { numberOf, ViewSession } from './viewSession.js';

const server = withSessions();

type StoredDataset = Required<M.Dataset>;

let project: Stored;
let column: Column;
let shown: Column[];

const alice = (): ViewSession => new ViewSession(server.alice);

beforeAll(async () => {
  column = await alice().column({ name: 'string_column', columnType: 'STRING', maximumSize: 50 });
  shown = (await alice().defaults('datasetcollection')).filter(({ name }) => name !== 'path');
});

beforeEach(async () => {
  project = await alice().project();
});

async function datasetOf(items: readonly object[]): Promise<StoredDataset> {
  const description = crypto.randomUUID();
  const fields = { parentId: project.id, columns: [column], items, description };
  return (await alice().view('dataset', fields)) as unknown as StoredDataset;
}

/** Makes a dataset of two files and its first version, which has the etag of the dataset. */
async function datasetWithSnapshot(): Promise<StoredDataset> {
  const files = await alice().files(project.id, 2);
  const items = files.map(({ id }) => ({ entityId: id, versionNumber: 1 }));
  const { id } = await datasetOf(items);
  await alice().annotate(id, { [column.name]: ['STRING', id] });
  expect(await alice().rows(`SELECT * FROM ${id}`)).toHaveLength(2);
  expect(await alice().snapshot(id, { snapshotComment: 'Dataset snapshot' })).toBe(1);
  const version = await server.alice.get(`/entity/${id}/version/1`);
  const { etag } = await server.alice.read(id);
  return { ...(version.body as StoredDataset), etag };
}

function collectionOf(...datasets: readonly StoredDataset[]): Promise<Stored> {
  const items = datasets.map(({ id }) => ({ entityId: id, versionNumber: 1 }));
  return alice().view('datasetcollection', { parentId: project.id, columns: shown, items });
}

/** The row of a dataset in its first version. */
function rowOf(dataset: StoredDataset): M.Row {
  return {
    rowId: numberOf(dataset),
    versionNumber: 1,
    etag: dataset.etag,
    values: [
      dataset.id,
      dataset.name,
      dataset.description,
      String(Date.parse(dataset.createdOn)),
      dataset.createdBy,
      dataset.etag,
      String(Date.parse(dataset.modifiedOn)),
      dataset.modifiedBy,
      String(dataset.size),
      dataset.checksum,
      String(dataset.count),
    ],
  };
}

function rows({ id }: Stored): Promise<M.Row[]> {
  return alice().rows(`SELECT * FROM ${id} ORDER BY ROW_VERSION ASC`, { includeEntityEtag: true });
}

describe('DatasetCollectionIntegrationTest', () => {
  test('testCreateAndQueryDatasetCollection: the rows are datasets with size, checksum and count', async () => {
    const first = await datasetWithSnapshot();
    project = await alice().project();
    const second = await datasetWithSnapshot();
    expect(first).toMatchObject({ size: 20, count: 2, checksum: expect.any(String) });
    expect(await rows(await collectionOf(first, second))).toEqual([rowOf(first), rowOf(second)]);
  });

  test('testCreateAndQueryDatasetCollectionHavingDatasetWithNoItem: an empty dataset has size and count 0, and no checksum', async () => {
    const empty = await datasetOf([]);
    const [row] = await rows(await collectionOf(empty));
    expect(row?.values?.slice(-3)).toEqual(['0', null, '0']);
    expect(row).toMatchObject({ rowId: numberOf(empty), versionNumber: 1, etag: empty.etag });
  });
});
