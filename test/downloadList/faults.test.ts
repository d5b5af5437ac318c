import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Folder, type Project, type Stored, type Synapse } from '../../src/index.js';
import { startSynapse } from '../cli/runSynapse.js';
import { withClients } from '../entities/withClients.js';
import { storeText } from './listWorld.js';

const clients = withClients();
const fileCount = 24;
let home: string;
let syn: Synapse;
let project: Project & Stored;
let expected: string[];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-download-list-'));
  syn = await clients.open('alice');
  project = await clients.project(syn);
  // Half of the files have the same name.
  const folder = await syn.store(new Folder({ name: 'Folder', parent: project }));
  expected = [];
  for (let index = 0; index < fileCount; index += 1) {
    const parent = index % 2 === 0 ? project : folder;
    const content = `content of file ${index}`;
    await storeText(clients, syn, parent, { name: `file ${index >> 1}.txt`, content });
    expected.push(content);
  }
  expected.sort();
}, 60_000);
afterAll(() => rm(home, { recursive: true, force: true }));

/** The contents of the files with a whole name, sorted, without the manifests. */
async function contentsOf(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => /^file \d+(\(\d+\))?\.txt$/.test(name));
  const texts = names.map((name) => readFile(join(directory, name), 'utf8'));
  return (await Promise.all(texts)).sort();
}

test('a download survives a busy service and broken connections', async () => {
  const fresh = await clients.open('alice');
  await fresh.downloadList.add(project);
  const directory = join(home, 'faults');
  const { conditions } = clients.server;
  conditions.set({
    faults: [
      { path: '/repo/*', status: 503, retryAfter: 0, times: 2 },
      { path: '/file/*', status: 503, retryAfter: 0, skip: 1, times: 1 },
      { method: 'GET', path: '/storage/*', dropAt: 4, skip: 2, times: 4 },
      { operation: 'downloadList.removeFromDownloadList', loseAnswer: true, times: 1 },
    ],
  });
  const report = await fresh.downloadList.download(directory).finally(() => {
    expect(conditions.faultHits()).toEqual([2, 1, 4, 1]);
    conditions.set({ faults: [] });
  });
  expect(report.failed).toEqual([]);
  expect(await contentsOf(directory)).toEqual(expected);
  expect(await fresh.downloadList.statistics()).toMatchObject({ totalNumberOfFiles: 0 });
});

test('a file that is refused again and again fails alone, and is downloaded by the next run', async () => {
  const fresh = await clients.open('alice');
  await fresh.downloadList.add(project);
  const directory = join(home, 'refused');
  const { conditions } = clients.server;
  conditions.set({
    faults: [{ method: 'GET', path: '/storage/*', skip: 3, times: 1, status: 404 }],
  });
  const report = await fresh.downloadList.download(directory).finally(() => {
    conditions.set({ faults: [] });
  });
  expect(report.failed).toHaveLength(1);
  expect(report).toMatchObject({ removed: fileCount - 1 });
  const next = await fresh.downloadList.download(directory);
  expect(next).toMatchObject({ failed: [], removed: 1 });
  expect(await contentsOf(directory)).toEqual(expected);
});

/** Starts the command with a cache of its own. */
function start(name: string) {
  const { endpoint, users } = clients.server;
  const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: users.alice.authToken };
  const args = ['get-download-list', '--download-location', name, '--concurrency', '3'];
  const child = startSynapse([...args, '--cache-dir', `${name}-cache`], { home, env });
  child.stdout?.resume();
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, 'close') as Promise<[number | null]>;
  return { child, ended: ended.then(([status]) => ({ status, errors })) };
}

test('a command that is killed at some moments leaves on the list what it has not downloaded, and continues', async () => {
  const { server } = clients;
  await syn.downloadList.add(project);
  const before = server.requests.total;
  expect((await start('clean').ended).status).toBe(0);
  const total = server.requests.total - before;
  for (let moment = 1; moment <= 4; moment += 1) {
    await syn.downloadList.add(project);
    const name = `killed ${moment}`;
    const requests = Math.round((moment * total) / 5);
    server.conditions.set({ faults: [{ skip: requests, stallAt: 0 }] });
    const { child, ended } = start(name);
    while (server.conditions.faultHits()[0] === 0) await sleep(5);
    await sleep(50);
    child.kill('SIGKILL');
    await ended;
    server.conditions.set({ faults: [] });

    const left = await syn.downloadList.list().toArray();
    const here = await contentsOf(join(home, name)).catch(() => []);
    // What was removed from the list is here.
    expect(here.length).toBeGreaterThanOrEqual(fileCount - left.length);
    expect(expected).toEqual(expect.arrayContaining(here));

    const { status, errors } = await start(name).ended;
    expect({ moment, status, errors }).toMatchObject({ status: 0 });
    expect(await contentsOf(join(home, name))).toEqual(expected);
    expect(await syn.downloadList.statistics()).toMatchObject({ totalNumberOfFiles: 0 });
  }
}, 120_000);
