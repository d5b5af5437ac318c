import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { tableFromIPC } from 'apache-arrow';
import { csvToTsv } from '../../src/cli/csvToTsv.js';
import { jsonArray } from '../../src/cli/jsonArray.js';
import { TableText } from '../../src/cli/tableText.js';
import { Project, Synapse } from '../../src/index.js';
import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { makeTable } from '../tables/queryTables.js';
import { hasTerminals, onTerminal } from './onTerminal.js';
import { runSynapse, type Ended } from './runSynapse.js';

let local: LocalSynapse;
let syn: Synapse;
let home: string;
let env: Record<string, string>;
let id: string;

const query = (...args: string[]): Promise<Ended> => runSynapse(['query', ...args], { home, env });

beforeAll(async () => {
  local = await startLocalSynapse({ strict: true });
  home = await mkdtemp(join(tmpdir(), 'synapse-query-'));
  env = { SYNAPSE_ENDPOINT: local.endpoint, SYNAPSE_AUTH_TOKEN: local.authToken };
  syn = new Synapse({
    endpoint: local.endpoint,
    configPath: join(home, 'none'),
    cacheDir: join(home, 'cache'),
    environment: {},
  });
  await syn.login({ authToken: local.authToken });
  const project = await syn.store(new Project({ name: 'Tests of query' }));
  ({ id } = await makeTable(
    syn,
    project.id,
    [
      { name: 'text', columnType: 'STRING' },
      { name: 'n "q" x', columnType: 'INTEGER' },
      { name: 'b', columnType: 'BOOLEAN' },
      { name: 'tags', columnType: 'STRING_LIST' },
    ],
    [
      ['a,"b"\nc\td\\e', '9223372036854775807', 'true', '["x","y\\"z"]'],
      ['', '-1', 'false', null],
      [null, null, null, null],
      ['cr\r\nlf\rx \u001b[31m', '5', 'true', '["é😀"]'],
    ],
  ));
});

afterAll(async () => {
  await syn.close();
  await local.close();
  await rm(home, { recursive: true, force: true });
  expect(local.contractViolations).toEqual([]);
});

describe('into a pipe', () => {
  test('prints the lines of the Python client', async () => {
    // Recorded from the Python client 4.13.0, with the same rows in an embedded Synapse.
    expect(await query(`select * from ${id}`)).toEqual({
      status: 0,
      stderr: '',
      stdout:
        'ROW_ID\tROW_VERSION\ttext\tn "q" x\tb\ttags\n' +
        '1\t1\ta,"b"\nc\td\\\\e\t9223372036854775807\ttrue\t["x", "y\\\\"z"]\n' +
        '2\t1\t\t-1\tfalse\t\n' +
        '3\t1\t\t\t\t\n' +
        '4\t1\tcr\nlf\nx \u001b[31m\t5\ttrue\t["é😀"]\n',
    });
  });

  test('takes the words of the SQL as arguments, a limit, an offset and parameters', async () => {
    const params = JSON.stringify({ low: -1, table: id });
    const words = ['select', '"n "" q"', 'from', id];
    expect((await query(...words)).status).toBe(1);
    const sql = ['select', 'b', 'from', ':table', 'where', '"n ""q"" x"', '>=', ':low'];
    const { stdout } = await query(...sql, '--params', params, '--limit', '1', '--offset', '1');
    expect(stdout).toBe('ROW_ID\tROW_VERSION\tb\n2\t1\tfalse\n');
  });

  test('binds parameters as values', async () => {
    const params = JSON.stringify({ text: "' or '1'='1" });
    const ended = await query(`select b from ${id} where text = :text`, '--params', params);
    expect(ended).toMatchObject({ status: 0, stdout: 'ROW_ID\tROW_VERSION\tb\n' });
    const big = await query(
      `select b from ${id} where "n ""q"" x" = :n`,
      '--params',
      '{"n": 9223372036854775807}',
      '--no-row-ids',
    );
    expect(big.stdout).toBe('b\ntrue\n');
  });

  test('prints CSV as Synapse writes it', async () => {
    const { stdout } = await query(`select text from ${id} limit 1`, '--format', 'csv');
    expect(stdout).toBe('"ROW_ID","ROW_VERSION","text"\n"1","1","a,""b""\nc\td\\\\e"\n');
  });

  test('prints JSON without loss, and with escapes that stay the same text', async () => {
    const { stdout } = await query(`select * from ${id}`, '--json');
    expect(stdout).toContain('9223372036854775807');
    expect(stdout).not.toContain('\u001b');
    const rows = JSON.parse(stdout) as { text: string | null }[];
    expect(rows.map(({ text }) => text)).toEqual([
      'a,"b"\nc\td\\e',
      '',
      null,
      'cr\r\nlf\rx \u001b[31m',
    ]);
    const lines = await query(`select b from ${id}`, '--format', 'ndjson', '--row-ids');
    expect(lines.stdout.split('\n')[1]).toBe('{"ROW_ID":2,"ROW_VERSION":1,"b":false}');
    expect((await query(`select b from ${id} limit 0`, '--json')).stdout).toBe('[]\n');
  });

  test('prints a stream of Arrow', async () => {
    const out = await shell(`synapse query "select b from ${id}" --format arrow > rows.stream`);
    expect(out).toEqual({ stdout: '', stderr: '' });
    expect(tableFromIPC(await readFile(join(home, 'rows.stream'))).numRows).toBe(4);
  });

  test('ends without an error when the reader ends', async () => {
    expect(
      await shell(`{ synapse query "select * from ${id}"; echo "status $?" >&2; } | head -1`),
    ).toEqual({
      stdout: 'ROW_ID\tROW_VERSION\ttext\tn "q" x\tb\ttags\n',
      stderr: 'status 0\n',
    });
  });
});

