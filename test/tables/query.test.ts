import { inspect } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type * as M from '../../generated/models.js';
import {
  CellReadError,
  rowReference,
  sql,
  type QueryOptions,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { appendRows, makeTable, type MadeTable } from './queryTables.js';

const clients = withClients();
let syn: Synapse;
let projectId: string;
beforeAll(async () => {
  syn = await clients.open('alice');
  projectId = (await clients.project(syn)).id;
});

const vias = ['pages', 'csv', 'auto'] as const;

function table(
  columns: readonly M.ColumnModel[],
  rows: readonly (readonly (string | null)[])[] = [],
): Promise<MadeTable> {
  return makeTable(syn, projectId, columns, rows);
}

/** Without the references, which `toEqual` would compare as well. */
function plain(rows: readonly object[]): Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(Object.entries(row)));
}

describe('rows', () => {
  const types: M.ColumnModel[] = [
    { name: 'text', columnType: 'STRING' },
    { name: 'integer', columnType: 'INTEGER' },
    { name: 'double', columnType: 'DOUBLE' },
    { name: 'boolean', columnType: 'BOOLEAN' },
    { name: 'date', columnType: 'DATE' },
    { name: 'entity', columnType: 'ENTITYID' },
    { name: 'user', columnType: 'USERID' },
    { name: 'texts', columnType: 'STRING_LIST' },
    { name: 'integers', columnType: 'INTEGER_LIST' },
    { name: 'dates', columnType: 'DATE_LIST' },
    { name: 'json', columnType: 'JSON' },
    { name: 'long', columnType: 'LARGETEXT' },
  ];
  let made: MadeTable;
  beforeAll(async () => {
    made = await table(types, [
      [
        `a "quoted", 'text'\nof two lines \\ é 😀`,
        '9007199254740991',
        'NaN',
        'true',
        '-1000',
        'syn5',
        '273950',
        '["a","b, \\"c\\""]',
        '[1,2]',
        '[0]',
        '{"a":[1,null]}',
        '',
      ],
      ['', null, '-Infinity', 'false', null, null, null, null, null, null, null, null],
      Array.from({ length: 12 }, () => null),
    ]);
  });

  test.each(vias)('have the values of all types (%s)', async (via) => {
    const rows = await syn.tables.query(`select * from ${made.id}`, { via });
    expect(plain(rows)).toEqual([
      {
        text: `a "quoted", 'text'\nof two lines \\ é 😀`,
        integer: 9007199254740991,
        double: Number.NaN,
        boolean: true,
        date: new Date(-1000),
        entity: 'syn5',
        user: '273950',
        texts: ['a', 'b, "c"'],
        integers: [1, 2],
        dates: [new Date(0)],
        json: { a: [1, null] },
        long: '',
      },
      {
        ...Object.fromEntries(types.map(({ name }) => [name, null])),
        text: '',
        double: -Infinity,
        boolean: false,
      },
      Object.fromEntries(types.map(({ name }) => [name, null])),
    ]);
  });

  test('have integers, dates and JSON in the form that is asked for', async () => {
    const [row] = await syn.tables.query(
      `select "integer", "date", integers, json from ${made.id} limit 1`,
      { integers: 'bigint', dates: 'epoch', json: 'text' },
    );
    expect({ ...row, json: undefined }).toMatchObject({
      integer: 9007199254740991n,
      date: -1000,
      integers: [1n, 2n],
    });
    expect(JSON.parse(String(row?.['json']))).toEqual({ a: [1, null] });
  });

  test.each(vias)('have the id and version beside the values (%s)', async (via) => {
    const [row] = await syn.tables.query(`select text from ${made.id}`, { via });
    expect(Object.keys(row ?? {})).toEqual(['text']);
    expect(row?.['rowId']).toBe(1);
    expect(rowReference(row ?? {})).toEqual({ rowId: 1, versionNumber: 1, etag: undefined });
    expect(rowReference({ ...row, text: 'changed' })).toEqual(rowReference(row ?? {}));
    expect(JSON.parse(JSON.stringify(row))).toEqual({ text: row?.['text'] });
  });

  test('are printed as their values', async () => {
    const [row] = await syn.tables.query(`select text from ${made.id}`);
    expect(inspect(row)).toBe(inspect({ text: row?.['text'] }));
  });

  test.each(vias)('of an aggregate have no id (%s)', async (via) => {
    const rows = await syn.tables.query(`select count(*) as n from ${made.id}`, { via });
    expect(rows).toEqual([{ n: 3 }]);
    expect(rows[0]?.['rowId']).toBeUndefined();
    expect(rowReference(rows[0] ?? {})).toBeUndefined();
  });

  test.each(vias)('are none for a table without rows or without columns (%s)', async (via) => {
    const empty = await table([{ name: 'a', columnType: 'STRING' }]);
    const bare = await table([]);
    expect(await syn.tables.query(`select * from ${empty.id}`, { via })).toEqual([]);
    expect(await syn.tables.query(`select * from ${bare.id}`, { via })).toEqual([]);
    expect(await syn.tables.query(`select * from ${bare.id}`).count()).toBe(0);
    expect(await syn.tables.query(`select * from ${bare.id}`).columns).toEqual([]);
  });

  test.each(vias)('keep a null in the only column, also in the first row (%s)', async (via) => {
    const { id } = await table([{ name: 'a', columnType: 'STRING' }], [[null], ['x'], [null]]);
    const rows = await syn.tables.query(`select a from ${id}`, { via });
    expect(plain(rows)).toEqual([{ a: null }, { a: 'x' }, { a: null }]);
    const aggregate = await syn.tables.query(`select max(a) as a from ${id} where a = 'none'`, {
      via,
    });
    expect(aggregate).toEqual([{ a: null }]);
  });

  test.each(vias)('may have columns with names of object members (%s)', async (via) => {
    const names = ['__proto__', 'constructor', 'rowId', 'etag', 'toString', 'then', '1', 'a b'];
    const { id } = await table(
      names.map((name) => ({ name, columnType: 'STRING' })),
      [names.map((name) => `value of ${name}`)],
    );
    const [row] = await syn.tables.query(`select * from ${id}`, { via });
    const entries = Object.entries(row ?? {});
    expect(new Map(entries)).toEqual(new Map(names.map((name) => [name, `value of ${name}`])));
    expect(rowReference(row ?? {})).toMatchObject({ rowId: 1 });
  });

  test('with two columns of one name are refused', async () => {
    const query = syn.tables.query(`select text, "integer" as text from ${made.id}`);
    await expect(query).rejects.toThrow(/two columns with the name "text".* AS/);
  });

  test('of a view have an etag when it is asked for', async () => {
    const view = await makeView();
    const [row] = await syn.tables.query(`select name from ${view}`, { includeEtag: true });
    expect(row?.['etag']).toMatch(/^[0-9a-f-]{36}$/);
    const [fromCsv] = await syn.tables.query(`select name from ${view}`, {
      includeEtag: true,
      via: 'csv',
    });
    expect(rowReference(fromCsv ?? {})).toEqual(rowReference(row ?? {}));
    const [without] = await syn.tables.query(`select name, etag from ${view}`);
    expect(without?.['etag']).toBe(row?.['etag']);
  });
});

