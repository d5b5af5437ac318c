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
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-wiki-'));
  const { endpoint, authToken } = server.synapse;
  syn = new Synapse({ endpoint, configPath: join(home, 'none'), environment: {} });
  await syn.login({ authToken });
});
afterAll(async () => {
  await syn.close();
  await rm(home, { recursive: true, force: true });
});

function run(args: string[]): Promise<Ended> {
  const { endpoint, authToken } = server.synapse;
  const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken };
  return runSynapse(['wiki', ...args], { home, env });
}

async function project(name: string): Promise<{ id: string; root: string; sub: string }> {
  const { id } = await syn.store(new Project({ name }));
  const { id: root } = await syn.wiki.store(id, { title: 'Home', markdown: 'one' });
  const page = { title: 'Methods', parentId: root, markdown: 'm' };
  const { id: sub } = await syn.wiki.store(id, page);
  return { id, root, sub };
}

test('a wiki is exported, changed in its folder, and imported', async () => {
  const { id, root, sub } = await project('Exported');
  const exported = await run(['export', id, 'wiki']);
  expect(exported).toMatchObject({
    status: 0,
    stdout: `${root}\tHome.md\n${sub}\tHome/Methods.md\n`,
  });
  await writeFile(join(home, 'wiki/Home.md'), 'two');
  const dry = await run(['import', 'wiki', id, '--dry-run']);
  expect(dry.stdout).toBe(`Updated wiki page: ${root}\tHome.md\ttext\n`);
  expect(dry.stderr).toContain('dry run');
  expect((await syn.wiki.get(id)).markdown).toBe('one');
  const imported = await run(['import', 'wiki', id]);
  expect(imported.stdout).toBe(dry.stdout);
  expect((await syn.wiki.get(id)).markdown).toBe('two');
  const again = await run(['import', 'wiki', id]);
  expect(again).toMatchObject({ status: 0, stdout: '' });
  expect(again.stderr).toContain('2 of 2 pages are up to date.');
});

test('a page that was changed in both places is an error of that page, with status 5', async () => {
  const { id, root } = await project('Conflict');
  await run(['export', id, 'conflict']);
  await writeFile(join(home, 'conflict/Home.md'), 'mine');
  await writeFile(join(home, 'conflict/Home/Methods.md'), 'new methods');
  await syn.wiki.store(id, { markdown: 'theirs' });
  const { status, stdout, stderr } = await run(['import', 'conflict', id]);
  expect(status).toBe(5);
  expect(stdout).toContain('Home/Methods.md\ttext');
  expect(stderr).toContain(`Home.md: `);
  expect(stderr).toContain(`The wiki page ${root} was changed in Synapse since the last export`);
  const json = await run(['import', 'conflict', id, '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({ failures: [{ path: 'Home.md' }] });
  expect((await run(['import', 'conflict', id, '--overwrite'])).status).toBe(0);
  expect((await syn.wiki.get(id)).markdown).toBe('mine');
});

test('pages are deleted only with --delete, and not without a terminal or --yes', async () => {
  const { id, sub } = await project('Delete');
  await run(['export', id, 'delete']);
  await rm(join(home, 'delete/Home/Methods.md'));
  expect((await run(['import', 'delete', id])).stderr).toContain(`Kept the wiki page ${sub}`);
  const refused = await run(['import', 'delete', id, '--delete']);
  expect(refused).toMatchObject({ status: 2 });
  expect(refused.stderr).toContain('--yes');
  const deleted = await run(['import', 'delete', id, '--delete', '--yes']);
  expect(deleted.stdout).toBe(`Deleted wiki page: ${sub}\n`);
  expect((await syn.wiki.tree(id)).children).toEqual([]);
});

test('a folder with other files is not written to', async () => {
  const { id } = await project('Elsewhere');
  await writeFile(join(home, 'note.txt'), 'mine');
  const { status, stderr } = await run(['export', id, '.']);
  expect(status).not.toBe(0);
  expect(stderr).toContain('Choose an empty folder');
  expect(await readFile(join(home, 'note.txt'), 'utf8')).toBe('mine');
});

test('a wiki is copied, and a version is listed and restored', async () => {
  const { id, root } = await project('Original');
  const { id: to } = await syn.store(new Project({ name: 'Copy' }));
  const copied = await run(['copy', id, to]);
  expect(copied.stdout).toMatch(/^\d+ {2}Home\n\d+ {2}Methods\n$/);
  await syn.wiki.store(id, { markdown: 'two' });
  const history = await run(['history', id]);
  expect(history.stdout).toMatch(/^VERSION +MODIFIED +BY\n1 .*\n0 .*\n$/);
  const restored = await run(['restore', id, '0', '--page', root]);
  expect(restored.stdout).toBe(`Restored wiki page: ${root}\tHome\n`);
  expect((await syn.wiki.get(id)).markdown).toBe('one');
});
