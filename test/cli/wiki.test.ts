import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Project, Synapse } from '../../src/index.js';
import { withServer } from '../helpers/withServer.js';
import { runSynapse, type Ended } from './runSynapse.js';

const server = withServer();
let home: string;
let syn: Synapse;
let id: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-wiki-'));
  const { endpoint, authToken } = server.synapse;
  syn = new Synapse({ endpoint, configPath: join(home, 'none'), environment: {} });
  await syn.login({ authToken });
  ({ id } = await syn.store(new Project({ name: 'With a wiki' })));
});
afterAll(async () => {
  await syn.close();
  await rm(home, { recursive: true, force: true });
});

function run(args: string[], input?: string): Promise<Ended> {
  const { endpoint, authToken } = server.synapse;
  const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken };
  return runSynapse(['wiki', ...args], { home, env, ...(input !== undefined && { input }) });
}

test('pages are stored, listed, shown and deleted', async () => {
  await writeFile(join(home, 'plot.txt'), 'plot');
  await writeFile(join(home, 'methods.md'), 'Ünïcödé\u001b[31m\r\n');
  const root = await run([
    'store',
    id,
    '--title',
    'Home',
    '--markdown',
    '# Hi',
    '--attach',
    'plot.txt',
  ]);
  expect(root.stdout).toMatch(/^Stored wiki page: \d+\tHome\n$/);
  const [rootId = ''] = /\d+/.exec(root.stdout) ?? [];
  const sub = await run([
    'store',
    id,
    '--parent-page',
    rootId,
    '--title',
    'Methods',
    '--markdown-file',
    'methods.md',
  ]);
  const [subId = ''] = /\d+/.exec(sub.stdout) ?? [];
  const list = await run(['list', id]);
  expect(list.stdout).toBe(`${rootId}  Home\n  ${subId}  Methods\n`);

  const shown = await run(['show', id]);
  expect([shown.status, shown.stdout]).toEqual([0, '# Hi\n']);
  const escaped = await run(['show', id, '--page', subId]);
  expect(escaped.stdout).not.toContain('\u001b');
  await run(['show', id, '--title', 'Methods', '--output', 'out.md']);
  expect(await readFile(join(home, 'out.md'), 'utf8')).toBe('Ünïcödé\u001b[31m\r\n');
  const json = await run(['show', id, '--page', subId, '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({ id: subId, parentId: rootId, title: 'Methods' });

  const again = await run(['store', id, '--markdown', '# Changed', '--json']);
  expect(JSON.parse(again.stdout)).toMatchObject({ id: rootId, title: 'Home' });
  expect((await run(['show', id, '--version', '0'])).stdout).toBe('# Hi\n');
  const piped = await run(['store', id, '--markdown-file', '-'], 'from a pipe');
  expect(piped.status).toBe(0);
  expect((await run(['show', id])).stdout).toBe('from a pipe\n');

  const unsure = await run(['delete', id, '--page', subId]);
  expect(unsure.status).toBe(2);
  const deleted = await run(['delete', id, '--page', subId, '--yes']);
  expect([deleted.status, deleted.stdout]).toEqual([0, `Deleted wiki page: ${subId}\n`]);
  expect((await run(['delete', id, '--page', subId, '--yes'])).status).toBe(4);
  expect((await run(['list', id])).stdout).toBe(`${rootId}  Home\n`);
}, 60_000);

test('what cannot be done is an error with its own exit status', async () => {
  expect((await run(['show', 'syn99999999'])).status).toBe(4);
  expect((await run(['show', id, '--title', 'No such page'])).status).toBe(4);
  expect((await run(['store', id])).status).toBe(2);
  const both = await run(['store', id, '--markdown', 'a', '--markdown-file', 'methods.md']);
  expect(both.status).toBe(2);
}, 60_000);
