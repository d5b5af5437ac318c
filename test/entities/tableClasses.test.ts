import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AsyncJobError,
  ConflictError,
  defineTable,
  EntityView,
  Folder,
  NotFoundError,
  PreconditionFailedError,
  Table,
  type Project,
  type Stored,
  type Synapse,
  type TableInit,
} from '../../src/index.js';
import { withClients } from './withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

const Visit = defineTable({
  name: 'visits',
  columns: { patient: 'STRING', age: { type: 'INTEGER', facetType: 'range' }, tags: 'STRING_LIST' },
});

describe('a table', () => {
  test('is created with its columns in three calls', async () => {
    let table: (Table & Stored) | undefined;
    const calls = await clients.calls(async () => {
      table = await syn.store(new Table({ parent: project, columns: Visit }));
    });
    expect(calls).toEqual([
      'entity.getEntityChildId',
      'table.createColumnBatch',
      'entity.createEntity',
    ]);
    expect(table).toMatchObject({
      name: 'visits',
      columns: [
        { id: expect.any(String), name: 'patient', columnType: 'STRING', maximumSize: 50 },
        { name: 'age', columnType: 'INTEGER', facetType: 'range' },
        { name: 'tags', columnType: 'STRING_LIST', maximumSize: 50, maximumListLength: 100 },
      ],
    });
  });

  test('is read with its columns in one call, and unchanged, nothing is sent', async () => {
    const { id } = await syn.store(new Table({ name: 'read', parent: project, columns: Visit }));
    let read: (Table & Stored) | undefined;
    const calls = await clients.calls(async () => {
      read = await syn.get(Table, id);
    });
    expect(calls).toEqual(['entityBundle.getEntityBundle']);
    expect(read?.columns.map(({ name }) => name)).toEqual(['patient', 'age', 'tags']);
    expect(await clients.calls(() => syn.store(read ?? new Table()))).toEqual([]);
  });
});

/** Appends rows, which changes the etag of the table. */
async function append(table: Table & Stored, ...rows: (string | null)[][]): Promise<void> {
  const columns = await syn.tables.columns(table);
  await syn.runJob(
    {
      concreteType: 'org.sagebionetworks.repo.model.table.TableUpdateTransactionRequest',
      entityId: table.id,
      changes: [
        {
          concreteType: 'org.sagebionetworks.repo.model.table.AppendableRowSetRequest',
          entityId: table.id,
          toAppend: {
            concreteType: 'org.sagebionetworks.repo.model.table.RowSet',
            tableId: table.id,
            headers: columns.map(({ id }) => ({ id })),
            rows: rows.map((values) => ({ values })),
          },
        },
      ],
    },
    { id: table.id },
  );
}

async function valuesOf(id: string): Promise<(string | null)[][]> {
  const { queryResult } = await syn.runJob(
    {
      concreteType: 'org.sagebionetworks.repo.model.table.QueryBundleRequest',
      entityId: id,
      query: { sql: `SELECT * FROM ${id}` },
      partMask: 1,
    },
    { id },
  );
  return (queryResult?.queryResults?.rows ?? []).map(({ values = [] }) => values);
}

let count = 0;
/** A table with a row. */
async function tableWithRow(init: TableInit = {}): Promise<Table & Stored> {
  count += 1;
  const columns = { a: 'INTEGER', b: 'STRING' } as const;
  const table = await syn.store(
    new Table({ name: `table ${count}`, parent: project, columns, ...init }),
  );
  await append(table, ['1', 'x']);
  return table;
}

