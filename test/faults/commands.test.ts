import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Cache } from '../../src/cache/cache.js';
import { File, Project, Synapse, type Stored } from '../../src/index.js';
import { runSynapse, startSynapse, type Ended, type RunOptions } from '../cli/runSynapse.js';
import { withServer } from '../helpers/withServer.js';
import { bytes } from '../transfer/fakeStore.js';
import { runChild } from '../transfer/runChild.js';
import { countRounds, isThorough } from './rounds.js';

const server = withServer();
const mebibyte = 1024 * 1024;
/** Kept in memory while they are fetched, fetched in parts. */
const contents = { 'small.bin': bytes(300_000), 'large.bin': bytes(12 * mebibyte + 5) };
type Name = keyof typeof contents;
const names: Name[] = ['small.bin', 'large.bin'];

let home: string;
let project: Project & Stored;
let ids: Record<Name, string>;

beforeAll(async () => {
  await inNewHome(async () => {
    const { endpoint, authToken } = server.synapse;
    const syn = new Synapse({ endpoint, cacheDir: join(home, 'cache'), environment: {} });
    await syn.login({ authToken });
    project = await syn.store(new Project({ name: 'Commands' }));
    const store = async (name: Name): Promise<string> => {
      const path = join(home, name);
      await writeFile(path, contents[name]);
      return (await syn.store(new File({ path, parent: project }))).id;
    };
    ids = { 'small.bin': await store('small.bin'), 'large.bin': await store('large.bin') };
    await syn.close();
  });
});

async function inNewHome(use: () => Promise<void>): Promise<void> {
  home = await mkdtemp(join(tmpdir(), 'synapse-commands-'));
  try {
    await use();
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-commands-'));
});
afterEach(async () => {
  server.synapse.conditions.reset();
  await rm(home, { recursive: true, force: true });
});

function options(env: Record<string, string> = {}): RunOptions {
  const { endpoint, authToken } = server.synapse;
  return { home, env: { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken, ...env } };
}

const synapse = (args: string[], env?: Record<string, string>): Promise<Ended> =>
  runSynapse(args, options(env));

const getArgs = (name: Name): string[] => ['get', ids[name], '--download-location', 'into'];

/** Runs a command, and does something as soon as it has met a fault. */
async function meanwhile(args: string[], act: () => Promise<void>): Promise<Ended> {
  const child = startSynapse(args, options());
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('no pipes');
  const output = Promise.all([text(stdout), text(stderr)]);
  const ended = once(child, 'close') as Promise<[number | null]>;
  while (server.synapse.conditions.faultHits()[0] === 0) await setTimeout(10);
  await act();
  const [status] = await ended;
  const [out, err] = await output;
  return { status, stdout: out, stderr: err };
}

/** Runs a download that stalls in the middle of the file, and does something then. */
function inMidFlight(args: string[], act: () => Promise<void>): Promise<Ended> {
  server.synapse.conditions.set({
    faults: [{ method: 'GET', path: '/storage/*', stallAt: 100_000, stallFor: 1200, times: 1 }],
  });
  return meanwhile(args, async () => {
    // The bytes before the stall arrive: of the small file nothing shows it.
    await setTimeout(100);
    await act();
  });
}

/** Says on one line what went wrong. */
function expectFailure({ status, stdout, stderr }: Ended, words: RegExp): void {
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(words);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
}

async function expectFile(name: Name): Promise<void> {
  expect((await readFile(join(home, 'into', name))).equals(contents[name])).toBe(true);
  expect(await readdir(join(home, 'into'))).toEqual([name]);
}