/** Runs a line of a shell, in which `synapse` is the built command. */
async function shell(line: string): Promise<{ stdout: string; stderr: string }> {
  const command = join(import.meta.dirname, '../../bin/run.js');
  const script = `synapse() { "${process.execPath}" "${command}" "$@"; }\n${line}`;
  const child = spawn('sh', ['-c', script], {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, NODE_DISABLE_COMPILE_CACHE: '1', ...env },
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout, stderr };
}

describe('--output', () => {
  test.each([
    ['rows.csv', /^"ROW_ID","ROW_VERSION","b"\n"1","1","true"\n/],
    ['rows.tsv', /^ROW_ID\tROW_VERSION\tb\n1\t1\ttrue\n/],
    ['rows.json', /^\[\n {2}\{"b":true\},\n {2}\{"b":false\},/],
    ['rows.jsonl', /^\{"b":true\}\n\{"b":false\}\n/],
    ['rows', /^"ROW_ID"/],
  ])('writes %s', async (name, content) => {
    const ended = await query(`select b from ${id}`, '--output', name);
    expect(ended).toEqual({ status: 0, stdout: '', stderr: `Wrote ${name}\n` });
    expect(await readFile(join(home, name), 'utf8')).toMatch(content);
  });

  test.each(['parquet', 'arrow'])('writes %s', async (extension) => {
    const name = `rows.${extension}`;
    const ended = await query(`select b from ${id}`, '--output', name);
    expect(ended).toEqual({ status: 0, stdout: '', stderr: `Wrote ${name}\n` });
    const bytes = await readFile(join(home, name));
    if (extension === 'parquet') expect(bytes.subarray(0, 4).toString()).toBe('PAR1');
    else expect(tableFromIPC(bytes).numRows).toBe(4);
  });

  test('keeps an existing file unless it may be replaced', async () => {
    const path = join(home, 'kept.csv');
    await writeFile(path, 'old');
    const refused = await query(`select b from ${id}`, '--output', path);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('already there');
    expect(await readFile(path, 'utf8')).toBe('old');
    const ended = await query(`select b from ${id}`, '-o', path, '--overwrite', '--json');
    expect(JSON.parse(ended.stdout)).toEqual({ path, format: 'csv' });
    expect(await readFile(path, 'utf8')).toMatch(/^"ROW_ID"/);
  });

  test('writes to a named pipe', async () => {
    const sql = `select b from ${id} limit 1`;
    for (const format of ['csv', 'tsv']) {
      const line = `mkfifo ${format}.pipe; synapse query '${sql}' --format ${format} -o ${format}.pipe & cat ${format}.pipe`;
      expect((await shell(line)).stdout.replaceAll('"', '').replaceAll(',', '\t')).toBe(
        'ROW_ID\tROW_VERSION\tb\n1\t1\ttrue\n',
      );
    }
  });
});

describe('a mistake', () => {
  test.each<[string, string[], number, RegExp]>([
    ['no SQL', [], 2, /Give the SQL/],
    ['no table', ['select 1'], 2, /No table in the query "select 1": expected FROM syn123/],
    ['a missing parameter', ['select * from syn1 where a = :a', '--params', '{}'], 2, /:a/],
    ['params that are no object', ['select * from syn1', '--params', '[1]'], 2, /JSON object/],
    ['two formats', ['select * from syn1', '--json', '--format', 'csv'], 2, /--json/],
    ['Parquet without a file', ['select * from syn1', '--format', 'parquet'], 2, /--output/],
    ['a table in a file', ['select * from syn1', '-o', 'x', '--format', 'table'], 2, /terminal/],
    ['no such table', ['select * from syn99999999'], 4, /syn99999999/],
    ['a column that does not exist', ['select nothing from ID'], 1, /nothing[^]*\n +\^\n$/],
    ['bad SQL', ['select b from ID where >'], 1, /\n {2}select b from syn\d+ where >\n +\^\n$/],
  ])('ends with a message and a status: %s', async (_name, args, status, message) => {
    const ended = await query(...args.map((arg) => arg.replace('ID', id)));
    expect({ status: ended.status, stdout: ended.stdout }).toEqual({ status, stdout: '' });
    expect(ended.stderr).toMatch(message);
  });
});

(hasTerminals ? describe : describe.skip)('on a terminal', () => {
  test('prints an aligned table that is safe to look at', async () => {
    const { screen, status } = await onTerminal(['query', `select * from ${id}`], [], {
      home,
      env,
    });
    expect(status).toBe(0);
    expect(screen.split('\n')).toEqual([
      'ROW_ID  ROW_VERSION  text                                  n "q" x  b      tags',
      '------  -----------  ------------------------  -------------------  -----  ------------',
      '     1            1  "a,\\"b\\"\\nc\\td\\\\e"        9223372036854775807  true   ["x","y\\"z"]',
      '     2            1  ""                                         -1  false  NULL',
      '     3            1  NULL                                     NULL  NULL   NULL',
      '     4            1  "cr\\r\\nlf\\rx \\u001b[31m"                    5  true   ["é😀"]',
      '4 rows',
      '',
    ]);
  });
});

describe('a table for people', () => {
  const columns = [
    { name: 'n', isNumber: true },
    { name: 'text', isNumber: false },
    { name: 'more', isNumber: false },
  ];

  test('cuts long texts and says so, never numbers', () => {
    const table = new TableText(columns, 40);
    const long = '数据'.repeat(500_000);
    const [, , row = ''] = table.lines([['9223372036854775807', long, long]]);
    expect(row).toBe('9223372036854775807  数据数…   数据数…');
    expect(table.hasCut).toBe(true);
  });

  test('keeps the widths of earlier rows, and becomes wider', () => {
    const table = new TableText(columns, 80);
    expect(table.lines([['1', 'abc', 'x']])).toEqual([
      'n  text  more',
      '-  ----  ----',
      '1  abc   x',
    ]);
    expect(table.lines([['10', 'abcdef', 'x']])).toEqual(['10  abcdef  x']);
    expect(table.hasCut).toBe(false);
  });

  test('tells nulls, empty texts and other texts apart', () => {
    const table = new TableText([{ name: 't', isNumber: false }], 80);
    const cells = [null, '', 'NULL', ' a', 'a ', '"a"', 'a\u202eb', 'plain'];
    expect(table.lines(cells.map((cell) => [cell])).slice(2)).toEqual([
      'NULL',
      '""',
      '"NULL"',
      '" a"',
      '"a "',
      String.raw`"\"a\""`,
      String.raw`"a\u202eb"`,
      'plain',
    ]);
  });
});

describe('CSV as lines with tabs', () => {
  // Recorded from the Python client.
  test.each([
    ['ROW_ID,ROW_VERSION,a,b\n1,2,x,y\n', 'ROW_ID\tROW_VERSION\ta\tb\n1\t2\tx\ty\n'],
    ['a,b\n"x,y","q""r"\n', 'a\tb\nx,y\tq"r\n'],
    ['a\n"l1\nl2"\n', 'a\nl1\nl2\n'],
    ['a\n"t\tab"\n', 'a\nt\tab\n'],
    ['é\n数据😀\n', 'é\n数据😀\n'],
    ['a,b\n"""","a""""b"\n"""a",""\n', 'a\tb\n"\ta""b\n"a\t\n'],
    ['a\r\n"x\r\ny\rz"\r\n', 'a\nx\ny\nz\n'],
    ['a\n\n"x"\n', 'a\n\nx\n'],
  ])('%j', async (csv, tsv) => {
    for (const size of [1, 2, 3, 1000]) {
      const chunks = Array.from({ length: Math.ceil(csv.length * 4) }, (_, index) =>
        Buffer.from(csv).subarray(index * size, (index + 1) * size),
      );
      const parts: Uint8Array[] = [];
      for await (const part of csvToTsv(asyncOf(chunks))) parts.push(part);
      expect(Buffer.concat(parts).toString()).toBe(tsv);
    }
  });
});

describe('lines of JSON as an array', () => {
  test.each([
    [[], '[]\n'],
    [['{}\n'], '[\n  {}\n]\n'],
    [['1\n2\n', '3\n'], '[\n  1,\n  2,\n  3\n]\n'],
  ])('%j', async (chunks, expected) => {
    let text = '';
    for await (const part of jsonArray(asyncOf(chunks))) text += part;
    expect(text).toBe(expected);
  });
});

function asyncOf<T>(items: readonly T[]): AsyncIterable<T> {
  return Readable.from(items) as AsyncIterable<T>;
}
