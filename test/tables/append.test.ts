import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  CellValueError,
  type Project,
  type RowsInput,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { cellsOf, createTable, type TestColumn } from './withTables.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

const people = { name: 'STRING', age: 'INTEGER' } as const;

function table(columns: Readonly<Record<string, TestColumn>> = people): Promise<string> {
  return createTable(syn, project.id, columns);
}

async function* later<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) {
    await Promise.resolve();
    yield item;
  }
}

const starts = (calls: string[]): number =>
  calls.filter((call) => call === 'table.startTableTransaction').length;

describe('append', () => {
  const csv = 'name,age\nAnn,44\n"Bob ""B"" \\\\",\n';
  const rows = [
    { name: 'Ann', age: 44 },
    { name: 'Bob "B" \\', age: null },
  ];
  const inputs: [string, () => RowsInput | Promise<string>][] = [
    ['an array of objects', () => rows],
    ['an iterable', () => new Set(rows)],
    ['an async iterable', () => later(rows)],
    ['a CSV file', () => clients.file('people.csv', csv)],
    ['a CSV text', () => ({ csv })],
    ['bytes of CSV', () => Buffer.from(csv)],
    ['a stream of bytes', () => Readable.from([Buffer.from(csv.slice(0, 9)), csv.slice(9)])],
    ['a Blob', () => new Blob([csv])],
  ];
  test.each(inputs)('takes %s', async (_, input) => {
    const id = await table();
    const report = await syn.tables.append(id, await input());
    expect(report).toMatchObject({ rows: 2, transactions: 1 });
    expect(await cellsOf(syn, `SELECT name, age FROM ${id}`)).toEqual([
      ['Ann', '44'],
      ['Bob "B" \\', null],
    ]);
  });

  test('sends few rows in the request of the transaction', async () => {
    const id = await table();
    const calls = await clients.calls(() => syn.tables.append(id, rows));
    expect(calls.filter((call) => !/Result$/.test(call))).toEqual([
      'table.listTableColumns',
      'table.startTableTransaction',
    ]);
  });

  test('uploads many rows as CSV, in one transaction', async () => {
    const id = await table();
    const many = Array.from({ length: 20_000 }, (_, age) => ({ name: `é ${age}`, age }));
    let report;
    const calls = await clients.calls(async () => (report = await syn.tables.append(id, many)));
    expect(report).toMatchObject({ rows: 20_000, transactions: 1 });
    expect(starts(calls)).toBe(1);
    expect(calls).toContain('file.createMultipartUpload');
    expect(await cellsOf(syn, `SELECT COUNT(*), SUM(age), MIN(name) FROM ${id}`)).toEqual([
      ['20000', '199990000', 'é 0'],
    ]);
  });

  test('splits what is too large for one transaction at the borders of rows', async () => {
    const id = await table();
    const many = Array.from({ length: 100 }, (_, age) => ({ name: 'n"\n'.repeat(5), age }));
    const report = await syn.tables.append(id, many, { maxTransactionBytes: 1000 });
    expect(report.rows).toBe(100);
    expect(report.transactions).toBeGreaterThan(2);
    const stored = await cellsOf(syn, `SELECT name, age FROM ${id} ORDER BY ROW_ID`);
    expect(stored).toEqual(many.map(({ name, age }) => [name, String(age)]));
  });

  test('writes a key that only a later row has', async () => {
    const id = await table();
    for (const maxTransactionBytes of [10_000, 60]) {
      const mixed = [{ name: 'a' }, { age: 1 }, { name: 'b', age: 2 }, {}];
      const report = await syn.tables.append(id, mixed, { maxTransactionBytes });
      expect(report.rows).toBe(4);
    }
    const once = [
      ['a', null],
      [null, '1'],
      ['b', '2'],
      [null, null],
    ];
    expect(await cellsOf(syn, `SELECT name, age FROM ${id}`)).toEqual([...once, ...once]);
  });

  test('keeps rows without a value in a table with one column', async () => {
    const id = await table({ name: 'STRING' });
    const values = [null, '', 'x', null];
    for (const maxTransactionBytes of [10_000, 50]) {
      await syn.tables.append(
        id,
        values.map((name) => ({ name })),
        { maxTransactionBytes },
      );
    }
    const cells = values.map((value) => [value]);
    expect(await cellsOf(syn, `SELECT name FROM ${id}`)).toEqual([...cells, ...cells]);
  });

  test('sends nothing with dryRun', async () => {
    const id = await table();
    const options = { dryRun: true, maxTransactionBytes: 30 };
    const calls = await clients.calls(async () => {
      const report = await syn.tables.append(id, rows, options);
      expect(report).toMatchObject({ rows: 2, transactions: 2 });
    });
    expect(calls).toEqual(['table.listTableColumns']);
  });

  test('of no rows does nothing', async () => {
    const id = await table();
    for (const none of [[], { csv: 'name,age\n' }, { csv: 'age,name\r\n' }]) {
      expect(await syn.tables.append(id, none)).toMatchObject({ rows: 0, transactions: 0 });
    }
  });

  test('refuses a bad value in any row before anything is sent', async () => {
    const id = await table();
    const bad = [...rows, { name: 'x', age: 1.5 }];
    const calls = await clients.calls(async () => {
      const error: unknown = await syn.tables
        .append(id, bad, { maxTransactionBytes: 30 })
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(CellValueError);
      expect(error).toMatchObject({ row: 3, column: 'age', value: 1.5 });
    });
    expect(calls).toEqual(['table.listTableColumns']);
  });

  test('leaves no temporary files', async () => {
    const id = await table();
    const spools = async (): Promise<string[]> =>
      (await readdir(tmpdir())).filter((name) => name.startsWith(`synapse-rows-${process.pid}-`));
    const before = await spools();
    const bad = [...rows, { name: 'x', age: 'y' }];
    await syn.tables.append(id, rows, { maxTransactionBytes: 30 });
    await syn.tables.append(id, bad, { maxTransactionBytes: 30 }).catch(() => undefined);
    expect((await spools()).filter((name) => !before.includes(name))).toEqual([]);
  });
});
