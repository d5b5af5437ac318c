import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fork } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { TransferService } from '../../src/storages/synapse/transferService.js';
import { countRounds, isThorough } from '../faults/rounds.js';
import type { Task } from './children/transferOnce.js';
import { bytes, FakeStore } from './fakeStore.js';

const kills = isThorough ? 20 : 2;
const concurrency = 3;

let root: string;
let store: FakeStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'synapse-kill-'));
  store = await FakeStore.start();
});
afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

/** Runs a transfer in a process of its own and kills it at the request of that number. @returns its exit code */
async function run(task: Task, killAt: number): Promise<number | null> {
  const child = fork(join(import.meta.dirname, 'children/transferOnce.ts'), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const service = store.service() as unknown as Record<string, (args: unknown) => Promise<unknown>>;
  child.on(
    'message',
    (message: 'ready' | { call: number; operation: keyof TransferService; args: unknown }) => {
      if (message === 'ready') child.send(task);
      else {
        const { call, operation, args } = message;
        service[operation]?.(args).then(
          (value) => child.connected && child.send({ answer: call, value }),
          (error: unknown) => child.connected && child.send({ answer: call, error: String(error) }),
        );
      }
    },
  );
  const first = store.requests.length;
  store.fault = async (_request, _response, count) => {
    await setTimeout(5);
    if (count - first === killAt) child.kill('SIGKILL');
    return false;
  };
  return new Promise((resolve) => child.on('close', resolve));
}

/** Numbers that look drawn by lot, the same in every run. */
const draw = (count: number, most: number): number[] =>
  Array.from({ length: count }, (_, index) => 1 + ((index * 7919 + 13) % most));

/**
 * Kills transfers until enough were killed; each is run again until it gets through.
 * @param begin prepares a new transfer
 * @param finish looks at one that got through
 * @returns how many got through
 */
async function killAgainAndAgain(
  task: Task,
  most: number,
  steps: { begin: (number: number) => Promise<void>; finish: () => Promise<void> },
): Promise<number> {
  let through = 0;
  await steps.begin(through);
  for (const killAt of [...draw(kills, most), Number.POSITIVE_INFINITY]) {
    const code = await run(task, killAt);
    if (code !== 0) continue;
    await steps.finish();
    through += 1;
    if (killAt < Number.POSITIVE_INFINITY) await steps.begin(through);
  }
  return through;
}

describe('kill -9', () => {
  test('of downloads costs no more than the parts in flight', async () => {
    const partSize = 1024 * 1024;
    const parts = 24;
    const { content } = store.put('7', bytes((parts - 1) * partSize + 5));
    const destination = join(root, 'file');
    const task: Task = { what: 'download', destination, partSize, concurrency };
    const through = await killAgainAndAgain(task, 8, {
      begin: async () => {
        await rm(destination, { force: true });
      },
      finish: async () => {
        expect((await readFile(destination)).equals(content)).toBe(true);
        expect(await readdir(root)).toEqual(['file']);
      },
    });
    expect(through).toBeGreaterThan(0);
    expect(store.requests.length).toBeLessThanOrEqual(through * parts + kills * concurrency);
    countRounds(kills);
  }, 300_000);

  test('of uploads costs no more than the parts in flight', async () => {
    const partSize = 5 * 1024 * 1024;
    const parts = 8;
    const path = join(root, 'file');
    const task: Task = { what: 'upload', path, partSize, concurrency };
    let content: Buffer = Buffer.alloc(0);
    const through = await killAgainAndAgain(task, 3, {
      begin: async (number) => {
        content = bytes(parts * partSize - 5, number + 1);
        await writeFile(path, content);
      },
      finish: () => {
        const upload = store.uploads.at(-1);
        expect(upload?.isComplete).toBe(true);
        expect(upload?.content.equals(content)).toBe(true);
        return Promise.resolve();
      },
    });
    // Each content was one upload, however often it was begun.
    expect(store.uploads).toHaveLength(through);
    // A part that was sent but not added when its process died is in flight too.
    expect(store.requests.length).toBeLessThanOrEqual(through * parts + kills * 2 * concurrency);
    countRounds(kills);
  }, 300_000);
});
