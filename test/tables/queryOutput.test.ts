import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type * as M from '../../generated/models.js';
import { FileSystemError, QueryError, type Progress, type Synapse } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { makeTable, type MadeTable } from './queryTables.js';

const clients = withClients();
let syn: Synapse;
let projectId: string;
let made: MadeTable;
const columns: M.ColumnModel[] = [
  { name: 'text', columnType: 'STRING' },
  { name: 'integer', columnType: 'INTEGER' },
  { name: 'double', columnType: 'DOUBLE' },
  { name: 'seen', columnType: 'DATE' },
  { name: 'flag', columnType: 'BOOLEAN' },
  { name: 'tags', columnType: 'STRING_LIST' },
  { name: 'numbers', columnType: 'INTEGER_LIST' },
  { name: 'more', columnType: 'JSON' },
];
beforeAll(async () => {
  syn = await clients.open('alice');
  projectId = (await clients.project(syn)).id;
  made = await makeTable(syn, projectId, columns, [
    [
      'a,"b"\n\u2028',
      '9223372036854775807',
      'NaN',
      '0',
      'true',
      '["x"]',
      '[9007199254740993]',
      '{"k": [1, 2.50]}',
    ],
    ['', null, '1.5', null, null, null, null, null],
  ]);
});

let count = 0;
async function newPath(name: string): Promise<string> {
  count += 1;
  return join(dirname(await clients.file(`${count}`, '')), name);
}

describe('toCsv', () => {
  test('writes the bytes of Synapse to a new file', async () => {
    const path = await newPath('rows.csv');
    expect(await syn.tables.query(`select text, "integer" from ${made.id}`).toCsv(path)).toBe(path);
    expect(await readFile(path, 'utf8')).toBe(
      '"ROW_ID","ROW_VERSION","text","integer"\n"1","1","a,""b""\n\u2028","9223372036854775807"\n"2","1","",\n',
    );
    expect((await readdir(dirname(path))).sort()).toEqual([`${count}`, 'rows.csv']);
  });

  test('leaves out the references and the header, and takes other separators', async () => {
    const stream = new PassThrough();
    const options = { references: false, header: false, separator: '\t', lineEnd: '\r\n' };
    const query = syn.tables.query(`select text, flag from ${made.id}`);
    const [content] = await Promise.all([text(stream), query.toCsv(stream, options)]);
    expect(content).toBe('"a,""b""\n\u2028"\t"true"\r\n""\t\r\n');
  });

  test('replaces a file only when that is asked for', async () => {
    const path = await newPath('rows.csv');
    await writeFile(path, 'old');
    const query = syn.tables.query(`select text from ${made.id}`);
    const calls = await clients.calls(() =>
      expect(query.toCsv(path)).rejects.toThrow(FileSystemError),
    );
    expect(calls).toEqual([]);
    expect(await readFile(path, 'utf8')).toBe('old');
    await query.toCsv(path, { overwrite: true });
    expect(await readFile(path, 'utf8')).toMatch(/^"ROW_ID"/);
  });

  test('leaves nothing when the query is refused or the stream fails', async () => {
    const path = await newPath('rows.csv');
    await expect(syn.tables.query(`select nothing from ${made.id}`).toCsv(path)).rejects.toThrow(
      QueryError,
    );
    expect(await readdir(dirname(path))).toEqual([`${count}`]);
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('full')) });
    await expect(syn.tables.query(`select * from ${made.id}`).toCsv(broken)).rejects.toThrow(
      'full',
    );
  });

  test('tells the progress of the file', async () => {
    const path = await newPath('rows.csv');
    const seen: Progress[] = [];
    await syn.tables
      .query(`select * from ${made.id}`)
      .toCsv(path, { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(0)).toMatchObject({ kind: 'job', state: 'start' });
    expect(seen.at(-1)).toMatchObject({ kind: 'download', path, state: 'done' });
  });

  test('of a table without columns fails with the reason of Synapse', async () => {
    const { id } = await makeTable(syn, projectId, []);
    await expect(
      syn.tables.query(`select * from ${id}`).toCsv(await newPath('rows.csv')),
    ).rejects.toThrow('has an empty schema');
  });
});

describe('toNdjson', () => {
  const first = {
    text: 'a,"b"\n\u2028',
    double: 'NaN',
    seen: '1970-01-01T00:00:00.000Z',
    flag: true,
    tags: ['x'],
  };

  test.each(['pages', 'csv'] as const)('writes a row a line without loss (%s)', async (via) => {
    const path = await newPath('rows.ndjson');
    expect(await syn.tables.query(`select * from ${made.id}`, { via }).toNdjson(path)).toBe(path);
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject(first);
    expect(lines[0]).toContain('"integer":9223372036854775807,');
    expect(lines[0]).toContain('"numbers":[9007199254740993],"more":{"k":[1,2.5');
    expect(JSON.parse(lines[1] ?? '')).toEqual({
      ...Object.fromEntries(columns.map(({ name }) => [name, null])),
      text: '',
      double: 1.5,
    });
  });

  test('writes references, and integers and dates in the form that is asked for', async () => {
    const stream = new PassThrough();
    const query = syn.tables.query(
      `select "integer", numbers, seen, more from ${made.id} limit 1`,
      {
        integers: 'string',
        dates: 'epoch',
        json: 'text',
      },
    );
    const [content] = await Promise.all([
      text(stream),
      query.toNdjson(stream, { references: true }),
    ]);
    const { more, ...rest } = JSON.parse(content) as Record<string, unknown>;
    expect(rest).toEqual({
      ROW_ID: 1,
      ROW_VERSION: 1,
      integer: '9223372036854775807',
      numbers: ['9007199254740993'],
      seen: 0,
    });
    expect(JSON.parse(String(more))).toEqual({ k: [1, 2.5] });
  });

  test('keeps an existing file, and leaves nothing after a failure', async () => {
    const path = await newPath('rows.ndjson');
    await writeFile(path, 'old');
    const query = syn.tables.query(`select * from ${made.id}`);
    await expect(query.toNdjson(path)).rejects.toThrow(FileSystemError);
    expect(await readFile(path, 'utf8')).toBe('old');
    await expect(
      syn.tables.query(`select nothing from ${made.id}`).toNdjson(path, { overwrite: true }),
    ).rejects.toThrow(QueryError);
    expect(await readFile(path, 'utf8')).toBe('old');
    expect((await readdir(dirname(path))).sort()).toEqual([`${count}`, 'rows.ndjson']);
  });
});