describe.each(names)('%s', (name) => {
  test('on a disk that gets full: leaves nothing under its name', async () => {
    const cut = contents[name].length - 1000;
    const full = { NODE_OPTIONS: `--import=${join(import.meta.dirname, 'children/fullDisk.mjs')}` };
    expectFailure(
      await synapse(getArgs(name), { ...full, TEST_DISK_ROOM: String(cut) }),
      /Cannot write .*into.*: the disk is full/,
    );
    expect(await readdir(join(home, 'into'))).not.toContain(name);
    expect((await synapse(getArgs(name))).status).toBe(0);
    await expectFile(name);
  });

  test('into a folder that is removed meanwhile: never leaves half a file', async () => {
    const into = join(home, 'into');
    const ended = await inMidFlight(getArgs(name), async () => {
      await rm(into, { recursive: true });
    });
    if (ended.status === 0) await expectFile(name);
    else expectFailure(ended, /into/);
    expect((await synapse(getArgs(name))).status).toBe(0);
    await expectFile(name);
  });

  test('into a folder where a file of its name appears meanwhile: keeps both', async () => {
    const into = join(home, 'into');
    const ended = await inMidFlight(getArgs(name), async () => {
      await writeFile(join(into, name), 'of another program');
    });
    const other = name.replace('.bin', '(1).bin');
    expect([ended.status, ended.stderr]).toEqual([0, expect.stringContaining(other) as unknown]);
    expect((await readdir(into)).sort()).toEqual([other, name].sort());
    expect(await readFile(join(into, name), 'utf8')).toBe('of another program');
    expect((await readFile(join(into, other))).equals(contents[name])).toBe(true);
  });

  test('into such a folder with keep.local: keeps that file', async () => {
    const into = join(home, 'into');
    const args = [...getArgs(name), '--if-collision', 'keep.local'];
    const ended = await inMidFlight(args, () => writeFile(join(into, name), 'of another program'));
    expect(ended.status).toBe(0);
    expect(await readFile(join(into, name), 'utf8')).toBe('of another program');
    expect(await readdir(into)).not.toContain(name.replace('.bin', '(1).bin'));
  });

  test('by processes at once: all get the whole file', async () => {
    const count = isThorough ? 8 : 2;
    const { endpoint, authToken } = server.synapse;
    const cacheDir = join(home, '.synapseCache');
    const commands = Array.from({ length: count }, () => synapse(getArgs(name)));
    const children = Array.from({ length: count }, () =>
      runChild('faults/children/getIntoCache.ts', [endpoint, authToken, ids[name], cacheDir]),
    );
    for (const { status, stderr } of await Promise.all(commands)) {
      expect([status, stderr]).toEqual([0, expect.stringContaining('into') as unknown]);
    }
    const got = (await readdir(join(home, 'into'))).map((each) => join(home, 'into', each));
    const paths = new Set([...got, ...(await Promise.all(children))]);
    for (const path of paths) {
      expect(basename(path)).toMatch(/^(small|large)(\(\d\))?\.bin$/);
      expect((await readFile(path)).equals(contents[name])).toBe(true);
    }
    const recorded: Record<string, string> = {};
    for await (const { path, state } of new Cache({ root: cacheDir }).verify()) {
      recorded[path] = state;
    }
    expect(recorded).toEqual(Object.fromEntries([...paths].map((path) => [path, 'ok'])));
    countRounds(2 * count);
  });

  test('with links planted wherever it could write: nothing goes through them', async () => {
    const outside = join(home, 'outside');
    const into = join(home, 'into');
    await mkdir(outside);
    await mkdir(into);
    await writeFile(join(outside, 'mine'), 'mine');
    const part = `${name}.synapse_download_${name === 'small.bin' ? '1' : '2'}`;
    const planted = [name, `${part}.part`, `${part}.journal`];
    for (const target of ['mine', 'nothing']) {
      for (const link of planted) {
        await rm(join(into, link), { force: true });
        await symlink(join(outside, target), join(into, link));
      }
      const { status } = await synapse([...getArgs(name), '--if-collision', 'overwrite.local']);
      expect(status).toBe(0);
      expect((await readFile(join(into, name))).equals(contents[name])).toBe(true);
      expect(await readdir(outside)).toEqual(['mine']);
      expect(await readFile(join(outside, 'mine'), 'utf8')).toBe('mine');
      await rm(join(home, '.synapseCache'), { recursive: true });
    }
    await rm(into, { recursive: true });
    await mkdir(into);
    await symlink(join(outside, 'nothing'), join(into, name));
    expect((await synapse(getArgs(name))).status).toBe(0);
    expect(await readdir(outside)).toEqual(['mine']);
    countRounds(planted.length * 2 + 1);
  });
});

test('a file that is removed while it is uploaded is not stored', async () => {
  const path = join(home, 'gone.bin');
  await writeFile(path, bytes(12 * mebibyte, 7));
  server.synapse.conditions.set({
    faults: [{ method: 'PUT', path: '/storage/*', delay: 1000, times: 1 }],
  });
  const args = ['store', path, '--parent-id', project.id];
  expectFailure(await meanwhile(args, () => rm(path)), /gone\.bin changed during/);
});

test('a store survives a server whose disk is full for a while', async () => {
  const path = join(home, 'later.bin');
  await writeFile(path, bytes(6 * mebibyte, 8));
  server.synapse.conditions.set({
    faults: [{ method: 'PUT', path: '/storage/*', status: 507, reason: 'Insufficient Storage' }],
  });
  const args = ['store', path, '--parent-id', project.id];
  const child = startSynapse(args, options());
  while ((server.synapse.conditions.faultHits()[0] ?? 0) < 2) await setTimeout(10);
  server.synapse.conditions.reset();
  expect(await once(child, 'close')).toEqual([0, null]);
});
