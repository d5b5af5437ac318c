import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  MissingRowsError,
  StaleRowsError,
  UnconfirmedError,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import {
  createTable,
  disturbedFetch,
  type ColumnSpec,
  type Fate,
  type TestTable,
} from './changeTables.js';

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

describe('update of many rows', () => {
  test('loses none where pieces end, with texts that need quotes', async () => {
    const table = await create({ k: 'INTEGER', s: { columnType: 'STRING', maximumSize: 1000 } });
    const count = 3_000;
    await table.append(...Array.from({ length: count }, (_, k) => [String(k), 'old']));
    const text = (k: number): string => `${k} "quoted", \\ back\nslash`.padEnd(900, `é`);
    const rows = (await table.rows()).map(({ rowId, versionNumber }, k) => ({
      ROW_ID: rowId,
      ROW_VERSION: versionNumber,
      s: text(k),
    }));
    let report: unknown;
    const calls = await clients.calls(async () => {
      report = await syn.tables.update(table.id, rows);
    });
    expect(report).toEqual({ updated: count, unchanged: 0 });
    expect(calls.filter((call) => call === 'table.startTableTransaction')).toHaveLength(1);
    const cells = await syn.tables.query<{ k: number; s: string }>(`select k, s from ${table.id}`);
    expect(cells.map(({ s }) => s)).toEqual(rows.map(({ s }) => s));
  });

  test('changes nothing when a row changes while they are sent, also one far behind the first', async () => {
    const table = await create({ k: 'INTEGER', s: { columnType: 'STRING', maximumSize: 1000 } });
    await table.append(...Array.from({ length: 2_000 }, (_, k) => [String(k), 'old']));
    const rows = (await table.rows()).map(({ rowId, versionNumber }, k) => ({
      ROW_ID: rowId,
      ROW_VERSION: versionNumber,
      s: `${k}`.padEnd(900, 'x'),
    }));
    const fetch = disturbedFetch(async () => {
      await table.set(1_990, 's', 'other');
      return undefined;
    });
    const other = await clients.open('alice', { fetch });
    const error = await other.tables.update(table.id, rows).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(StaleRowsError);
    expect(error).toMatchObject({ rowIds: [1_990] });
    const changed = (await table.cells()).filter(([, s]) => s !== 'old');
    expect(changed).toEqual([['1989', 'other']]);
  });
});

describe('update when an answer is lost', () => {
  test.each<[string, Fate]>([
    ['the answer', 'lose'],
    ['the request', 'drop'],
  ])('applies the change once when %s is lost', async (_, fate) => {
    const table = await people();
    let count = 0;
    const fetch = disturbedFetch(() => {
      count += 1;
      return count === 1 ? fate : undefined;
    });
    const other = await clients.open('alice', { fetch });
    const rows = [{ ROW_ID: 1, ROW_VERSION: 1, age: 31, note: null }];
    expect(await other.tables.update(table.id, rows)).toEqual({ updated: 1, unchanged: 0 });
    expect((await table.rows())[0]).toMatchObject({
      versionNumber: 2,
      values: ['Ann', '31', null],
    });
  });

  test('reports the conflict when the request is lost and another user changes the row', async () => {
    const table = await people();
    let count = 0;
    const fetch = disturbedFetch(async () => {
      count += 1;
      if (count === 1) return 'drop';
      await table.set(1, 'age', '77');
      return undefined;
    });
    const other = await clients.open('alice', { fetch });
    const rows = [{ ROW_ID: 1, ROW_VERSION: 1, age: 31 }];
    const error = await other.tables.update(table.id, rows).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(StaleRowsError);
    expect((await table.cells())[0]?.[1]).toBe('77');
  });

  test('says that the outcome is not known when both attempts are lost', async () => {
    const table = await people();
    const fetch = disturbedFetch(() => 'lose');
    const other = await clients.open('alice', { fetch });
    const rows = [{ ROW_ID: 1, ROW_VERSION: 1, age: 31 }];
    const error = await other.tables.update(table.id, rows).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(UnconfirmedError);
    expect(error).toMatchObject({ code: 'UNCONFIRMED', isStarted: false });
  });
});

