import { beforeAll, describe, expect, test } from '@jest/globals';
import type { QueryResultBundle } from '../../generated/models.js';
import {
  ArgumentError,
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

async function failure(run: Promise<unknown>): Promise<Error> {
  const error = await run.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(Error);
  return error as Error;
}

describe('upsert', () => {
  test('updates rows whose key exists where they differ, and adds the others', async () => {
    const table = await create({ k: 'STRING', n: 'INTEGER', s: 'STRING' });
    await table.append(['a', '1', 'x'], ['b', '2', 'y'], ['c', '3', 'z']);
    const rows = [
      { k: 'a', n: 1 },
      { k: 'b', n: 20, s: 'y' },
      { k: 'd', s: 'new' },
    ];
    const planned = await syn.tables.upsert(table.id, rows, { keys: ['k'], dryRun: true });
    expect(await table.cells()).toHaveLength(3);
    const report = await syn.tables.upsert(table.id, rows, { keys: ['k'] });
    expect(report).toEqual({ inserted: 1, updated: 1, unchanged: 1, problems: [] });
    expect(planned).toEqual(report);
    expect(await table.rows()).toMatchObject([
      { rowId: 1, versionNumber: 1, values: ['a', '1', 'x'] },
      { rowId: 2, versionNumber: 2, values: ['b', '20', 'y'] },
      { rowId: 3, versionNumber: 1, values: ['c', '3', 'z'] },
      { rowId: 4, values: ['d', null, 'new'] },
    ]);
  });

  test('compares text keys exactly, though Synapse does not', async () => {
    const table = await create({ k: 'STRING', n: 'INTEGER' });
    const keys = [
      'É',
      'é',
      'E',
      'e',
      "O'Brien",
      'back\\slash',
      '',
      ' ',
      'a"b',
      null,
      'ß',
      'ss',
      '日本',
      '😀',
    ];
    await table.append(...keys.map((key, index) => [key, String(index)]));
    const changed = keys.map((key, index) => ({ k: key, n: index + 100 }));
    const report = await syn.tables.upsert(table.id, [...changed, { k: 'É ', n: 1 }], {
      keys: ['k'],
    });
    expect(report).toEqual({ inserted: 1, updated: keys.length, unchanged: 0, problems: [] });
    expect(await table.cells()).toEqual([
      ...keys.map((key, index) => [key, String(index + 100)]),
      ['É ', '1'],
    ]);
    const again = await syn.tables.upsert(table.id, changed, { keys: ['k'] });
    expect(again).toMatchObject({ inserted: 0, updated: 0, unchanged: keys.length });
  });

  test.each<[ColumnSpec, unknown[], unknown[]]>([
    ['INTEGER', [1, -5, 0, 9007199254740993n, null], ['+1', '-5', 0, '9007199254740993', null]],
    [
      'DOUBLE',
      [0.1, -2.5, 1e300, NaN, Infinity, -Infinity, null, 1, 1e-7],
      ['0.10', -2.5, '1E300', 'nan', 'inf', '-inf', null, '1.0', 1e-7],
    ],
    ['BOOLEAN', [true, false, null], ['TRUE', 'False', null]],
    ['DATE', [new Date(-1000), new Date(0), null], ['1969-12-31T23:59:59Z', 0, null]],
    ['ENTITYID', ['syn12', 'syn13', null], ['SYN12', 'syn13', null]],
    ['USERID', ['273950', null], [273950, null]],
    ['LINK', ["https://x.org/?a='b'", ''], ["https://x.org/?a='b'", '']],
    ['MEDIUMTEXT', ['m', ''], ['m', '']],
    ['LARGETEXT', ['x'.repeat(3000), "it's"], ['x'.repeat(3000), "it's"]],
    [
      'STRING_LIST',
      [['a', 'b\'"'], ['a'], ['b\'"', 'a'], null],
      ['["a",  "b\'\\""]', ['a'], ['b\'"', 'a'], []],
    ],
    ['INTEGER_LIST', [[1, 2], [2, 1], null], ['[1,2]', [2, 1], null]],
    ['BOOLEAN_LIST', [[true], [false, true]], [[true], [false, true]]],
    ['DATE_LIST', [[new Date(-5)], [new Date(5), new Date(-5)]], [[-5], [5, -5]]],
    ['ENTITYID_LIST', [['syn5'], ['syn6', 'syn5']], [['syn5'], ['syn6', 'syn5']]],
    ['USERID_LIST', [['5'], ['6', '5']], [['5'], ['6', '5']]],
    ['JSON', [{ a: 1, b: [1, 2] }, [1], null], ['{"b": [1,2], "a": 1}', [1], null]],
  ])('finds keys of the type %s', async (type, keys, spelled) => {
    const table = await create({ k: type, n: 'INTEGER' });
    const stored = await syn.tables.upsert(
      table.id,
      keys.map((k, n) => ({ k, n })),
      { keys: ['k'] },
    );
    expect(stored).toEqual({ inserted: keys.length, updated: 0, unchanged: 0, problems: [] });
    const same = spelled.map((k, n) => ({ k, n }));
    const again = await syn.tables.upsert(table.id, same, { keys: ['k'] });
    expect(again).toEqual({ inserted: 0, updated: 0, unchanged: keys.length, problems: [] });
    const other = spelled.map((k, n) => ({ k, n: n + 1 }));
    const changed = await syn.tables.upsert(table.id, other, { keys: ['k'] });
    expect(changed).toEqual({ inserted: 0, updated: keys.length, unchanged: 0, problems: [] });
    expect(await table.cells()).toHaveLength(keys.length);
  });

  test('finds keys of several columns, also in columns with unusual names', async () => {
    const table = await create({
      select: 'STRING',
      'a"b': 'INTEGER',
      id: 'STRING',
      etag: 'STRING',
      rowId: 'INTEGER',
    });
    await table.append(
      ['x', '1', 'i', 'e', '7'],
      ['x', '2', 'i', 'e', '7'],
      [null, '1', 'i', 'e', '7'],
      ['y', '1', 'i', 'e', '7'],
    );
    const rows = [
      { select: 'x', 'a"b': 2, rowId: 8 },
      { select: null, 'a"b': 1, rowId: 9 },
      { select: 'y', 'a"b': 2, rowId: 10, etag: 'new' },
      { select: 'y', 'a"b': 1, id: 'i' },
    ];
    const report = await syn.tables.upsert(table.id, rows, { keys: ['select', 'a"b'] });
    expect(report).toEqual({ inserted: 1, updated: 2, unchanged: 1, problems: [] });
    expect(await table.cells()).toEqual([
      ['x', '1', 'i', 'e', '7'],
      ['x', '2', 'i', 'e', '8'],
      [null, '1', 'i', 'e', '9'],
      ['y', '1', 'i', 'e', '7'],
      ['y', '2', null, 'new', '10'],
    ]);
  });

  test('treats a cell without a value as the default of its column, as the table does', async () => {
    const table = await create({
      k: { columnType: 'STRING', defaultValue: 'd' },
      n: { columnType: 'INTEGER', defaultValue: '7' },
    });
    await syn.tables.upsert(table.id, [{ k: null, n: null }], { keys: ['k'] });
    const report = await syn.tables.upsert(table.id, [{ k: null, n: null }], { keys: ['k'] });
    expect(report).toMatchObject({ inserted: 0, unchanged: 1 });
    expect(await table.cells()).toEqual([['d', '7']]);
  });

  test('refuses rows with the same key, and names them', async () => {
    const table = await create({ k: 'DOUBLE', s: 'STRING' });
    const rows = [
      { k: 1, s: 'a' },
      { k: 2, s: 'b' },
      { k: '1.0', s: 'c' },
    ];
    const error = await failure(syn.tables.upsert(table.id, rows, { keys: ['k'] }));
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error.message).toBe('Rows 1 and 3 have the same key k = "1".');
    expect(await table.cells()).toEqual([]);
  });

  test('refuses a key that several rows of the table have, unless all are to be updated', async () => {
    const table = await create({ k: 'STRING', n: 'INTEGER' });
    await table.append(['a', '1'], ['a', '2'], ['b', '3']);
    const rows = [
      { k: 'a', n: 9 },
      { k: 'b', n: 9 },
      { k: 'c', n: 9 },
    ];
    const error = await failure(syn.tables.upsert(table.id, rows, { keys: ['k'] }));
    expect(error.message).toContain('row 1 (k = "a") is ROW_ID 1, 2');
    expect(await table.cells()).toHaveLength(3);
    const report = await syn.tables.upsert(table.id, rows, {
      keys: ['k'],
      ifSeveralMatch: 'updateAll',
    });
    expect(report).toMatchObject({ inserted: 1, updated: 3 });
    expect(await table.cells()).toEqual([
      ['a', '9'],
      ['a', '9'],
      ['b', '9'],
      ['c', '9'],
    ]);
  });

  test.each([
    ['no keys', [{ k: 'a' }], [], 'needs `keys`'],
    ['keys that are left out', [{ k: 'a' }], undefined as never, 'needs `keys`'],
    ['a text as keys', [{ k: 'a' }], 'k' as never, 'needs `keys`'],
    [
      'a key that is no column',
      [{ k: 'a' }],
      ['zz'],
      'The key "zz" is not a column of the table: k, n.',
    ],
    ['a key twice', [{ k: 'a' }], ['k', 'k'], 'The key "k" is given twice'],
    ['a row without the key', [{ k: 'a' }, { n: 1 }], ['k'], 'Row 2 has no value for the key "k"'],
    [
      'a column that does not exist',
      [{ k: 'a' }, { k: 'b', m: 1 }],
      ['k'],
      'Row 2 names "m", which is no column',
    ],
    ['a value that does not fit', [{ k: 'a' }, { k: 'b', n: 'x' }], ['k'], 'Row 2, column "n"'],
  ])('refuses %s before anything is sent', async (_, rows, keys, message) => {
    const table = await create({ k: 'STRING', n: 'INTEGER' });
    const calls = await clients.calls(async () => {
      const error = await failure(syn.tables.upsert(table.id, rows, { keys }));
      expect(error).toBeInstanceOf(ArgumentError);
      expect(error.message).toContain(message);
    });
    expect(calls).not.toContain('table.startTableTransaction');
    expect(calls).not.toContain('table.startTableQuery');
  });

  test('does nothing for no rows', async () => {
    const table = await create({ k: 'STRING' });
    const report = await syn.tables.upsert(table.id, [], { keys: ['k'] });
    expect(report).toEqual({ inserted: 0, updated: 0, unchanged: 0, problems: [] });
  });

  describe('while others change the table', () => {
    /** A client that is disturbed before it sends its first transaction. */
    const disturbed = (first: () => Fate | Promise<Fate>): Promise<Synapse> => {
      let count = 0;
      const fetch = disturbedFetch(() => {
        count += 1;
        return count === 1 ? first() : undefined;
      });
      return clients.open('alice', { fetch });
    };

    test('compares again with rows that change between the reading and the writing', async () => {
      const table = await create({ k: 'STRING', n: 'INTEGER', s: 'STRING' });
      await table.append(['a', '1', 'x'], ['b', '2', 'y']);
      const other = await disturbed(async () => {
        await table.set(2, 's', 'other');
        await table.set(1, 'n', '9');
        return undefined;
      });
      const rows = [
        { k: 'a', n: 9 },
        { k: 'b', n: 9 },
        { k: 'c', n: 9 },
      ];
      const report = await other.tables.upsert(table.id, rows, { keys: ['k'] });
      expect(report).toEqual({ inserted: 1, updated: 1, unchanged: 1, problems: [] });
      expect(await table.cells()).toEqual([
        ['a', '9', 'x'],
        ['b', '9', 'other'],
        ['c', '9', null],
      ]);
    });

    test('adds a row again that is deleted between the reading and the writing', async () => {
      const table = await create({ k: 'STRING', n: 'INTEGER', s: 'STRING' });
      await table.append(['a', '1', 'x']);
      const other = await disturbed(async () => {
        await table.remove(1);
        return undefined;
      });
      const report = await other.tables.upsert(table.id, [{ k: 'a', n: 9 }], { keys: ['k'] });
      expect(report).toMatchObject({ inserted: 1, updated: 0 });
      expect(await table.cells()).toEqual([['a', '9', null]]);
    });

    test.each<[string, Fate, (string | null)[][]]>([
      ['updates', 'lose', [['a', '1']]],
      ['inserts', 'lose', []],
      ['updates', 'drop', [['a', '1']]],
    ])('applies %s once when the answer is lost (%s)', async (_, fate, before) => {
      const table = await create({ k: 'STRING', n: 'INTEGER' });
      if (before.length > 0) await table.append(...before);
      const other = await disturbed(() => fate);
      const rows = [
        { k: 'a', n: 9 },
        { k: 'b', n: 9 },
      ];
      const report = await other.tables.upsert(table.id, rows, { keys: ['k'] });
      expect(report).toMatchObject({ inserted: 2 - before.length, updated: before.length });
      expect(await table.cells()).toEqual([
        ['a', '9'],
        ['b', '9'],
      ]);
    });

    test('says that it is not known whether rows were added when the request is lost', async () => {
      const table = await create({ k: 'STRING' });
      const other = await disturbed(() => 'drop');
      const error = await failure(other.tables.upsert(table.id, [{ k: 'a' }], { keys: ['k'] }));
      expect(error).toBeInstanceOf(UnconfirmedError);
      expect(error.message).toContain(`It is not known whether ${table.id} was changed`);
    });
  });

  test('reads only the rows that have one of the keys', async () => {
    const table = await create({ k: 'STRING', day: 'INTEGER', n: 'INTEGER' });
    const grid = Array.from({ length: 20 }, (_, k) =>
      Array.from({ length: 20 }, (__, day) => [`k${k}`, String(day), '0']),
    );
    await table.append(...grid.flat().slice(0, 300));
    await table.append(...grid.flat().slice(300));
    const rows = Array.from({ length: 20 }, (_, k) => ({ k: `k${k}`, day: 19 - k, n: 1 }));
    const read: number[] = [];
    const fetchRows = async (...args: Parameters<typeof fetch>): Promise<Response> => {
      const response = await fetch(...args);
      const [url] = args;
      if (String(url instanceof Request ? url.url : url).includes('/table/query/async/get/')) {
        const body = (await response.clone().json()) as QueryResultBundle;
        read.push(body.queryResult?.queryResults?.rows?.length ?? 0);
      }
      return response;
    };
    const counting = await clients.open('alice', { fetch: fetchRows });
    const report = await counting.tables.upsert(table.id, rows, { keys: ['k', 'day'] });
    expect(report).toMatchObject({ updated: 20, inserted: 0 });
    expect(read.reduce((sum, count) => sum + count, 0)).toBe(20);
  });

  test('finds many keys of several columns with few queries', async () => {
    const table = await create({ k: 'STRING', day: 'INTEGER', n: 'INTEGER' });
    const rows = Array.from({ length: 1_500 }, (_, k) => ({ k: `k${k}`, day: k * 7, n: 1 }));
    await syn.tables.upsert(table.id, rows, { keys: ['k', 'day'] });
    const changed = rows.map((row, index) => ({ ...row, n: index % 2 }));
    let report: unknown;
    const calls = await clients.calls(async () => {
      report = await syn.tables.upsert(table.id, changed, { keys: ['day', 'k'] });
    });
    expect(report).toEqual({ inserted: 0, updated: 750, unchanged: 750, problems: [] });
    expect(calls.filter((call) => call === 'table.startTableQuery').length).toBeLessThan(25);
  });

  test('finds many long texts, lists and empty values together', async () => {
    const table = await create({ t: 'LARGETEXT', l: 'STRING_LIST', n: 'INTEGER' });
    const rows = Array.from({ length: 100 }, (_, k) => ({
      t: k % 10 === 0 ? null : `${'%_|\\'.repeat(300)}${k}`,
      l: k % 7 === 0 ? null : [`e${k % 5}`, `f'${k}`],
      n: k,
    }));
    const unique = [...new Map(rows.map((row) => [JSON.stringify([row.t, row.l]), row])).values()];
    const first = await syn.tables.upsert(table.id, unique, { keys: ['t', 'l'] });
    expect(first).toMatchObject({ inserted: unique.length });
    const again = await syn.tables.upsert(table.id, unique, { keys: ['l', 't'] });
    expect(again).toMatchObject({ inserted: 0, unchanged: unique.length });
    const byText = unique.filter(({ t }) => t !== null);
    const third = await syn.tables.upsert(table.id, byText, { keys: ['t'] });
    expect(third).toMatchObject({ inserted: 0, unchanged: byText.length });
  });

  test('writes many rows with few requests, and loses none', async () => {
    const table = await create({ k: 'INTEGER', s: { columnType: 'STRING', maximumSize: 500 } });
    const rows = Array.from({ length: 6_000 }, (_, k) => ({ k, s: `"${k}",\\ `.padEnd(400, 'x') }));
    const first = await syn.tables.upsert(table.id, rows.slice(0, 4_000), { keys: ['k'] });
    expect(first).toMatchObject({ inserted: 4_000 });
    const changed = rows.map(({ k, s }) => ({ k, s: k % 2 === 0 ? s : `${s}!` }));
    let report: unknown;
    const calls = await clients.calls(async () => {
      report = await syn.tables.upsert(table.id, changed, { keys: ['k'] });
    });
    expect(report).toEqual({ inserted: 2_000, updated: 2_000, unchanged: 2_000, problems: [] });
    expect(calls.filter((call) => call === 'table.startTableTransaction')).toHaveLength(1);
    const again = await syn.tables.upsert(table.id, changed, { keys: ['k'] });
    expect(again).toEqual({ inserted: 0, updated: 0, unchanged: 6_000, problems: [] });
  });

  test('writes rows that differ in very many sets of columns', async () => {
    const names = Array.from({ length: 7 }, (_, index) => `c${index}`);
    const table = await create({
      k: 'INTEGER',
      ...Object.fromEntries(names.map((name) => [name, 'STRING' as const])),
    });
    const count = 2 ** names.length;
    const rows = Array.from({ length: count }, (_, k) => ({
      k,
      ...Object.fromEntries(
        names.filter((__, bit) => (k >> bit) % 2 === 1).map((name) => [name, 'new']),
      ),
    }));
    await table.append(...rows.map(({ k }) => [String(k), ...names.map(() => 'old')]));
    const report = await syn.tables.upsert(table.id, rows, { keys: ['k'] });
    expect(report).toMatchObject({ updated: count - 1, unchanged: 1 });
    expect(await table.cells()).toEqual(
      rows.map(({ k }) => [
        String(k),
        ...names.map((_, bit) => ((k >> bit) % 2 === 1 ? 'new' : 'old')),
      ]),
    );
  });
});
