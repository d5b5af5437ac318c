import { Readable } from 'node:stream';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
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

function table(columns: Readonly<Record<string, TestColumn>>): Promise<string> {
  return createTable(syn, project.id, columns);
}

async function typesOf(id: string): Promise<Record<string, string>> {
  const columns = await syn.tables.columns(id);
  const types = columns.map(({ name, columnType, maximumSize, maximumListLength }) => {
    const length = maximumListLength === undefined ? '' : `[${maximumListLength}]`;
    return [name, `${columnType}${maximumSize === undefined ? '' : ` ${maximumSize}`}${length}`];
  });
  return Object.fromEntries(types) as Record<string, string>;
}

describe('append with createColumns', () => {
  const rows = [
    { name: 'a', seen: new Date(0), n: 1n, tags: ['x\u2028', '"'], o: { path: 1, b: [null] } },
    { n: 2, extra: 'é' },
  ];

  test('creates the columns that rows have, of inferred types', async () => {
    const id = await table({ name: 'STRING' });
    const report = await syn.tables.append(id, rows, { createColumns: 'exact' });
    expect(String(report.schema)).toContain('add');
    expect(await typesOf(id)).toEqual({
      name: 'STRING 100',
      seen: 'DATE',
      n: 'INTEGER',
      tags: 'STRING_LIST 2[2]',
      o: 'JSON',
      extra: 'STRING 50',
    });
    expect(await cellsOf(syn, `SELECT * FROM ${id}`)).toEqual([
      ['a', '0', '1', '["x\u2028", "\\""]', '{"b": [null], "path": 1}', null],
      [null, null, '2', null, null, 'é'],
    ]);
  });

  const csv = 'name,n,b\nx,1.0,True\ny,,\n';
  const inputs: [string, () => RowsInput | Promise<string>][] = [
    ['a file', () => clients.file('rows.csv', csv)],
    ['a stream', () => Readable.from([Buffer.from(csv)])],
    ['a text', () => ({ csv })],
  ];
  test.each(inputs)('reads %s of CSV twice', async (_, input) => {
    const id = await table({ name: 'STRING' });
    await syn.tables.append(id, await input(), { createColumns: 'python' });
    expect(await typesOf(id)).toMatchObject({ n: 'INTEGER', b: 'BOOLEAN' });
    expect(await cellsOf(syn, `SELECT * FROM ${id}`)).toEqual([
      ['x', '1', 'true'],
      ['y', null, null],
    ]);
  });

  test('changes nothing with dryRun, nor when a value does not fit', async () => {
    const id = await table({ name: 'STRING', age: 'INTEGER' });
    const options = { createColumns: true, dryRun: true };
    const { schema } = await syn.tables.append(id, [{ name: 'a', more: 1.5 }], options);
    expect(schema?.columns).toMatchObject([{ name: 'name' }, { name: 'age' }, { name: 'more' }]);
    const bad = syn.tables.append(id, [{ age: 'x', more: 1 }], { createColumns: true });
    await expect(bad).rejects.toThrow(CellValueError);
    expect(Object.keys(await typesOf(id))).toEqual(['name', 'age']);
  });

  test('refuses more columns than a table can have, and names of nothing', async () => {
    const id = await table({ name: 'STRING' });
    const wide = Object.fromEntries(Array.from({ length: 153 }, (_, at) => [`c${at}`, at]));
    const options = { createColumns: true };
    await expect(syn.tables.append(id, [wide], options)).rejects.toThrow('152');
    await expect(syn.tables.append(id, [{ '': 1 }], options)).rejects.toThrow(ArgumentError);
  });
});

describe('append with expandColumns', () => {
  const columns = {
    short: { columnType: 'STRING', maximumSize: 5 },
    medium: { columnType: 'STRING', maximumSize: 5 },
    large: 'MEDIUMTEXT',
    list: { columnType: 'STRING_LIST', maximumSize: 2, maximumListLength: 2 },
    numbers: { columnType: 'INTEGER_LIST', maximumListLength: 2 },
    same: { columnType: 'STRING', maximumSize: 7 },
  } as const;
  const row = {
    short: 'x'.repeat(10),
    medium: 'x'.repeat(1500),
    large: 'x'.repeat(3000),
    list: ['abcdef', 'b', 'c'],
    numbers: [1, 2, 3],
    same: 'x',
  };

  test('makes texts and lists as large as their values need', async () => {
    const id = await table(columns);
    await syn.tables.append(id, [{ ...row, short: 'x' }, row], { expandColumns: true });
    expect(await typesOf(id)).toEqual({
      short: 'STRING 15',
      medium: 'MEDIUMTEXT',
      large: 'LARGETEXT',
      list: 'STRING_LIST 9[5]',
      numbers: 'INTEGER_LIST[5]',
      same: 'STRING 7',
    });
    const [, stored] = await cellsOf(syn, `SELECT short, medium, numbers FROM ${id}`);
    expect(stored).toEqual([row.short, row.medium, '[1, 2, 3]']);
  });

  test('is not done unless it is asked for', async () => {
    const id = await table(columns);
    await expect(syn.tables.append(id, [row])).rejects.toThrow(CellValueError);
    expect((await typesOf(id))['short']).toBe('STRING 5');
  });

  test('leaves a column that would lose its facet', async () => {
    const faceted = { columnType: 'STRING', maximumSize: 5, facetType: 'enumeration' } as const;
    const id = await table({ faceted });
    const append = syn.tables.append(id, [{ faceted: 'x'.repeat(1001) }], { expandColumns: true });
    await expect(append).rejects.toThrow(CellValueError);
  });
});