describe('storing a table that was read', () => {
  test('changes columns that were edited, and their values stay', async () => {
    const { id } = await tableWithRow();
    const table = await syn.get(Table, id);
    const [a, b] = table.columns;
    if (a === undefined || b === undefined) throw new Error('no columns');
    a.name = 'number';
    b.maximumSize = 100;
    table.columns.push({ name: 'c', columnType: 'BOOLEAN', defaultValue: 'true' });
    const calls = await clients.calls(() => syn.store(table));
    expect(calls.filter((call) => call !== 'table.getTableTransactionResult')).toEqual([
      'entityBundle.getEntityBundle',
      'table.createColumnBatch',
      'table.startTableTransaction',
      'entityBundle.getEntityBundle',
    ]);
    expect(await valuesOf(id)).toEqual([['1', 'x', 'true']]);
    expect(table.columns.map(({ name }) => name)).toEqual(['number', 'b', 'c']);
    expect(await clients.calls(() => syn.store(table))).toEqual([]);
  });

  test('drops and orders columns as the object has them', async () => {
    const { id } = await tableWithRow();
    const table = await syn.get(Table, id);
    table.columns.reverse();
    await syn.store(table);
    expect(await valuesOf(id)).toEqual([['x', '1']]);
    table.columns.pop();
    await syn.store(table);
    expect(await valuesOf(id)).toEqual([['x']]);
  });

  test('is an error when the columns have changed since, and changes nothing', async () => {
    const { id } = await tableWithRow();
    const mine = await syn.get(Table, id);
    await syn.tables.alter(id, { add: { theirs: 'INTEGER' } });
    mine.columns.push({ name: 'mine', columnType: 'INTEGER' });
    await expect(syn.store(mine)).rejects.toThrow(PreconditionFailedError);
    const names = (await syn.tables.columns(id)).map(({ name }) => name);
    expect(names).toEqual(['a', 'b', 'theirs']);
  });

  test('is not an error when somebody has made the same change', async () => {
    const { id } = await tableWithRow();
    const mine = await syn.get(Table, id);
    await syn.tables.alter(id, { add: { c: 'INTEGER' } });
    mine.columns.push({ name: 'c', columnType: 'INTEGER' });
    await syn.store(mine);
    expect(mine.columns).toHaveLength(3);
  });

  test('changes other properties after rows were written and a snapshot was made', async () => {
    const table = await tableWithRow({ description: 'old' });
    await syn.tables.snapshot(table, { label: 'v1' });
    table.description = 'new';
    table.annotations = { species: ['mouse'] };
    await syn.store(table);
    const read = await syn.get(Table, table.id);
    expect(read).toMatchObject({ description: 'new', annotations: { species: ['mouse'] } });
    expect(read.versionNumber).toBe(2);
    expect(read.versionLabel).not.toBe('v1');
  });

  test('is an error when somebody else has changed another property', async () => {
    const table = await tableWithRow({ description: 'old' });
    const theirs = await syn.get(Table, table.id);
    theirs.description = 'theirs';
    await syn.store(theirs);
    table.name = 'mine';
    await expect(syn.store(table)).rejects.toThrow(PreconditionFailedError);
  });

  test('changes nothing when a value cannot be converted, and can be stored again', async () => {
    const table = await tableWithRow({ description: 'old' });
    const [, b] = table.columns;
    if (b === undefined) throw new Error('no column');
    table.description = 'new';
    table.annotations = { a: [1] };
    const text = { ...b };
    b.columnType = 'INTEGER';
    await expect(syn.store(table)).rejects.toThrow(AsyncJobError);
    expect(await syn.get(table.id)).toMatchObject({ description: 'old', annotations: {} });
    Object.assign(b, text, { name: 'text' });
    await syn.store(table);
    expect(await syn.get(table.id)).toMatchObject({
      description: 'new',
      annotations: { a: [1] },
      columns: [{ name: 'a' }, { name: 'text' }],
    });
    expect(await clients.calls(() => syn.store(table))).toEqual([]);
  });

  test('with columns and another property is an error when somebody has changed a property', async () => {
    const table = await tableWithRow({ description: 'old' });
    await syn.setAnnotations(table, { theirs: 1 });
    table.columns.push({ name: 'c', columnType: 'DATE' });
    table.description = 'mine';
    await expect(syn.store(table)).rejects.toThrow('has changed since it was read');
    expect(await syn.tables.columns(table)).toHaveLength(2);
    // Columns alone do not overwrite what others have changed.
    table.description = 'old';
    await syn.store(table);
    expect(table).toMatchObject({ annotations: { theirs: [1] } });
    expect(table.columns).toHaveLength(3);
  });

  test('keeps a new label, and the one of a snapshot that was made since', async () => {
    const table = await tableWithRow();
    await syn.tables.snapshot(table, { label: 'v1' });
    table.versionComment = 'mine';
    table.columns.push({ name: 'c', columnType: 'DATE' });
    await syn.store(table);
    expect(table.versionComment).toBe('mine');
    expect(table.versionLabel).not.toBe('v1');
    expect(await syn.get(`${table.id}.1`)).toMatchObject({ versionLabel: 'v1' });
  });

  test('records provenance together with columns', async () => {
    const table = await tableWithRow();
    table.columns.push({ name: 'c', columnType: 'DATE' });
    await syn.store(table, { used: [project.id] });
    expect(await syn.getProvenance(table)).toMatchObject({ used: [{}] });
    expect(table.columns).toHaveLength(3);
  });

  test('refuses a conversion that loses values, before anything is sent', async () => {
    const table = await tableWithRow();
    const [a] = table.columns;
    if (a !== undefined) a.columnType = 'JSON';
    table.description = 'not stored either';
    const calls = await clients.calls(() =>
      expect(syn.store(table)).rejects.toThrow('cannot convert the values of INTEGER to JSON'),
    );
    expect(calls).toEqual([]);
  });

  test('refuses other columnIds, which do not say what becomes of the values', async () => {
    const table = await tableWithRow();
    table.columnIds = [];
    await expect(syn.store(table)).rejects.toThrow('change its columns instead');
  });
});

