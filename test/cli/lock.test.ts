import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { File, Folder, Project, Synapse, type Stored } from '../../src/index.js';
import { withServer } from '../helpers/withServer.js';
import { runSynapse, type Ended } from './runSynapse.js';

const server = withServer();
let top: string;
let home: string;
let syn: Synapse;
let project: Project & Stored;
let file: File & Stored;
let count = 0;

beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'synapse-lock-'));
  const { endpoint, authToken } = server.synapse;
  syn = new Synapse({
    endpoint,
    environment: {},
    configPath: join(top, 'none'),
    cacheDir: join(top, 'cache'),
  });
  await syn.login({ authToken });
});
beforeEach(async () => {
  count += 1;
  home = await mkdtemp(join(top, 'home-'));
  project = await syn.store(new Project({ name: `Lock ${count}` }));
  const folder = await syn.store(new Folder({ name: 'folder', parent: project }));
  await writeFile(join(home, 'a.txt'), 'first');
  file = await syn.store(new File({ path: join(home, 'a.txt'), parent: folder }));
});
afterAll(async () => {
  await syn.close();
  await rm(top, { recursive: true, force: true });
});

function synapse(...args: string[]): Promise<Ended> {
  const { endpoint, authToken } = server.synapse;
  const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken };
  return runSynapse(args, { home, env });
}

/** Stores other content as the next version. */
async function storeNext(content: string): Promise<void> {
  await writeFile(join(home, 'a.txt'), content);
  file = await syn.store(file);
}

const target = ['--download-location', 'data'];

test('a lock is written, checked, restored, and checked again', async () => {
  const locked = await synapse('lock', project.id);
  expect(locked).toEqual({ status: 0, stdout: 'Locked 1 files in synapse.lock\n', stderr: '' });
  const text = await readFile(join(home, 'synapse.lock'), 'utf8');
  await storeNext('second');
  const missing = await synapse('restore', '--check', ...target);
  expect(missing).toMatchObject({
    status: 1,
    stdout: `missing    folder/a.txt (${file.id}.1)\n`,
  });
  const restored = await synapse('restore', ...target);
  expect(restored).toMatchObject({
    status: 0,
    stdout: `downloaded folder/a.txt (${file.id}.1)\n`,
  });
  expect(await readFile(join(home, 'data/folder/a.txt'), 'utf8')).toBe('first');
  expect(await synapse('restore', '--check', ...target)).toMatchObject({ status: 0, stdout: '' });
  const other = await synapse('lock', project.id, '--output', '-');
  expect(other.stdout).not.toBe(text);
  expect(other.stdout.split('\n')).toHaveLength(text.split('\n').length);
});

test('a lock on standard output is that of a file, byte by byte', async () => {
  await synapse('lock', project.id);
  const { stdout } = await synapse('lock', project.id, '-o', '-');
  expect(stdout).toBe(await readFile(join(home, 'synapse.lock'), 'utf8'));
});

test('a version that is gone is named, and the exit status is 5', async () => {
  await synapse('lock', project.id);
  await storeNext('second');
  await syn.delete(`${file.id}.1`);
  const restored = await synapse('restore', ...target);
  expect(restored.status).toBe(5);
  expect(restored.stdout).toMatch(`failed     folder/a.txt (${file.id}.1) - version 1 of`);
  const data = JSON.parse((await synapse('restore', ...target, '--json')).stdout) as unknown;
  expect(data).toMatchObject({
    directory: join(home, 'data'),
    items: [{ id: file.id, version: 1, path: 'folder/a.txt', action: 'failed' }],
  });
});

test('a lock that is missing or damaged is refused', async () => {
  const none = await synapse('restore');
  expect(none).toMatchObject({ status: 1, stdout: '' });
  expect(none.stderr).toMatch(/Cannot read the lock synapse\.lock: no such file or folder/);
  await writeFile(join(home, 'synapse.lock'), '{}');
  expect(await synapse('restore')).toMatchObject({ status: 2, stdout: '' });
  expect(await synapse('lock')).toMatchObject({ status: 2, stdout: '' });
});

test('diff of a directory ends with 0, 1 or 5', async () => {
  await synapse('get', project.id, '-r', ...target);
  const same = await synapse('diff', 'data', project.id);
  expect(same).toMatchObject({ status: 0, stderr: '' });
  await writeFile(join(home, 'data/folder/a.txt'), 'other');
  await writeFile(join(home, 'data/new.txt'), 'new');
  const changed = await synapse('diff', 'data', project.id);
  expect(changed.status).toBe(1);
  expect(changed.stdout).toMatch(
    /^changed {4}folder\/a\.txt \(syn\d+\) - MD5 \w+ here, \w+ in Synapse$/m,
  );
  expect(changed.stdout).toMatch(/^extra {6}new\.txt$/m);
  await rm(join(home, 'data/folder/a.txt'));
  await rm(join(home, 'data/folder'), { recursive: true });
  await writeFile(join(home, 'data/folder'), 'a file');
  expect((await synapse('diff', 'data', project.id)).status).toBe(5);
  const data = JSON.parse((await synapse('diff', 'data', project.id, '--json')).stdout) as unknown;
  expect(data).toMatchObject({ isSame: false, counts: { extra: 1, missing: 1, unreadable: 1 } });
});

test('diff of two versions shows what differs', async () => {
  file.annotations = { tissue: ['liver'] };
  await storeNext('second');
  const { status, stdout } = await synapse('diff', `${file.id}.1`, `${file.id}.2`);
  expect(status).toBe(1);
  const lines = stdout.split('\n');
  expect(lines.slice(2)).toEqual([
    'content',
    '- a.txt, text/plain, 5 B, MD5 8b04d5e3775d298e78455efc5ca404d5',
    '+ a.txt, text/plain, 6 B, MD5 a9f0e61a137d86aa9db53465e0801612',
    'properties',
    '- versionLabel: "1"',
    '+ versionLabel: "2"',
    'annotations',
    '+ tissue: STRING ["liver"]',
    '',
  ]);
  const same = await synapse('diff', file.id, `${file.id}.2`);
  expect(same.status).toBe(0);
  expect(same.stdout).toMatch(/\nno difference\n$/);
  const wrong = await synapse('diff', project.id, 'data');
  expect(wrong).toMatchObject({ status: 2, stdout: '' });
});