async function makeView(): Promise<string> {
  const { list = [] } = await syn.services.table.listDefaultViewColumns({
    viewEntityType: 'entityview',
    viewTypeMask: 1,
  });
  const columns = await syn.services.table.createColumnBatch({ body: { list } });
  const path = await clients.file(`viewed ${crypto.randomUUID()}.txt`, 'viewed');
  const { File } = await import('../../src/index.js');
  await syn.store(new File({ path, parent: projectId }));
  const view = await syn.services.entity.createEntity({
    body: {
      concreteType: 'org.sagebionetworks.repo.model.table.EntityView',
      name: `View ${crypto.randomUUID()}`,
      parentId: projectId,
      viewTypeMask: 1,
      scopeIds: [projectId],
      columnIds: (columns.list ?? []).map(({ id = '' }) => id),
    },
  });
  return view.id ?? '';
}

describe('a cell that cannot be read', () => {
  test.each(vias)('is named with its row, column, value and a remedy (%s)', async (via) => {
    const { id } = await table(
      [{ name: 'big', columnType: 'INTEGER' }],
      [['1'], ['9007199254740993']],
    );
    const query = syn.tables.query(`select * from ${id}`, { via });
    const error = await query.toArray().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CellReadError);
    expect(error).toMatchObject({ row: 2, rowId: 2, column: 'big', value: '9007199254740993' });
    expect(String(error)).toMatch(/Row 2 \(ROW_ID 2\).*"big".*9007199254740993.*bigint/);
    const [, row] = await syn.tables.query(`select * from ${id}`, { integers: 'bigint', via });
    expect(row?.['big']).toBe(9007199254740993n);
  });
});