describe('storing a new object over a table of that name', () => {
  test('adds and changes columns, and removes none', async () => {
    const { id, name } = await tableWithRow();
    const columns = { c: 'DATE', b: { type: 'STRING', maximumSize: 90 } } as const;
    const table = await syn.store(new Table({ name, parent: project, columns }));
    expect(table.id).toBe(id);
    expect(table.columns.map((column) => [column.name, column.maximumSize])).toEqual([
      ['a', undefined],
      ['b', 90],
      ['c', undefined],
    ]);
    expect(await valuesOf(id)).toEqual([['1', 'x', null]]);
    const again = new Table({ name, parent: project, columns });
    expect(await clients.calls(() => syn.store(again))).toEqual([
      'entity.getEntityChildId',
      'entityBundle.getEntityBundle',
    ]);
    expect(again.columns).toHaveLength(3);
  });

  test('changes columns and properties of a table that is given by its id', async () => {
    const { id } = await tableWithRow({ description: 'old' });
    const table = new Table({
      id,
      description: 'new',
      annotations: { a: 1 },
      columns: { c: 'DATE' },
    });
    await syn.store(table, { versionComment: 'c' });
    expect(await syn.get(Table, id)).toMatchObject({
      description: 'new',
      annotations: { a: [1] },
      versionComment: 'c',
      columns: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
    });
  });

  test('keeps sizes and facets that are not given', async () => {
    const columns = { b: { type: 'STRING', maximumSize: 90, facetType: 'enumeration' } } as const;
    const { name } = await tableWithRow({ columns });
    const table = await syn.store(new Table({ name, parent: project, columns: { b: 'STRING' } }));
    expect(table.columns).toMatchObject([{ maximumSize: 90, facetType: 'enumeration' }]);
  });
});

describe('a table has', () => {
  test('annotations, provenance, a description and search', async () => {
    const init = { description: 'd', annotations: { a: 1 }, isSearchEnabled: true };
    const table = await syn.store(
      new Table({ name: 'all', parent: project, columns: { a: 'STRING' }, ...init }),
      { used: [project.id], activityName: 'made' },
    );
    const read = await syn.get(Table, table.id);
    expect(read).toMatchObject({
      description: 'd',
      annotations: { a: [1] },
      isSearchEnabled: true,
    });
    expect(await syn.getProvenance(table)).toMatchObject({ name: 'made' });
  });

  test('search that can be switched on and off, with columns in one transaction', async () => {
    const table = await tableWithRow();
    table.isSearchEnabled = true;
    table.columns.push({ name: 'c', columnType: 'STRING' });
    const calls = await clients.calls(() => syn.store(table));
    expect(calls.filter((call) => call === 'table.startTableTransaction')).toHaveLength(1);
    expect((await syn.get(Table, table.id)).isSearchEnabled).toBe(true);
    table.isSearchEnabled = false;
    await syn.store(table);
    expect((await syn.get(Table, table.id)).isSearchEnabled).toBe(false);
  });

  test('a label and a comment', async () => {
    const table = await syn.store(
      new Table({ name: 'labelled', parent: project, versionLabel: 'draft', versionComment: 'c' }),
    );
    expect(await syn.get(table.id)).toMatchObject({ versionLabel: 'draft', versionComment: 'c' });
    table.description = 'd';
    await syn.store(table);
    expect(await syn.get(table.id)).toMatchObject({ versionLabel: 'draft', versionComment: 'c' });
  });

  test('the columns of the version that is read', async () => {
    const table = await tableWithRow();
    const { versionedId } = await syn.tables.snapshot(table);
    await syn.tables.alter(table, { drop: ['b'] });
    expect((await syn.get(Table, versionedId)).columns.map(({ name }) => name)).toEqual(['a', 'b']);
    expect((await syn.get(Table, table.id)).columns.map(({ name }) => name)).toEqual(['a']);
  });

  test('no columns, if it is given none', async () => {
    const table = await syn.store(new Table({ name: 'empty', parent: project }));
    expect((await syn.get(Table, table)).columns).toEqual([]);
    table.columns.push({ name: 'a', columnType: 'INTEGER' });
    await syn.store(table);
    expect(table.columns).toHaveLength(1);
  });
});