describe('update of what was read', () => {
  test('takes copies of rows that were read', async () => {
    const table = await people();
    const rows = await syn.tables.query<{ age: number | null }>(
      `select age, note from ${table.id} where age > 30`,
    );
    const report = await syn.tables.update(
      table.id,
      rows.map((row) => ({ ...row, age: 5 })),
    );
    expect(report).toEqual({ updated: 1, unchanged: 0 });
    expect(await table.cells()).toEqual([
      ['Ann', '30', 'a'],
      ['Bob', '5', ''],
      ['Cid', null, null],
    ]);
  });

  test('keeps values in columns whose names are those of the reference', async () => {
    const table = await create({
      rowId: 'INTEGER',
      etag: 'STRING',
      versionNumber: 'INTEGER',
      select: 'STRING',
      'a"b,c': 'STRING',
    });
    await table.append(['7', 'e', '8', 's', 'x']);
    const rows = [
      { ROW_ID: 1, ROW_VERSION: 1, rowId: 70, etag: 'f', versionNumber: null, 'a"b,c': "it's" },
    ];
    await syn.tables.update(table.id, rows);
    expect(await table.cells()).toEqual([['70', 'f', null, 's', "it's"]]);
  });

  test('keeps values of every type exactly', async () => {
    const types = [
      'STRING',
      'LARGETEXT',
      'INTEGER',
      'DOUBLE',
      'BOOLEAN',
      'DATE',
      'ENTITYID',
      'STRING_LIST',
      'INTEGER_LIST',
      'JSON',
    ] as const;
    const table = await create(Object.fromEntries(types.map((type) => [type, type])));
    await table.append(types.map(() => null));
    const row = {
      STRING: '\u2028 "\\\'',
      LARGETEXT: '',
      INTEGER: 2n ** 53n + 1n,
      DOUBLE: Number.NaN,
      BOOLEAN: false,
      DATE: new Date(-1),
      ENTITYID: 'syn5',
      STRING_LIST: ['a"b', ''],
      INTEGER_LIST: [2n ** 53n + 1n],
      JSON: { b: [1, null], a: 'x' },
    };
    await syn.tables.update(table.id, [{ ROW_ID: 1, ROW_VERSION: 1, ...row }]);
    const [read] = await syn.tables.query(`select * from ${table.id}`, { integers: 'bigint' });
    expect({ ...read }).toMatchObject(row);
  });

  test('with overwrite, takes rows without a version, but not missing ones', async () => {
    const table = await people();
    await table.set(1, 'age', '9');
    const rows = [
      { ROW_ID: 1, note: 'n' },
      { ROW_ID: 2, ROW_VERSION: 1, note: 'm' },
    ];
    expect(await syn.tables.update(table.id, rows, { overwrite: true })).toEqual({
      updated: 2,
      unchanged: 0,
    });
    expect((await table.cells()).slice(0, 2)).toEqual([
      ['Ann', '9', 'n'],
      ['Bob', '40', 'm'],
    ]);
    const missing = syn.tables.update(table.id, [{ ROW_ID: 50, age: 1 }], { overwrite: true });
    await expect(missing).rejects.toBeInstanceOf(MissingRowsError);
  });

  test('a dry run checks the rows and changes nothing', async () => {
    const table = await people();
    const rows = [
      { ROW_ID: 1, ROW_VERSION: 1, age: 5 },
      { ROW_ID: 2, ROW_VERSION: 1 },
    ];
    expect(await syn.tables.update(table.id, rows, { dryRun: true })).toEqual({
      updated: 1,
      unchanged: 1,
    });
    expect((await table.cells())[0]?.[1]).toBe('30');
    const stale = syn.tables.update(table.id, [{ ROW_ID: 1, ROW_VERSION: 0, age: 5 }], {
      dryRun: true,
    });
    await expect(stale).rejects.toBeInstanceOf(StaleRowsError);
  });

  test('no rows change nothing', async () => {
    const table = await people();
    expect(await syn.tables.update(table.id, [])).toEqual({ updated: 0, unchanged: 0 });
  });
});

describe('tables that cannot be updated', () => {
  test.each([
    ['a version of a table', (id: string) => `${id}.1`, 'rows are changed in the current version'],
    ['a project', () => project.id, 'is not a table'],
  ])('%s', async (_, idOf, message) => {
    const table = await people();
    const error = await syn.tables.update(idOf(table.id), []).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ArgumentError);
    expect(String(error)).toContain(message);
  });

  test('a materialized view', async () => {
    const table = await people();
    const { id = '' } = await syn.services.entity.createEntity({
      body: {
        concreteType: 'org.sagebionetworks.repo.model.table.MaterializedView',
        name: crypto.randomUUID(),
        parentId: project.id,
        definingSQL: `select * from ${table.id}`,
      },
    });
    await expect(syn.tables.update(id, [])).rejects.toThrow('its rows are defined by its SQL');
  });
});
