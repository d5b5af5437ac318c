import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  MissingRowsError,
  StaleRowsError,
  type Project,
  type RowsToDelete,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { createTable, disturbedFetch, type Fate, type TestTable } from './changeTables.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

async function people(): Promise<TestTable> {
  const table = await createTable(syn, project.id, { name: 'STRING', age: 'INTEGER' });
  await table.append(['Ann', '30'], ['Bob', '40'], ['Cid', null], ['Dan', '40']);
  return table;
}

const names = async (table: TestTable): Promise<(string | null | undefined)[]> =>
  (await table.cells()).map(([name]) => name);

async function failure(run: Promise<unknown>): Promise<unknown> {
  return run.then(
    () => undefined,
    (cause: unknown) => cause,
  );
}

describe('deleteRows', () => {
  test('deletes the rows that a query finds', async () => {
    const table = await people();
    const sql = `select name from ${table.id} where age = 40`;
    expect(await syn.tables.deleteRows(table.id, sql, { dryRun: true })).toEqual({ deleted: 2 });
    expect(await names(table)).toEqual(['Ann', 'Bob', 'Cid', 'Dan']);
    expect(await syn.tables.deleteRows(table.id, sql)).toEqual({ deleted: 2 });
    expect(await names(table)).toEqual(['Ann', 'Cid']);
    expect(await syn.tables.deleteRows(table.id, sql)).toEqual({ deleted: 0 });
  });

  test.each<[string, RowsToDelete]>([
    ['numbers', [1, 3]],
    ['texts and bigints', ['1', 3n]],
    ['the same id twice', [1, 3, 3]],
    ['an iterable', new Set([1, 3])],
    [
      'rows',
      [
        { ROW_ID: 1, ROW_VERSION: 1 },
        { ROW_ID: 3, ROW_VERSION: 1, whatever: 'x' },
      ],
    ],
    ['rows without versions', [{ ROW_ID: '1' }, { ROW_ID: 3 }]],
  ])('takes %s', async (_, rows) => {
    const table = await people();
    expect(await syn.tables.deleteRows(table.id, rows)).toEqual({ deleted: 2 });
    expect(await names(table)).toEqual(['Bob', 'Dan']);
  });

  test('deletes many rows', async () => {
    const table = await people();
    await table.append(...Array.from({ length: 996 }, (_, n) => [`n${n}`, String(n)]));
    const ids = Array.from({ length: 999 }, (_, index) => index + 1);
    const rows = (await table.rows())
      .slice(0, 999)
      .map((row) => ({ ROW_ID: row.rowId, ROW_VERSION: row.versionNumber }));
    expect(await syn.tables.deleteRows(table.id, rows)).toEqual({ deleted: ids.length });
    expect(await names(table)).toEqual(['n995']);
  });

  test('names rows that are missing, and deletes nothing', async () => {
    const table = await people();
    await table.remove(2);
    const error = await failure(syn.tables.deleteRows(table.id, [1, 2, 77]));
    expect(error).toBeInstanceOf(MissingRowsError);
    expect(error).toMatchObject({ rowIds: [2, 77], code: 'NOT_FOUND' });
    expect(await names(table)).toEqual(['Ann', 'Cid', 'Dan']);
  });

  test('names rows that changed after they were read, and deletes nothing', async () => {
    const table = await people();
    await table.set(2, 'age', '41');
    const rows = [1, 2].map((id) => ({ ROW_ID: id, ROW_VERSION: 1 }));
    const error = await failure(syn.tables.deleteRows(table.id, rows));
    expect(error).toBeInstanceOf(StaleRowsError);
    expect(error).toMatchObject({ rowIds: [2] });
    expect(await names(table)).toEqual(['Ann', 'Bob', 'Cid', 'Dan']);
    expect(await syn.tables.deleteRows(table.id, [1, 2])).toEqual({ deleted: 2 });
  });

  test.each<[string, (id: string) => RowsToDelete, string]>([
    ['a query of another table', () => 'select * from syn1', 'The query reads syn1'],
    ['a query without rows of the table', (id) => `select count(*) from ${id}`, 'has no ROW_ID'],
    ['what is no query', () => 'drop it', 'No table in the query'],
    ['rows without ids', () => [{ name: 'Ann' }], 'Row 1 has no ROW_ID'],
    ['what is no id', () => [1, 'x'], 'Item 2, "x", is not the id of a row'],
    ['an id that is no whole number', () => [1.5], 'Item 1'],
  ])('refuses %s', async (_, rows, message) => {
    const table = await people();
    const error = await failure(syn.tables.deleteRows(table.id, rows(table.id)));
    expect(error).toBeInstanceOf(ArgumentError);
    expect(String(error)).toContain(message);
    expect(await names(table)).toHaveLength(4);
  });

  describe('while others change the table', () => {
    const disturbed = (first: () => Fate | Promise<Fate>): Promise<Synapse> => {
      let count = 0;
      const fetch = disturbedFetch(() => {
        count += 1;
        return count === 1 ? first() : undefined;
      });
      return clients.open('alice', { fetch });
    };

    test('deletes nothing when a row of the query changes before it is deleted', async () => {
      const table = await people();
      const other = await disturbed(async () => {
        await table.set(4, 'age', '1');
        return undefined;
      });
      const sql = `select * from ${table.id} where age = 40`;
      const error = await failure(other.tables.deleteRows(table.id, sql));
      expect(error).toBeInstanceOf(StaleRowsError);
      expect(error).toMatchObject({ rowIds: [4] });
      expect(await names(table)).toHaveLength(4);
    });

    test.each<[Fate, RowsToDelete]>([
      ['lose', [1, 2]],
      ['drop', [1, 2]],
      ['lose', [1, 2].map((id) => ({ ROW_ID: id, ROW_VERSION: 1 }))],
      ['drop', [1, 2].map((id) => ({ ROW_ID: id, ROW_VERSION: 1 }))],
    ])('deletes once when the answer is lost (%s)', async (fate, rows) => {
      const table = await people();
      const other = await disturbed(() => fate);
      expect(await other.tables.deleteRows(table.id, rows)).toEqual({ deleted: 2 });
      expect(await names(table)).toEqual(['Cid', 'Dan']);
    });
  });
});
