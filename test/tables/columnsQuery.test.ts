import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Table, tableFromIPC } from 'apache-arrow';
import { parquetReadObjects } from 'hyparquet';
import { defineTable, type Synapse } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { makeTable, type MadeTable } from './queryTables.js';

const clients = withClients();
let syn: Synapse;
let projectId: string;
let made: MadeTable;
beforeAll(async () => {
  syn = await clients.open('alice');
  projectId = (await clients.project(syn)).id;
  made = await makeTable(
    syn,
    projectId,
    [
      { name: 'name', columnType: 'STRING' },
      { name: 'age', columnType: 'INTEGER' },
      { name: 'score', columnType: 'DOUBLE' },
      { name: 'ok', columnType: 'BOOLEAN' },
      { name: 'seen', columnType: 'DATE' },
      { name: 'tags', columnType: 'STRING_LIST' },
    ],
    [
      ['a "quoted" é\n', '9007199254740993', 'NaN', 'true', '-1', '["a","b"]'],
      [null, null, null, null, null, null],
      ['', '-5', '0.1', 'false', '0', '[""]'],
    ],
  );
});

const names = ['name', 'age', 'score', 'ok', 'seen', 'tags'];

describe('columns of a query', () => {
  test('are typed arrays', async () => {
    const query = syn.tables.query(`select * from ${made.id}`, { integers: 'bigint' });
    const { rowCount, columns } = await query.toColumns();
    expect(rowCount).toBe(3);
    expect(columns.map(({ name }) => name)).toEqual(names);
    expect(columns.map(({ values }) => values)).toEqual([
      ['a "quoted" é\n', null, ''],
      BigInt64Array.of(9007199254740993n, 0n, -5n),
      Float64Array.of(Number.NaN, Number.NaN, 0.1),
      Uint8Array.of(1, 0, 0),
      Float64Array.of(-1, Number.NaN, 0),
      [['a', 'b'], null, ['']],
    ]);
    expect(columns.map(({ nulls }) => nulls)).toEqual(names.map(() => Uint8Array.of(0, 1, 0)));
  });

  test('refuse an integer that a number cannot hold, unless it is asked for otherwise', async () => {
    const query = syn.tables.query(`select age from ${made.id}`);
    await expect(query.toColumns()).rejects.toThrow("{ integers: 'bigint' }");
    const { columns } = await query.toColumns({ integers: 'string' });
    expect(columns[0]?.values).toEqual(['9007199254740993', null, '-5']);
  });

  test('have the ids of rows on request', async () => {
    const query = syn.tables.query(`select ok from ${made.id}`);
    const { columns } = await query.toColumns({ references: true });
    expect(columns.map(({ name }) => name)).toEqual(['ROW_ID', 'ROW_VERSION', 'ok']);
    expect(columns[0]?.values).toEqual(Float64Array.of(1, 2, 3));
  });

  test('of aggregates have no ids', async () => {
    const query = syn.tables.query(`select count(*) as n from ${made.id}`);
    const { columns } = await query.toColumns({ references: true });
    expect(columns).toEqual([
      {
        name: 'n',
        type: 'INTEGER',
        values: Float64Array.of(3),
        nulls: Uint8Array.of(0),
        nullCount: 0,
      },
    ]);
  });

  test('fit the definition of the table', async () => {
    const wrong = defineTable({ columns: { age: 'STRING' } });
    const query = syn.tables.query(wrong, `select age from ${made.id}`);
    await expect(query.toColumns()).rejects.toThrow(
      'column "age" has the type INTEGER, not STRING',
    );
    await expect(query.toArrow()).rejects.toThrow('column "age"');
  });

  test('of a table without columns are none', async () => {
    const empty = await makeTable(syn, projectId, []);
    const query = syn.tables.query(`select * from ${empty.id}`);
    expect(await query.toColumns()).toEqual({ rowCount: 0, columns: [] });
    expect((await query.toArrow()).numRows).toBe(0);
  });

  test('of a query that Synapse refuses are its error', async () => {
    const query = syn.tables.query(`select nothing from ${made.id}`);
    for (const run of [
      () => query.toColumns(),
      () => query.toArrow(),
      () => query.toArrow(new PassThrough()),
    ]) {
      await expect(run()).rejects.toMatchObject({ name: 'QueryError' });
    }
  });
});

describe('Arrow', () => {
  const expected = [
    { name: 'a "quoted" é\n', age: 9007199254740993n, score: Number.NaN, ok: true, seen: -1 },
    { name: null, age: null, score: null, ok: null, seen: null },
    { name: '', age: -5n, score: 0.1, ok: false, seen: 0 },
  ];

  test('is a table of the package', async () => {
    const query = syn.tables.query(`select name, age, score, ok, seen from ${made.id}`);
    const table = await query.toArrow();
    if (!(table instanceof Table)) throw new Error('another class');
    expect(table.toArray().map((row: object) => ({ ...row }))).toEqual(expected);
  });

  test('is written to a stream and to a file', async () => {
    const query = syn.tables.query(`select name, age, score, ok, seen from ${made.id}`);
    const stream = new PassThrough();
    const writing = query.toArrow(stream);
    const chunks: unknown[] = await stream.toArray();
    await writing;
    const path = join(clients.folder, 'a.arrows');
    expect(await query.toArrow(path)).toBe(path);
    const bytes = await readFile(path);
    expect(Buffer.concat(chunks as Buffer[])).toEqual(bytes);
    expect(
      tableFromIPC(bytes)
        .toArray()
        .map((row: object) => ({ ...row })),
    ).toEqual(expected);
  });
});

describe('Parquet', () => {
  test('is a file with the values of the rows', async () => {
    const path = join(clients.folder, 'a.parquet');
    const query = syn.tables.query(`select * from ${made.id}`, { dates: 'epoch' });
    expect(await query.toParquet(path, { references: true })).toBe(path);
    const bytes = await readFile(path);
    const rows = await parquetReadObjects({ file: new Uint8Array(bytes).buffer });
    expect(rows[0]).toEqual({
      ROW_ID: 1n,
      ROW_VERSION: 1n,
      name: 'a "quoted" é\n',
      age: 9007199254740993n,
      score: Number.NaN,
      ok: true,
      seen: new Date(-1),
      tags: ['a', 'b'],
    });
    expect(rows[2]).toMatchObject({ name: '', tags: [''] });
  });

  test('is not written over a file, before anything is sent', async () => {
    const path = await clients.file('mine.parquet', 'mine');
    const query = syn.tables.query(`select * from ${made.id}`);
    const calls = await clients.calls(async () => {
      await expect(query.toParquet(path)).rejects.toMatchObject({ code: 'EEXIST' });
    });
    expect(calls).toEqual([]);
    await query.toParquet(path, { overwrite: true });
    expect(await readFile(path, 'latin1')).toMatch(/^PAR1/);
  });

  test('of a query that Synapse refuses leaves no file', async () => {
    const before = await readdir(clients.folder);
    const query = syn.tables.query(`select nothing from ${made.id}`);
    const writing = query.toParquet(join(clients.folder, 'b.parquet'));
    await expect(writing).rejects.toMatchObject({ name: 'QueryError' });
    expect(await readdir(clients.folder)).toEqual(before);
  });
});
