import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Project, Synapse } from '../../src/index.js';
import { withServer } from '../helpers/withServer.js';
import { cellsOf, createTable } from '../tables/withTables.js';
import { runSynapse, type Ended } from './runSynapse.js';

const server = withServer();
let home: string;
let syn: Synapse;
let projectId: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-store-table-'));
  const { endpoint, authToken } = server.synapse;
  const configPath = join(home, 'none');
  syn = new Synapse({ endpoint, configPath, environment: {}, useCache: false });
  await syn.login({ authToken });
  ({ id: projectId } = await syn.store(new Project({ name: 'Tables of commands' })));
});
afterAll(async () => {
  await syn.close();
  await rm(home, { recursive: true, force: true });
});

function synapse(args: string[], input?: string): Promise<Ended> {
  const { endpoint, authToken } = server.synapse;
  const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken };
  return runSynapse(args, { home, env, input });
}

async function csvFile(name: string, content: string): Promise<string> {
  const path = join(home, name);
  await writeFile(path, content);
  return path;
}

const csv = 'a,b,when,"t,x"\n1,x,2020-01-01,"q""q"\n2,,2021-01-01,\n';

describe('store-table', () => {
  const storeTable = (name: string, ...more: string[]): Promise<Ended> =>
    synapse(['store-table', '--name', name, '--parentid', projectId, ...more]);

  test('prints the line of the Python client, and has its columns', async () => {
    const ended = await storeTable('like Python', '--csv', await csvFile('t.csv', csv));
    expect(ended).toMatchObject({ status: 0 });
    const { tableId } = JSON.parse(ended.stdout) as { tableId: string };
    expect(ended.stdout).toBe(`{"tableId": "${tableId}"}\n`);
    const columns = await syn.tables.columns(tableId);
    expect(
      columns.map(({ name, columnType, maximumSize }) => [name, columnType, maximumSize]),
    ).toEqual([
      ['a', 'INTEGER', undefined],
      ['b', 'STRING', 30],
      ['when', 'STRING', 30],
      ['t,x', 'STRING', 30],
    ]);
    expect(await cellsOf(syn, `SELECT * FROM ${tableId}`)).toEqual([
      ['1', 'x', '2020-01-01', 'q"q'],
      ['2', null, '2021-01-01', null],
    ]);
  });

  test('keeps every value with --exact, in any dialect and from standard input', async () => {
    const text = csv.replaceAll(',', '\t').replace('"t\tx"', 't');
    const args = ['--csv', '-', '--separator', '\\t', '--exact', '--json'];
    const name = 'exact';
    const ended = await synapse(
      ['store-table', '--name', name, '--parent-id', projectId, ...args],
      text,
    );
    const { tableId, rows } = JSON.parse(ended.stdout) as { tableId: string; rows: number };
    expect(rows).toBe(2);
    const columns = await syn.tables.columns(tableId);
    expect(columns.map(({ columnType }) => columnType)).toEqual([
      'INTEGER',
      'STRING',
      'DATE',
      'STRING',
    ]);
  });

  test('creates nothing with --dry-run, nor for a file with a bad value', async () => {
    const good = await csvFile('good.csv', csv);
    const ended = await storeTable('dry', '--csv', good, '--dry-run');
    expect(ended).toMatchObject({ status: 0 });
    expect(ended.stdout).toMatch(/a +INTEGER/);
    const bad = await csvFile('bad.csv', 'n\n1\nNA\n');
    const failed = await storeTable('bad', '--csv', bad);
    expect(failed).toMatchObject({ status: 2, stdout: '' });
    expect(failed.stderr).toMatch('Row 3, column "n": "NA"');
    const names: string[] = [];
    for await (const { name } of syn.getChildren(projectId)) names.push(name);
    expect(names).not.toContain('dry');
    expect(names).not.toContain('bad');
  });

  test('does not append to a table that exists', async () => {
    const file = await csvFile('twice.csv', 'n\n1\n');
    await storeTable('twice', '--csv', file);
    expect(await storeTable('twice', '--csv', file)).toMatchObject({ status: 1, stdout: '' });
  });

  test('needs a name, a parent and a file', async () => {
    const ended = await synapse(['store-table', '--name', 'x', '--csv', 'x.csv']);
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    const missing = await storeTable('x', '--csv', 'nowhere.csv');
    expect(missing.status).not.toBe(0);
    expect(missing.stderr).toMatch('nowhere.csv');
  });
});

describe('table append', () => {
  const table = (): Promise<string> =>
    createTable(syn, projectId, { name: 'STRING', age: 'INTEGER' });

  test('appends a file and says how many rows', async () => {
    const id = await table();
    const file = await csvFile('people.csv', 'age,name\n44,Ann\n,Bob\n');
    expect(await synapse(['table', 'append', id, file])).toMatchObject({
      status: 0,
      stdout: `Appended 2 rows to ${id}\n`,
    });
    expect(await cellsOf(syn, `SELECT name, age FROM ${id}`)).toEqual([
      ['Ann', '44'],
      ['Bob', null],
    ]);
  });

  test('reads standard input, without a header and from a row on', async () => {
    const id = await table();
    const args = ['table', 'append', id, '-', '--columns', '*', '--first-row', '2', '--json'];
    const { stdout } = await synapse(args, 'Ann,44\nBob,45\n');
    expect(JSON.parse(stdout)).toMatchObject({ rows: 1, transactions: 1 });
    expect(await cellsOf(syn, `SELECT name FROM ${id}`)).toEqual([['Bob']]);
  });

  test('creates and enlarges columns on request', async () => {
    const id = await table();
    const file = await csvFile('wide.csv', `name,more\n${'x'.repeat(200)},true\n`);
    const args = ['table', 'append', id, file];
    const refused = await synapse(args);
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toMatch('names "more", which is no column');
    const ended = await synapse([...args, '--create-columns', '--expand-columns']);
    expect(ended).toMatchObject({ status: 0, stdout: `Appended 1 row to ${id}\n` });
    expect(ended.stderr).toMatch('more');
    expect(await cellsOf(syn, `SELECT more FROM ${id}`)).toEqual([['true']]);
  });

  test('sends nothing with --dry-run, and names the row and the column of a bad value', async () => {
    const id = await table();
    const file = await csvFile('rows.csv', 'name;age\nAnn;1\n');
    const dry = await synapse(['table', 'append', id, file, '--separator', ';', '--dry-run']);
    expect(dry).toMatchObject({ status: 0, stdout: `Would append 1 row to ${id}\n` });
    const bad = await synapse(['table', 'append', id, '-'], 'name,age\nAnn,1\nBob,old\n');
    expect(bad).toMatchObject({ status: 2, stdout: '' });
    expect(bad.stderr).toMatch('Row 3, column "age": "old"');
    expect(await cellsOf(syn, `SELECT COUNT(*) FROM ${id}`)).toEqual([['0']]);
  });
});
