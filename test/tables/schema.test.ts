import { beforeAll, describe, expect, test } from '@jest/globals';
import { Table, type Project, type Stored, type Synapse } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

let count = 0;
/** A table with two rows. */
async function tableWithRows(): Promise<Table & Stored> {
  count += 1;
  const columns = { a: 'INTEGER', b: 'STRING', c: 'INTEGER' } as const;
  const table = await syn.store(new Table({ name: `table ${count}`, parent: project, columns }));
  const headers = table.columns.map(({ id }) => ({ id }));
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
            headers,
            rows: [{ values: ['1', 'x', '10'] }, { values: ['2', 'y', '20'] }],
          },
        },
      ],
    },
    { id: table.id },
  );
  return table;
}

/** The rows by column name. */
async function rowsOf(id: string): Promise<Record<string, string | null>[]> {
  const { queryResult } = await syn.runJob(
    {
      concreteType: 'org.sagebionetworks.repo.model.table.QueryBundleRequest',
      entityId: id,
      query: { sql: `SELECT * FROM ${id}` },
      partMask: 1,
    },
    { id },
  );
  const names = (queryResult?.queryResults?.headers ?? []).map(({ name = '' }) => name);
  return (queryResult?.queryResults?.rows ?? []).map(({ values = [] }) =>
    Object.fromEntries(names.map((name, index) => [name, values[index] ?? null])),
  );
}

describe('alter', () => {
  test('columns that are renamed and retyped keep their values', async () => {
    const table = await tableWithRows();
    const plan = await syn.tables.alter(table, {
      add: { tags: 'STRING_LIST' },
      rename: { a: 'age' },
      retype: { a: 'DOUBLE' },
      drop: ['c'],
      order: ['b'],
    });
    expect(String(plan)).toBe(
      [
        'rename     a -> age',
        'retype     age INTEGER -> DOUBLE  ! its values are converted; Synapse refuses the change if one does not fit',
        'add        tags STRING_LIST(50)[100]',
        'drop       c INTEGER  ! its values are deleted',
        'reorder    b, age, tags',
        'unchanged  1',
      ].join('\n'),
    );
    expect(await rowsOf(table.id)).toEqual([
      { b: 'x', age: '1', tags: null },
      { b: 'y', age: '2', tags: null },
    ]);
    expect(table.columns.map(({ name }) => name)).toEqual(['b', 'age', 'tags']);
    expect(await clients.calls(() => syn.store(table))).toEqual([]);
  });

  test('columns can exchange their names', async () => {
    const table = await tableWithRows();
    await syn.tables.alter(table, { rename: { a: 'c', c: 'a' } });
    expect(await rowsOf(table.id)).toEqual([
      { c: '1', b: 'x', a: '10' },
      { c: '2', b: 'y', a: '20' },
    ]);
  });

  test('a column can take the name of one that is dropped, or is renamed itself', async () => {
    const table = await tableWithRows();
    await syn.tables.alter(table, { rename: { a: 'c' }, drop: ['c'] });
    expect(await rowsOf(table.id)).toEqual([
      { c: '1', b: 'x' },
      { c: '2', b: 'y' },
    ]);
    await syn.tables.alter(table, { rename: { c: 'd' }, add: { c: 'INTEGER' } });
    expect(await rowsOf(table.id)).toEqual([
      { d: '1', b: 'x', c: null },
      { d: '2', b: 'y', c: null },
    ]);
  });
});
