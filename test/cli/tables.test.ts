import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withServer } from '../helpers/withServer.js';
import { runSynapse, type Ended } from './runSynapse.js';

const server = withServer();
let home: string;
let project: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-tables-'));
  project = await created('create', 'Project', '--name', 'Tables');
});
afterAll(() => rm(home, { recursive: true, force: true }));

function synapse(...args: string[]): Promise<Ended> {
  const { endpoint, authToken } = server.synapse;
  return runSynapse(args, {
    home,
    env: { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken },
  });
}

async function json<T>(...args: string[]): Promise<T> {
  const { stdout, stderr } = await synapse(...args, '--json');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as T;
}

/** The id that a command prints. */
async function created(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await synapse(...args);
  if (status !== 0) throw new Error(stderr);
  return /syn\d+/.exec(stdout)?.[0] ?? '';
}

interface Described {
  columns: { name: string; columnType: string; maximumSize?: number; facetType?: string }[];
  rows: number;
}

const columns = 'patient:STRING(30), age:integer:range,tags:STRING_LIST(20)[5],a:b:DATE';

describe('table create', () => {
  test('creates a table with columns, and a second run uses it', async () => {
    const args = ['table', 'create', 'visits', '--parent-id', project, '--columns', columns];
    const first = await synapse(...args);
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toMatch(/^Created entity: syn\d+\tvisits\n$/);
    const again = await synapse(...args);
    expect(again).toMatchObject({ status: 0, stdout: first.stdout });
    expect(again.stderr).toContain('already exists: it is used');

    const id = /syn\d+/.exec(first.stdout)?.[0] ?? '';
    expect(await synapse('table', 'describe', id)).toEqual({
      status: 0,
      stderr: '',
      stdout: [
        `Table: visits (${id})`,
        'Rows:    0',
        'Columns: 4',
        '',
        'NAME     TYPE                PROPERTIES',
        'patient  STRING(30)',
        'age      INTEGER             facet range',
        'tags     STRING_LIST(20)[5]',
        'a:b      DATE',
        '',
      ].join('\n'),
    });
  });

  test('takes the columns of another table from what describe prints as JSON', async () => {
    const id = await created('table', 'create', 'one', '--parent', project, '--columns', columns);
    const described = await json<Described>('table', 'describe', id);
    const file = join(home, 'columns.json');
    await writeFile(file, JSON.stringify(described));
    const copy = await created(
      'table',
      'create',
      'two',
      '--parentId',
      project,
      '--columns-file',
      file,
    );
    expect((await json<Described>('table', 'describe', copy)).columns).toEqual(described.columns);
  });

  test('chooses columns by the values of a CSV file', async () => {
    const csv = join(home, 'values.csv');
    await writeFile(csv, 'id,age,day\n007,5,2020-01-31\n008,,2020-02-01\n');
    const args = ['table', 'create', 'inferred', '--parent-id', project, '--csv', csv];
    const typesOf = ({ columns: all }: Described): string[] =>
      all.map(({ columnType }) => columnType);
    expect(typesOf(await json<Described>(...args))).toEqual(['INTEGER', 'INTEGER', 'STRING']);
    const exact = args.with(2, 'exact');
    expect(typesOf(await json<Described>(...exact, '--exact'))).toEqual([
      'STRING',
      'INTEGER',
      'DATE',
    ]);
    expect(await synapse(...args.with(6, 'none.csv'))).toMatchObject({ stdout: '' });
  });

  const wrong: [what: string, args: string[], message: string][] = [
    ['no columns', [], 'Give the columns of the table: --columns, --columns-file or --csv.'],
    ['a column without a type', ['--columns', 'a'], '"a" is not a column. Write name:TYPE'],
    ['an unknown type', ['--columns', 'a:INTEGR'], 'the type "INTEGR", which does not exist'],
    ['a reserved name', ['--columns', 'row_id:STRING'], 'is reserved by Synapse'],
    ['a file that is not there', ['--columns-file', 'none.json'], '--columns-file cannot be read'],
  ];
  test.each(wrong)('with %s is a usage error', async (_, args, message) => {
    const ended = await synapse('table', 'create', 'bad', '--parent-id', project, ...args);
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toContain(message);
  });
});

describe('table schema', () => {
  test('prints the plan of a change, and changes only without --dry-run', async () => {
    const id = await created(
      'table',
      'create',
      's',
      '--parent-id',
      project,
      '--columns',
      'a:INTEGER,b:STRING,c:DATE',
    );
    const change = [
      'table',
      'schema',
      id,
      '--rename',
      'a=age',
      '--retype',
      'a:DOUBLE',
      '--drop',
      'c',
    ];
    const more = ['--add', 'x:STRING(5)', '--order', 'x,b', '--yes'];
    const dry = await synapse(...change, ...more, '--dry-run');
    expect(dry).toEqual({
      status: 0,
      stdout: [
        'add        x STRING(5)',
        'rename     a -> age',
        'retype     age INTEGER -> DOUBLE  ! its values are converted; Synapse refuses the change if one does not fit',
        'drop       c DATE  ! its values are deleted',
        'reorder    x, b, age',
        'unchanged  1',
        '',
      ].join('\n'),
      stderr: 'Nothing was changed: this was a dry run.\n',
    });
    expect((await synapse('table', 'schema', id)).stdout).toMatch(/^NAME +TYPE.*\na +INTEGER\n/);
    expect(await synapse(...change, ...more)).toEqual({ ...dry, stderr: '' });
    const { columns: after } = await json<Described>('table', 'schema', id);
    expect(after.map(({ name }) => name)).toEqual(['x', 'b', 'age']);
  });

  test('ends with an error when Synapse refuses the change', async () => {
    const id = await created(
      'table',
      'create',
      'r',
      '--parent-id',
      project,
      '--columns',
      'a:INTEGER',
    );
    const dry = await synapse('table', 'schema', id, '--retype', 'a:JSON', '--dry-run');
    expect(dry).toMatchObject({ status: 1 });
    expect(dry.stdout).toContain('! Synapse cannot convert the values of INTEGER to JSON');
    expect(await synapse('table', 'schema', id, '--retype', 'a:JSON')).toMatchObject({
      status: 2,
      stdout: '',
    });
    for (const rename of ['a', 'a=', '=b', 'a=b=c']) {
      const ended = await synapse('table', 'schema', id, '--rename', rename);
      expect(ended).toMatchObject({ status: 2 });
      expect(ended.stderr).toContain('Write old=new.');
    }
  });
});

