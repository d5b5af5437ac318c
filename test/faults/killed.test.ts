import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { File, Project, Synapse } from '../../src/index.js';
import { createRandom } from '../../src/server/conditions/random.js';
import { runSynapse, startSynapse, type RunOptions } from '../cli/runSynapse.js';
import { bytes } from '../transfer/fakeStore.js';
import { InterceptedSynapse } from './interceptedSynapse.js';
import { countRounds, isThorough } from './rounds.js';

const mebibyte = 1024 * 1024;
const partSize = 8 * mebibyte;
const size = (isThorough ? 512 : 24) * mebibyte - 12_345;
const kills = isThorough ? 20 : 2;
const seed = 20_261_127;

let root: string;
let source: string;
let synapse: InterceptedSynapse;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'synapse-killed-'));
  source = join(root, 'content.bin');
  await writeContent(source);
  synapse = await InterceptedSynapse.start();
});
afterEach(async () => {
  await synapse.close();
  await rm(root, { recursive: true, force: true });
});

async function writeContent(path: string): Promise<void> {
  const block = bytes(16 * mebibyte);
  const file = await open(path, 'wx');
  for (let at = 0; at < size; at += block.length) {
    block.writeUInt32BE(at / mebibyte);
    await file.write(block, 0, Math.min(block.length, size - at), at);
  }
  await file.close();
}

async function md5Of(path: string): Promise<string> {
  const hash = createHash('md5');
  await pipeline(createReadStream(path, { highWaterMark: mebibyte }), hash);
  return hash.digest('hex');
}

/** A machine of its own: nothing of earlier rounds is in its cache. */
async function newHome(): Promise<RunOptions> {
  const home = await mkdtemp(join(root, 'home-'));
  const { endpoint, authToken } = synapse.local;
  return { home, env: { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken } };
}

async function succeed(args: string[], options: RunOptions): Promise<{ id: string }> {
  const ended = await runSynapse([...args, '--json'], options);
  expect([ended.status, ended.status === 0 ? '' : ended.stderr]).toEqual([0, '']);
  return JSON.parse(ended.stdout) as { id: string };
}

/** What is needed before and after, with a client in this process. */
async function withClient<T>(use: (syn: Synapse, folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(root, 'client-'));
  const { endpoint, authToken } = synapse.local;
  const syn = new Synapse({ endpoint, environment: { SYNAPSE_CACHE_DIR: folder } });
  try {
    await syn.login({ authToken });
    return await use(syn, folder);
  } finally {
    await syn.close();
    await rm(folder, { recursive: true });
  }
}

/**
 * Runs a command and kills it at a moment of its life: before its first byte has moved, when a share of its bytes
 * has, or after its last one.
 * @param moment from 0 to 1
 * @param moved how many bytes have moved
 */
async function killAt(
  moment: number,
  moved: () => number,
  args: string[],
  options: RunOptions,
): Promise<void> {
  const child = startSynapse(args, options);
  child.stdout?.resume();
  child.stderr?.resume();
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  const share = (moment - 0.1) / 0.8;
  const begun = moved();
  let requests = 0;
  synapse.onRequest = () => {
    requests += 1;
    if (share < 0 && requests > moment * 50) kill();
  };
  let isOver = false;
  synapse.onMoved = () => {
    const done = (moved() - begun) / size;
    if (share >= 0 && share <= 1 && done >= share) kill();
    if (share <= 1 || done < 1 || isOver) return;
    isOver = true;
    setTimeout(kill, (share - 1) * 2000);
  };
  await once(child, 'close');
  synapse.onMoved = undefined;
  synapse.onRequest = undefined;
}

test('a download that was killed with -9 repeats only the parts in flight', async () => {
  const random = createRandom(seed);
  const { id } = await withClient(async (syn) => {
    const parent = await syn.store(new Project({ name: 'Kills' }));
    return syn.store(new File({ path: source, parent }));
  });
  const md5 = await md5Of(source);
  for (let round = 0; round < kills; round += 1) {
    const options = await newHome();
    const into = join(options.home, 'into');
    const args = ['get', id, '--download-location', into];
    synapse.clear();
    await killAt(random(), () => synapse.down, args, options);
    const inFlight = synapse.downInFlight;
    // Either nothing is there yet under the real name, or all of it.
    const real = (await readdir(into).catch(() => [])).filter((name) => name === 'content.bin');
    for (const name of real) expect(await md5Of(join(into, name))).toBe(md5);
    await succeed(args, options);
    expect(await readdir(into)).toEqual(['content.bin']);
    expect(await md5Of(join(into, 'content.bin'))).toBe(md5);
    // One part more: it may have arrived, and its process have died before it could write that down.
    expect(synapse.down).toBeLessThanOrEqual(size + inFlight + partSize);
    await rm(options.home, { recursive: true });
  }
  countRounds(kills);
}, 1_800_000);

test('an upload that was killed with -9 repeats only the parts in flight', async () => {
  const random = createRandom(seed + 1);
  for (let round = 0; round < kills; round += 1) {
    // The same content would be there already.
    const file = await open(source, 'r+');
    await file.write(Buffer.from([round, 1, 2, 3]), 0, 4, 0);
    await file.close();
    const options = await newHome();
    const project = await withClient((syn) => syn.store(new Project({ name: `Kills ${round}` })));
    const args = ['store', source, '--parent-id', project.id];
    synapse.clear();
    await killAt(random(), () => synapse.up, args, options);
    const inFlight = synapse.partsUnconfirmed * partSize;
    const { id } = await succeed(args, options);
    expect(synapse.up).toBeLessThanOrEqual(size + inFlight);
    await withClient(async (syn, folder) => {
      const { path = '' } = (await syn.get(id, { downloadLocation: folder })) as File;
      expect(await md5Of(path)).toBe(await md5Of(source));
    });
    // What was stored takes up room.
    await synapse.close();
    synapse = await InterceptedSynapse.start();
  }
  countRounds(kills);
}, 1_800_000);