test('columns that Synapse does not allow are reported before anything is sent', async () => {
  const columns = { ROW_ID: 'INTEGER' } as const;
  const calls = await clients.calls(() =>
    expect(syn.store(new Table({ name: 'bad', parent: project, columns }))).rejects.toThrow(
      'The column name "ROW_ID" is reserved',
    ),
  );
  expect(calls).toEqual([]);
});

test('a column that a caller has kept can be changed again after it was stored', async () => {
  const table = await tableWithRow();
  const [a] = table.columns;
  if (a === undefined) throw new Error('no column');
  for (const name of ['one', 'two']) {
    a.name = name;
    await syn.store(table);
    expect(table.columns[0]).toBe(a);
    expect((await syn.tables.columns(table))[0]?.name).toBe(name);
  }
  await syn.tables.alter(table, { rename: { two: 'three' } });
  expect(table.columns[0]).toMatchObject({ name: 'three' });
});

test('columns can be given to several tables', async () => {
  const columns = Object.freeze([Object.freeze({ name: 'a', columnType: 'STRING' as const })]);
  const one = await syn.store(new Table({ name: 'first', parent: project, columns }));
  const two = new Table({ name: 'second', parent: project, columns: one.columns });
  two.columns.push({ name: 'b', columnType: 'DATE' });
  await syn.store(two);
  expect(one.columns).toHaveLength(1);
  const three = new Table({ name: 'third', parent: project });
  three.columns = [...columns, { name: 'c', type: 'DATE' } as never];
  await syn.store(three);
  expect(three.columns.map(({ columnType }) => columnType)).toEqual(['STRING', 'DATE']);
});

test('tables are moved and deleted like other entities', async () => {
  const table = await tableWithRow();
  const folder = await syn.store(new Folder({ name: 'target', parent: project }));
  const moved = await syn.move(table, folder);
  expect(moved).toBeInstanceOf(Table);
  expect(moved).toMatchObject({ parentId: folder.id, columns: [{ name: 'a' }, { name: 'b' }] });
  await syn.delete(table);
  await expect(syn.get(table.id)).rejects.toThrow(NotFoundError);
});

test('another class than that of the entity is an error', async () => {
  const folder = await syn.store(new Folder({ name: 'folder', parent: project }));
  await expect(syn.get(Table, folder)).rejects.toThrow(ArgumentError);
  const table = new Table({ name: 'folder', parent: project });
  await expect(syn.store(table)).rejects.toThrow('cannot become a TableEntity');
  await expect(syn.store(table, { createOrUpdate: false })).rejects.toThrow(ConflictError);
});

test('a view gets the default columns', async () => {
  const view = await syn.store(
    new EntityView({ name: 'view', parent: project, scope: [project], types: ['file', 'FOLDER'] }),
  );
  expect(view.columns.map(({ name }) => name)).toContain('dataFileMD5Hex');
  const read = await syn.get(EntityView, view);
  expect(read.types).toEqual(['file', 'folder']);
  expect(read.scopeIds).toEqual([project.id]);
  expect(await clients.calls(() => syn.store(read))).toEqual([]);
});
