import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { EntityView, Row } from '../../generated/models.js';
import {
  ArgumentError,
  Folder,
  MissingRowsError,
  ViewRowError,
  ViewUpdateError,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { disturbedFetch } from './changeTables.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
let folders: string[];
let view: string;

beforeAll(async () => {
  syn = await clients.open('alice');
});

beforeEach(async () => {
  project = await clients.project(syn);
  folders = [];
  for (const name of ['a', 'b', 'c']) {
    const folder = await syn.store(
      new Folder({ name, parent: project, annotations: { tissue: [name], age: [3] } }),
    );
    folders.push(folder.id);
  }
  view = await createView();
});

async function createView(): Promise<string> {
  const defaults = await syn.services.table.listDefaultViewColumns({
    viewEntityType: 'entityview',
    viewTypeMask: 8,
  });
  const own = await syn.services.table.createColumnBatch({
    body: {
      list: [
        { name: 'tissue', columnType: 'STRING', maximumSize: 50 },
        { name: 'age', columnType: 'INTEGER' },
        { name: 'tags', columnType: 'STRING_LIST', maximumSize: 20 },
      ],
    },
  });
  const columnIds = [...(defaults.list ?? []), ...(own.list ?? [])].map(({ id = '' }) => id);
  const entity: EntityView = {
    concreteType: 'org.sagebionetworks.repo.model.table.EntityView',
    name: 'view',
    parentId: project.id,
    scopeIds: [project.id],
    viewTypeMask: 8,
    columnIds,
  };
  const { id = '' } = await syn.services.entity.createEntity({ body: entity });
  return id;
}

/** The rows of the view, as objects with all of its columns. */
async function read(): Promise<Record<string, string | null>[]> {
  const { queryResult } = await syn.runJob(
    {
      concreteType: 'org.sagebionetworks.repo.model.table.QueryBundleRequest',
      entityId: view,
      query: { sql: `select * from ${view} order by name`, includeEntityEtag: true },
      partMask: 1,
    },
    { id: view },
  );
  const { headers = [], rows = [] } = queryResult?.queryResults ?? {};
  return rows.map((row: Row): Record<string, string | null> => ({
    ...Object.fromEntries(
      headers.map(({ name }, index): [string, string | null] => [
        name ?? '',
        row.values?.[index] ?? null,
      ]),
    ),
    ROW_ID: String(row.rowId),
    ROW_ETAG: row.etag ?? null,
  }));
}

async function failure(run: Promise<unknown>): Promise<unknown> {
  return run.then(
    () => undefined,
    (cause: unknown) => cause,
  );
}

const annotationsOf = async (id: string | undefined): Promise<object> =>
  syn.getAnnotations(id ?? '');

describe('update of a view', () => {
  test('changes the annotations that differ, and leaves the others as they are', async () => {
    const rows = await read();
    const changed = rows.map((row) => ({
      ...row,
      ...(row['name'] === 'a' && { tissue: 'liver', tags: ['x', 'y'], age: null }),
    }));
    const report = await syn.tables.update(view, changed);
    expect(report).toEqual({ updated: 1, unchanged: 2 });
    expect(await annotationsOf(folders[0])).toEqual({ tissue: ['liver'], tags: ['x', 'y'] });
    expect(await annotationsOf(folders[1])).toEqual({ tissue: ['b'], age: [3] });
    const [, second] = await read();
    expect(second?.['ROW_ETAG']).toBe(rows[1]?.['ROW_ETAG']);
  });

  test('takes the id and the etag from the columns of the view', async () => {
    const [row] = await read();
    const { id = null, etag = null } = row ?? {};
    const report = await syn.tables.update(view, [{ id, etag, tissue: 'skin' }]);
    expect(report).toEqual({ updated: 1, unchanged: 0 });
    expect(await annotationsOf(folders[0])).toEqual({ tissue: ['skin'], age: [3] });
  });

  test('reports each row that has changed since it was read, and changes the others', async () => {
    const rows = await read();
    await syn.setAnnotations(folders[1] ?? '', { age: 50 });
    const changed = rows.map(({ ROW_ID, ROW_ETAG }) => ({ ROW_ID, ROW_ETAG, age: 4 }));
    const error = await failure(syn.tables.update(view, changed));
    expect(error).toBeInstanceOf(ViewUpdateError);
    expect(error).toMatchObject({ updated: 2, code: 'PARTIAL_FAILURE' });
    const { failures } = error as ViewUpdateError;
    expect(failures).toHaveLength(1);
    expect(failures[0]?.path).toBe(folders[1]);
    expect(failures[0]?.error).toBeInstanceOf(ViewRowError);
    expect(failures[0]?.error).toMatchObject({
      code: 'CONCURRENT_UPDATE',
      row: 2,
      entityId: folders[1],
    });
    expect(await annotationsOf(folders[1])).toMatchObject({ age: [50] });
    expect(await annotationsOf(folders[2])).toMatchObject({ age: [4] });
  });

  test('reports a change between its own reading and writing', async () => {
    const rows = await read();
    const fetch = disturbedFetch(async () => {
      await syn.setAnnotations(folders[0] ?? '', { age: 50 });
      return undefined;
    });
    const other = await clients.open('alice', { fetch });
    const changed = rows.map((row) => ({ ...row, age: 4 }));
    const error = await failure(other.tables.update(view, changed));
    expect(error).toMatchObject({ updated: 2, failures: [{ path: folders[0] }] });
    expect(String(error)).toContain('has changed since the row was read');
  });

  test.each([
    ['name', 'other'],
    ['createdOn', 5],
    ['path', 'x'],
  ])('refuses another value of the property %s, and changes nothing', async (column, value) => {
    const rows = await read();
    const changed = rows.map((row) => ({
      ...row,
      age: 9,
      ...(row['name'] === 'b' && { [column]: value }),
    }));
    const error = await failure(syn.tables.update(view, changed));
    expect(error).toBeInstanceOf(ArgumentError);
    expect(String(error)).toContain(`Row 2: the column "${column}" of a view shows a property`);
    expect(await annotationsOf(folders[0])).toMatchObject({ age: [3] });
  });

  test('refuses rows that are not in the view, and rows without an etag', async () => {
    const [row] = await read();
    const missing = await failure(syn.tables.update(view, [{ ...row, ROW_ID: 1, id: 'syn1' }]));
    expect(missing).toBeInstanceOf(MissingRowsError);
    const without = await failure(syn.tables.update(view, [{ ROW_ID: row?.['ROW_ID'], age: 1 }]));
    expect(String(without)).toContain('Row 1 has no ROW_ETAG');
  });

  test('with dryRun says what would change', async () => {
    const rows = (await read()).map((row) => ({ ...row, tissue: 'b' }));
    expect(await syn.tables.update(view, rows, { dryRun: true })).toEqual({
      updated: 2,
      unchanged: 1,
    });
    expect(await annotationsOf(folders[0])).toMatchObject({ tissue: ['a'] });
  });
});

describe('a view that lags', () => {
  test('is waited for on request', async () => {
    const rows = await read();
    clients.server.conditions.set({ viewLag: 600 });
    try {
      const changed = rows.map((row) => ({ ...row, age: 8 }));
      await syn.tables.update(view, changed, { wait: true });
      expect((await read()).map(({ age }) => age)).toEqual(['8', '8', '8']);
      const again = rows.map(({ id = null }) => ({ id, age: 9 }));
      await syn.tables.upsert(view, again, { keys: ['id'], wait: true });
      expect((await read()).map(({ age }) => age)).toEqual(['9', '9', '9']);
    } finally {
      clients.server.conditions.set({ viewLag: 0 });
    }
  });

  test('does not make a change look like no change', async () => {
    await read();
    const id = folders[0] ?? '';
    clients.server.conditions.set({ viewLag: 60_000 });
    try {
      await syn.setAnnotations(id, { tissue: 'other' });
      const { etag } = await syn.get(id);
      // The view still shows the tissue a.
      const rows = [{ ROW_ID: Number(id.slice(3)), ROW_ETAG: etag, tissue: 'a' }];
      expect(await syn.tables.update(view, rows)).toEqual({ updated: 1, unchanged: 0 });
      expect(await annotationsOf(id)).toMatchObject({ tissue: ['a'] });
    } finally {
      clients.server.conditions.set({ viewLag: 0 });
    }
  });
});

describe('upsert into a view', () => {
  test('updates the rows that exist, and reports those that do not', async () => {
    const rows = [
      { name: 'a', age: 7 },
      { name: 'b', age: 3 },
      { name: 'zz', age: 1 },
    ];
    const report = await syn.tables.upsert(view, rows, { keys: ['name'] });
    expect(report).toMatchObject({ inserted: 0, updated: 1, unchanged: 1 });
    expect(report.problems).toMatchObject([{ row: 3, key: { name: 'zz' } }]);
    expect(report.problems[0]?.message).toContain('has no row with name = "zz"');
    expect(await annotationsOf(folders[0])).toEqual({ tissue: ['a'], age: [7] });
  });

  test('finds entities by their ids', async () => {
    const rows = folders.map((id, index) => ({ id, tissue: `t${index}` }));
    const report = await syn.tables.upsert(view, rows, { keys: ['id'] });
    expect(report).toMatchObject({ updated: 3, problems: [] });
    expect(await annotationsOf(folders[2])).toMatchObject({ tissue: ['t2'] });
  });

  test('refuses to change a property', async () => {
    const error = await failure(
      syn.tables.upsert(view, [{ id: folders[0], name: 'x' }], { keys: ['id'] }),
    );
    expect(String(error)).toContain('the column "name" of a view shows a property');
  });
});

test('rows of a view cannot be deleted', async () => {
  const error = await failure(syn.tables.deleteRows(view, [1]));
  expect(String(error)).toContain('is a view: its rows are entities');
});