test('table snapshot prints the id with the version', async () => {
  const id = await created(
    'table',
    'create',
    'snap',
    '--parent-id',
    project,
    '--columns',
    'a:INTEGER',
  );
  const args = ['table', 'snapshot', id, '--label', 'v1', '--comment', 'first', '--used', project];
  expect(await synapse(...args)).toEqual({
    status: 0,
    stdout: `Created snapshot: ${id}.1\n`,
    stderr: '',
  });
  const again = await synapse(...args);
  expect(again).toMatchObject({ status: 1, stdout: '' });
  expect(again.stderr).toContain("The label 'v1' has already been used");
  expect((await synapse('table', 'describe', `${id}.1`)).stdout).toContain('Rows:    0');
  expect((await synapse('show', `${id}.1`)).stdout).toContain('versionLabel=v1');
});

describe('view create', () => {
  test('creates views of entities with types and annotation columns', async () => {
    const folder = await created('create', 'Folder', '--name', 'f', '--parent-id', project);
    await synapse('set-annotations', '--id', folder, '--annotations', '{"species": ["mouse"]}');
    const id = await created(
      ...['view', 'create', 'folders', '--parent-id', project, '--scope', project],
      ...['--types', 'FOLDER,file', '--add-annotation-columns'],
    );
    const described = await json<Described>('table', 'describe', id);
    expect(described.rows).toBe(1);
    expect(described.columns.map(({ name }) => name)).toContain('species');
    expect((await synapse('table', 'describe', id)).stdout).toContain('Types:   file, folder\n');
    const bare = ['view', 'create', 'bare', '--parent-id', project, '--scope', project];
    const { columns: own } = await json<Described>(
      ...bare,
      '--no-default-columns',
      '--columns',
      'x:DATE',
    );
    expect(own.map(({ name }) => name)).toEqual(['x']);
  });

  test('creates views that are defined by SQL', async () => {
    const id = await created(
      'table',
      'create',
      'source',
      '--parent-id',
      project,
      '--columns',
      'a:INTEGER',
    );
    const sql = `SELECT a FROM ${id}`;
    const view = await created('view', 'create', 'mv', '--parent-id', project, '--sql', sql);
    const shown = await synapse('table', 'describe', view);
    expect(shown.stdout).toContain(`MaterializedView: mv (${view})\nSQL:     ${sql}\n`);
    const virtual = ['view', 'create', 'vt', '--parent-id', project, '--sql', sql, '--virtual'];
    expect((await synapse('show', await created(...virtual))).stdout).toMatch(/^VirtualTable: vt/);
  });

  const wrong: [what: string, args: string[], message: string][] = [
    ['nothing to show', [], 'Give what the view shows: --scope, --evaluation or --sql.'],
    ['an unknown type', ['--scope', 'syn1', '--types', 'files'], 'cannot show the type "files"'],
    ['two sources', ['--scope', 'syn1', '--sql', 'SELECT 1'], '--scope'],
    ['SQL that is wrong', ['--sql', 'SELECT'], 'The definingSQL of v is not valid'],
  ];
  test.each(wrong)('with %s is a usage error', async (_, args, message) => {
    const ended = await synapse('view', 'create', 'v', '--parent-id', project, ...args);
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toContain(message);
  });
});

test('dataset create takes files and folders', async () => {
  const folder = await created('create', 'Folder', '--name', 'data', '--parent-id', project);
  const file = join(home, 'data.txt');
  await writeFile(file, 'x');
  const { id } = await json<{ id: string }>('store', file, '--parent-id', folder);
  const args = ['dataset', 'create', 'release', '--parent-id', project, '--item', folder];
  const dataset = await json<{ id: string; items: object[] }>(...args);
  expect(dataset.items).toEqual([{ id, version: 1 }]);
  const all = [
    'dataset',
    'create',
    'all',
    '--parent-id',
    project,
    '--collection',
    '--item',
    dataset.id,
  ];
  expect((await json<{ items: object[] }>(...all)).items).toEqual([{ id: dataset.id, version: 1 }]);
  const shown = await synapse('table', 'describe', dataset.id);
  expect(shown.stdout).toContain('Items:   1\n');
  expect(shown.stdout).toContain('Rows:    1\nFiles:   1 B\n');
  expect((await synapse('list', project)).stdout).toContain(`${dataset.id}  release\n`);
});

test('what is not a table is a usage error', async () => {
  const ended = await synapse('table', 'describe', project);
  expect(ended).toMatchObject({ status: 2, stdout: '' });
  expect(ended.stderr).toContain('is not a table or view');
});
