import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TreeText } from '../../src/cli/treeText.js';
import { File, Folder, Link, Project, Synapse, Table } from '../../src/index.js';
import { withServer } from '../helpers/withServer.js';
import { runSynapse } from './runSynapse.js';

const server = withServer();
let home: string;
let syn: Synapse;
let project: string;
let ids: Record<'raw' | 'deep' | 'a' | 'b' | 'table' | 'loop', string>;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-tree-'));
  const { endpoint, authToken } = server.synapse;
  syn = new Synapse({
    endpoint,
    configPath: join(home, 'none'),
    environment: {},
    useCache: false,
  });
  await syn.login({ authToken });
  project = (await syn.store(new Project({ name: 'Trees' }))).id;
  const raw = (await syn.store(new Folder({ name: 'raw', parent: project }))).id;
  const deep = (await syn.store(new Folder({ name: 'deep', parent: raw }))).id;
  const file = async (name: string, parent: string): Promise<string> => {
    const path = join(home, name);
    await writeFile(path, name);
    return (await syn.store(new File({ path, parent }))).id;
  };
  ids = {
    raw,
    deep,
    a: await file('a.txt', project),
    b: await file('b.txt', deep),
    table: (await syn.store(new Table({ name: 'table', parent: raw, columns: [] }))).id,
    loop: (await syn.store(new Link({ name: 'loop', parent: deep, target: raw }))).id,
  };
});
afterAll(async () => {
  await syn.close();
  await rm(home, { recursive: true, force: true });
});

const tree = (...args: string[]) =>
  runSynapse(['tree', ...args], {
    home,
    env: {
      SYNAPSE_ENDPOINT: server.synapse.endpoint,
      SYNAPSE_AUTH_TOKEN: server.synapse.authToken,
    },
  });

test('prints names, ids and types as a tree, and sums at the end', async () => {
  const { raw, deep, a, b, table, loop } = ids;
  expect(await tree(project)).toEqual({
    status: 0,
    stderr: '',
    stdout: [
      `Trees/ (${project}) [Project]`,
      `├── a.txt (${a}) [File]`,
      `└── raw/ (${raw}) [Folder]`,
      `    ├── table (${table}) [Table]`,
      `    └── deep/ (${deep}) [Folder]`,
      `        ├── b.txt (${b}) [File]`,
      `        └── loop (${loop}) [Link]`,
      '',
      '2 folders, 2 files, 1 Table, 1 Link; 10 B',
      '',
    ].join('\n'),
  });
});

test('stops at a depth, and says what it does not count', async () => {
  const { stdout } = await tree(project, '--depth', '1');
  expect(stdout).toBe(
    [
      `Trees/ (${project}) [Project]`,
      `├── a.txt (${ids.a}) [File]`,
      `└── raw/ (${ids.raw}) [Folder]`,
      '',
      '1 folder, 1 file; 5 B; not counted: the content of 1 folder below the depth limit',
      '',
    ].join('\n'),
  );
});

test('prints versions, sizes and times on request', async () => {
  const { stdout } = await tree(project, '--long', '--depth', '1');
  expect(stdout).toMatch(/a\.txt \(syn\d+\.1\) \[File\] {2}5 B {2}\d{4}-\d\d-\d\d \d\d:\d\d\n/);
});

test('prints the types that are asked for, and refuses one that does not exist', async () => {
  const { stdout } = await tree(project, '--include-types', 'table,link');
  expect(stdout).toMatch(/table .*\[Table\]/);
  expect(stdout).not.toContain('[File]');
  const refused = await tree(project, '--includeTypes', 'files');
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused.stderr).toContain('files is not one of folder, file, table');
});

test('says which links it does not follow', async () => {
  const { status, stdout, stderr } = await tree(project, '--follow-link');
  expect(status).toBe(0);
  expect(stdout).toContain(
    `        └── loop/ (${ids.raw}, by the link ${ids.loop}) [Folder]  not followed\n`,
  );
  expect(stderr).toMatch(/^not followed: raw\/deep\/loop \(syn\d+\): it is a link to syn\d+/);
});

test('prints nested objects with --json', async () => {
  const { stdout } = await tree(project, '--json', '--depth', '2');
  expect(JSON.parse(stdout)).toMatchObject({
    id: project,
    children: [{ id: ids.a }, { id: ids.raw, children: [{ id: ids.table }, { id: ids.deep }] }],
    totals: { counts: { Folder: 2, File: 1, Table: 1 }, bytes: 5, unopened: 1 },
  });
});

test('refuses what is no project or folder', async () => {
  expect(await tree(ids.table)).toMatchObject({ status: 2, stdout: '' });
  expect((await tree(ids.loop)).stderr).toContain('--follow-link');
  expect(await tree('syn999999999')).toMatchObject({ status: 4, stdout: '' });
});

test('no text of the server reaches the terminal as it is', () => {
  const evil = {
    id: 'syn1\u001b[2J',
    name: 'a\u001b[31m\u202eb',
    type: 'x.\u0007Folder',
  };
  const header = { ...evil, benefactorId: 1, createdOn: '', modifiedOn: '\u001b', createdBy: '' };
  const entity = { ...header, modifiedBy: '' };
  const lines = new TreeText(entity, Infinity).lines(
    { id: 'syn1', path: '', depth: 0, folders: [], files: [entity] },
    { long: true, sizes: new Map() },
  );
  expect(lines.join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
});
