import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHttp, type Http } from '../../src/api/createHttp.js';
import type { ConditionSettings, FaultRule } from '../../src/server/index.js';
import { createRandom } from '../../src/server/conditions/random.js';
import { downloadAll, downloadFile, downloadStream } from '../transfer/transfers.js';
import { StorageWire } from '../../src/transfer/storageWire.js';
import { FileHandleBatch } from '../../src/storages/synapse/fileHandleBatch.js';
import type { DownloadContext, UploadContext } from '../../src/storages/synapse/synapseContext.js';
import { uploadFile } from '../../src/storages/synapse/uploadFile.js';
import { withServer } from '../helpers/withServer.js';
import { bytes, md5 } from '../transfer/fakeStore.js';
import { countRounds, isThorough } from './rounds.js';

const server = withServer();
const mebibyte = 1024 * 1024;
const partSize = 5 * mebibyte;
const rounds = isThorough ? 20 : 1;
const seed = 20_261_128;

let contents = 0;
let root: string;
let http: Http;
let context: DownloadContext & UploadContext;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'synapse-troubles-'));
  http = createHttp({
    endpoint: server.synapse.endpoint,
    accessToken: () => server.synapse.authToken,
    retry: { baseDelay: 5, maxDelay: 50 },
    requestsPerMinute: 100_000,
  });
  // What takes longer to move its first bytes has stalled.
  context = {
    services: http.services,
    storage: new StorageWire({ env: {}, stallTimeout: 400 }),
    state: { fileHandles: new FileHandleBatch(http.services.file) },
  };
});
afterEach(async () => {
  server.synapse.conditions.reset();
  await http.close();
  await context.storage.close();
  await rm(root, { recursive: true, force: true });
});

const association = (fileHandleId: string) =>
  ({ fileHandleId, associateObjectId: 'syn1', associateObjectType: 'FileEntity' }) as const;

async function upload(name: string, content: Buffer): Promise<string> {
  const path = join(root, name);
  await writeFile(path, content);
  return (await uploadFile(context, { path, partSize })).fileHandleId;
}

/** One large file and many small ones go up and come down again, on disk and as a stream. */
async function goUpAndDown(): Promise<void> {
  // Content that is there already would not go up.
  const round = (contents += 1);
  const large = bytes(4 * partSize + 12_345, round + 1);
  const small = Array.from({ length: 20 }, (_, index) => bytes(30_000 + index, round + index + 1));
  const largeId = await upload(`large ${round}`, large);
  const smallIds = [];
  for (const [index, content] of small.entries()) {
    smallIds.push(await upload(`small ${round} ${index}`, content));
  }
  const into = join(root, `into ${round}`);
  const destination = join(into, 'large');
  await downloadFile(context, {
    fileHandle: association(largeId),
    destination,
    partSize: 2 * mebibyte,
  });
  expect(md5(await readFile(destination))).toBe(md5(large));
  const items = smallIds.map((id, index) => ({
    fileHandle: association(id),
    destination: join(into, `${index}`),
  }));
  for await (const { item, file, error } of downloadAll(context, items)) {
    expect(error).toBeUndefined();
    const content = small[Number(item.destination.split('/').at(-1))] ?? Buffer.alloc(0);
    expect(file?.md5).toBe(md5(content));
    expect((await readFile(item.destination)).equals(content)).toBe(true);
  }
  expect(await readdir(into)).toHaveLength(1 + small.length);
  const stream = await downloadStream(context, { fileHandle: association(largeId) });
  expect(md5(await buffer(stream))).toBe(md5(large));
}

const storage = { path: '/storage/*' };
const troubles: readonly [name: string, conditions: ConditionSettings][] = [
  ['5 % of 503', { faults: [{ status: 503, retryAfter: 0, probability: 0.05 }] }],
  ['1 % of resets', { faults: [{ loseAnswer: true, probability: 0.01 }] }],
  ['1 % of stalls', { faults: [{ ...storage, stallAt: 1000, probability: 0.01 }] }],
  [
    'all of them',
    {
      faults: [
        { status: 503, retryAfter: 0, probability: 0.05 },
        { loseAnswer: true, probability: 0.01 },
        { ...storage, dropAt: 10_000, probability: 0.01 },
        { ...storage, dropRequestAt: 10_000, probability: 0.01 },
        { ...storage, stallAt: 1000, probability: 0.01 },
      ],
    },
  ],
];

describe('files go up and come down', () => {
  test.each(troubles)(
    'with %s',
    async (_name, conditions) => {
      for (let round = 0; round < rounds; round += 1) {
        server.synapse.conditions.set({ ...conditions, seed: seed + round });
        await goUpAndDown();
      }
      countRounds(rounds);
    },
    600_000,
  );

  test('with connections that are cut at any byte', async () => {
    const random = createRandom(seed);
    const cut = (member: 'dropAt' | 'dropRequestAt'): FaultRule => ({
      ...storage,
      skip: Math.floor(random() * 8),
      times: 1,
      [member]: Math.floor(random() * 2 * mebibyte),
    });
    for (let round = 0; round < rounds; round += 1) {
      const faults = [cut('dropAt'), cut('dropAt'), cut('dropAt'), cut('dropRequestAt')];
      server.synapse.conditions.set({ faults });
      await goUpAndDown();
    }
    countRounds(rounds);
  }, 600_000);

  test('with URLs that live for a part of the time that a file takes', async () => {
    // Three seconds, for a file that takes six; a third of that where time is short: URLs count in whole seconds.
    const scale = isThorough ? 1 : 3;
    const content = bytes(6 * partSize);
    const id = await upload('slow', content);
    server.synapse.conditions.set({
      urlLifetime: 3000 / scale,
      faults: [{ ...storage, bytesPerSecond: 2.5 * mebibyte * scale }],
    });
    const destination = join(root, 'copy');
    const options = { fileHandle: association(id), destination, partSize, concurrency: 2 };
    const asked = server.synapse.requests.count('file.getFileHandleBatch');
    await downloadFile(context, options);
    expect(md5(await readFile(destination))).toBe(md5(content));
    expect(server.synapse.requests.count('file.getFileHandleBatch') - asked).toBeGreaterThan(1);
    expect(await upload('slow again', bytes(6 * partSize, 3))).not.toBe(id);
  }, 60_000);

  test('after wrong bytes: uses nothing of them', async () => {
    const id = await upload('damaged', bytes(2 * partSize));
    const destination = join(root, 'copy');
    const options = { fileHandle: association(id), destination, partSize };
    for (const corruptAt of [0, 1_000_000, partSize - 1]) {
      server.synapse.conditions.set({ faults: [{ ...storage, corruptAt, times: 1 }] });
      await expect(downloadFile(context, options)).rejects.toThrow(/The MD5 of/);
      expect((await readdir(root)).filter((name) => name.startsWith('copy'))).toEqual([]);
      await downloadFile(context, options);
      expect(md5(await readFile(destination))).toBe(md5(bytes(2 * partSize)));
      await rm(destination);
    }
    countRounds(3);
  });
});
