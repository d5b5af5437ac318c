import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { File, Folder, Project, Synapse } from '../../src/index.js';
import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { makeTable } from '../tables/queryTables.js';
import { runSynapse, type Ended } from './runSynapse.js';

let local: LocalSynapse;
let syn: Synapse;
let home: string;
let projectId: string;
let viewId: string;
const ids: string[] = [];

const get = (...args: string[]): Promise<Ended> =>
  runSynapse(['get', ...args], {
    home,
    env: { SYNAPSE_ENDPOINT: local.endpoint, SYNAPSE_AUTH_TOKEN: local.authToken },
  });

beforeAll(async () => {
  local = await startLocalSynapse({ strict: true });
  home = await mkdtemp(join(tmpdir(), 'synapse-get-query-'));
  syn = new Synapse({
    endpoint: local.endpoint,
    configPath: join(home, 'none'),
    cacheDir: join(home, 'cache'),
    environment: {},
  });
  await syn.login({ authToken: local.authToken });
  projectId = (await syn.store(new Project({ name: 'Files of a query' }))).id;
  await syn.store(new Folder({ name: 'a folder', parent: projectId }));
  for (const name of ['a.txt', 'b.txt', 'c.txt']) {
    const content = { stream: Readable.from([Buffer.from(`content of ${name}`)]) };
    const file = await syn.store(new File({ name, parent: projectId, ...content }));
    ids.push(file.id);
  }
  const { list = [] } = await syn.services.table.listDefaultViewColumns({
    viewEntityType: 'entityview',
    viewTypeMask: 9,
  });
  const columns = await syn.services.table.createColumnBatch({ body: { list } });
  const view = await syn.services.entity.createEntity({
    body: {
      concreteType: 'org.sagebionetworks.repo.model.table.EntityView',
      name: 'view',
      parentId: projectId,
      viewTypeMask: 9,
      scopeIds: [projectId],
      columnIds: (columns.list ?? []).map(({ id = '' }) => id),
    },
  });
  viewId = view.id ?? '';
});

afterAll(async () => {
  await syn.close();
  await local.close();
  await rm(home, { recursive: true, force: true });
  expect(local.contractViolations).toEqual([]);
});

test('get --query downloads the files that a query of a view selects', async () => {
  const ended = await get(
    '-q',
    `select id from ${viewId} where name <> 'b.txt'`,
    '--downloadLocation',
    'some',
  );
  expect(ended.status).toBe(0);
  expect(ended.stdout.trim().split('\n').sort()).toEqual([
    `Creating ${join(home, 'some', 'a.txt')}`,
    `Creating ${join(home, 'some', 'c.txt')}`,
  ]);
  expect(ended.stderr).toMatch(/left out a folder \(syn\d+\): it is not a file/);
  expect((await readdir(join(home, 'some'))).sort()).toEqual(['a.txt', 'c.txt']);
  expect(await readFile(join(home, 'some', 'c.txt'), 'utf8')).toBe('content of c.txt');
});

test('get --query downloads the version that a dataset has', async () => {
  const [first = ''] = ids;
  const stored = await syn.get(File, first, { downloadFile: false });
  await syn.store(
    Object.assign(stored, {
      path: undefined,
      stream: Readable.from([Buffer.from('second version')]),
    }),
  );
  const { list = [] } = await syn.services.table.listDefaultViewColumns({
    viewEntityType: 'dataset',
  });
  const columns = await syn.services.table.createColumnBatch({ body: { list } });
  const dataset = await syn.services.entity.createEntity({
    body: {
      concreteType: 'org.sagebionetworks.repo.model.table.Dataset',
      name: 'dataset',
      parentId: projectId,
      items: [{ entityId: first, versionNumber: 1 }],
      columnIds: (columns.list ?? []).map(({ id = '' }) => id),
    },
  });
  const sql = `select id from ${dataset.id ?? ''}`;
  expect(await get('--query', sql, '--download-location', 'pinned')).toMatchObject({ status: 0 });
  expect(await readFile(join(home, 'pinned', 'a.txt'), 'utf8')).toBe('content of a.txt');
});

test('get --query downloads the others when one fails', async () => {
  const { id } = await makeTable(
    syn,
    projectId,
    [{ name: 'id', columnType: 'STRING' }],
    [['syn99999999'], [ids[1] ?? ''], [null], [ids[1] ?? '']],
  );
  const ended = await get('--query', `select id from ${id}`, '--download-location', 'partly');
  expect(ended.status).toBe(5);
  expect(ended.stderr).toContain('syn99999999');
  expect(await readdir(join(home, 'partly'))).toEqual(['b.txt']);
});

test.each<[string[], RegExp]>([
  [['--query', 'select name from VIEW'], /no column "id".*selects: name/],
  [['--query', 'bogus'], /No table in the query/],
  [['syn1', '--query', 'select id from VIEW'], /either an id or --query/],
  [['--query', 'select id from VIEW', '--version', '2'], /--version/],
  [['--query', 'select id from VIEW', '--download-location', '-'], /takes a directory/],
  [[], /Missing ID/],
])('get %j is a usage error', async (args, message) => {
  const ended = await get(...args.map((arg) => arg.replace('VIEW', viewId)));
  expect(ended).toMatchObject({ status: 2, stdout: '' });
  expect(ended.stderr).toMatch(message);
});
