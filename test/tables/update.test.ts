import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  MissingRowsError,
  StaleRowsError,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { createTable, type ColumnSpec, type TestTable } from './changeTables.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

const create = (columns: Readonly<Record<string, ColumnSpec>>): Promise<TestTable> =>
  createTable(syn, project.id, columns);

async function people(): Promise<TestTable> {
  const table = await create({ name: 'STRING', age: 'INTEGER', note: 'STRING' });
  await table.append(['Ann', '30', 'a'], ['Bob', '40', ''], ['Cid', null, null]);
  return table;
}

describe('update', () => {
  test('changes only the columns that a row has, and null clears', async () => {
    const table = await people();
    const report = await syn.tables.update(table.id, [
      { ROW_ID: 1, ROW_VERSION: 1, age: 31 },
      { ROW_ID: 2, ROW_VERSION: 1, note: null },
      { ROW_ID: 3, ROW_VERSION: 1, note: '', age: undefined },
    ]);
    expect(report).toEqual({ updated: 3, unchanged: 0 });
    expect(await table.cells()).toEqual([
      ['Ann', '31', 'a'],
      ['Bob', '40', null],
      ['Cid', null, ''],
    ]);
  });

  test('names all rows that have changed, also older ones beside newer ones, and changes nothing', async () => {
    const table = await people();
    await table.set(1, 'age', '1');
    await table.set(3, 'age', '3');
    const rows = [
      { ROW_ID: 1, ROW_VERSION: 1, age: 10 },
      { ROW_ID: 2, ROW_VERSION: 1, age: 20 },
      { ROW_ID: 3, ROW_VERSION: 3, age: 30 },
    ];
    const error = await syn.tables.update(table.id, rows).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(StaleRowsError);
    expect(error).toMatchObject({ code: 'STALE_ROWS', tableId: table.id, rowIds: [1] });
    expect(String(error)).toContain('row 1 (ROW_ID 1)');
    expect(await table.cells()).toEqual([
      ['Ann', '1', 'a'],
      ['Bob', '40', ''],
      ['Cid', '3', null],
    ]);
  });

  test('names rows that were deleted or never existed', async () => {
    const table = await people();
    await table.remove(2);
    const rows = [1, 2, 99].map((id) => ({ ROW_ID: id, ROW_VERSION: 1, age: 1 }));
    const error = await syn.tables.update(table.id, rows).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(MissingRowsError);
    expect(error).toMatchObject({ rowIds: [2, 99] });
    expect((await table.cells())[0]).toEqual(['Ann', '30', 'a']);
  });

  test.each([
    ['without an id', [{ ROW_VERSION: 1, age: 1 }], 'Row 1 has no ROW_ID'],
    ['without a version', [{ ROW_ID: 1, age: 1 }], 'Row 1 has no ROW_VERSION'],
    [
      'twice',
      [
        { ROW_ID: 1, ROW_VERSION: 1, age: 1 },
        { ROW_ID: 1, ROW_VERSION: 1, age: 2 },
      ],
      'Rows 1 and 2 both update the row with ROW_ID 1',
    ],
    [
      'with an unknown column',
      [{ ROW_ID: 1, ROW_VERSION: 1, agee: 1 }],
      'Row 1 names "agee", which is no column',
    ],
    ['with a bad id', [{ ROW_ID: '1x', ROW_VERSION: 1, age: 1 }], 'Row 1, column "ROW_ID": "1x"'],
  ])('refuses a row %s before anything is sent', async (_, rows, message) => {
    const table = await people();
    const calls = await clients.calls(async () => {
      const error = await syn.tables.update(table.id, rows).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(ArgumentError);
      expect(String(error)).toContain(message);
    });
    expect(calls).not.toContain('table.startTableTransaction');
  });
});