describe('a query', () => {
  test('sends nothing before it is used', async () => {
    const calls = await clients.calls(async () => {
      syn.tables.query('select * from syn123');
      await Promise.resolve();
    });
    expect(calls).toEqual([]);
  });

  test('with a short result takes one job', async () => {
    const { id } = await table([{ name: 'a', columnType: 'STRING' }], [['x']]);
    const calls = await clients.calls(() => syn.tables.query(`select * from ${id}`).toArray());
    expect(calls).toEqual(['table.startTableQuery', 'table.getTableQueryResult']);
  });

  test('runs again each time it is used', async () => {
    const made = await table([{ name: 'a', columnType: 'STRING' }], [['x']]);
    const query = syn.tables.query(`select * from ${made.id}`);
    expect(await query).toHaveLength(1);
    await appendRows(syn, made, [['y']]);
    expect(await query).toHaveLength(2);
  });

  test('is also syn.tableQuery', async () => {
    const { id } = await table([{ name: 'a', columnType: 'STRING' }], [['x']]);
    expect(plain(await syn.tableQuery(`select * from ${id}`))).toEqual([{ a: 'x' }]);
  });

  test('reads a version of a table', async () => {
    const made = await table([{ name: 'a', columnType: 'STRING' }], [['x']]);
    await syn.services.table.createTableSnapshot({ id: made.id, body: {} });
    await appendRows(syn, made, [['y']]);
    expect(await syn.tables.query(`select * from ${made.id}.1`)).toHaveLength(1);
    expect(await syn.tables.query(sql`select * from ${made.id}`)).toHaveLength(2);
  });

  test('takes offset, limit, sort and filters', async () => {
    const { id } = await table(
      [
        { name: 'name', columnType: 'STRING' },
        { name: 'n', columnType: 'INTEGER' },
        { name: 'tags', columnType: 'STRING_LIST' },
      ],
      [
        ['ab', '1', '["x"]'],
        ['abc', '2', '["y"]'],
        ['b', '3', '["x","y"]'],
        ['c', '4', null],
      ],
    );
    const numbers = async (options: QueryOptions): Promise<unknown[]> =>
      (await syn.tables.query(`select n from ${id}`, options)).map(({ n }) => n);
    expect(await numbers({ offset: 1, limit: 2 })).toEqual([2, 3]);
    expect(await numbers({ limit: 0 })).toEqual([]);
    expect(await numbers({ sort: [{ column: 'n', direction: 'DESC' }] })).toEqual([4, 3, 2, 1]);
    expect(await numbers({ sort: ['n'], filters: [{ column: 'n', equal: [3, 1] }] })).toEqual([
      1, 3,
    ]);
    expect(await numbers({ filters: [{ column: 'n', equal: 2n }] })).toEqual([2]);
    expect(await numbers({ filters: [{ column: 'name', like: ['ab%', 'c'] }] })).toEqual([1, 2, 4]);
    expect(
      await numbers({
        filters: [
          { column: 'tags', has: 'x' },
          { column: 'tags', hasLike: 'y%' },
        ],
      }),
    ).toEqual([3]);
  });
});
