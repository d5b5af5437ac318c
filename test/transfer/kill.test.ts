import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fork } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { TransferService } from '../../src/transfer/transferContext.js';
import type { Task } from './children/transferOnce.js';
import { bytes, FakeStore } from './fakeStore.js';

const kills = process.env['TEST_FAULTS'] === '1' ? 20 : 2;
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

describe('kill -9', () => {
  test('of downloads costs no more than the parts in flight', async () => {
    const partSize = 1024 * 1024;
    const parts = 24;
    const { content } = store.put('7', bytes(parts * partSize + 5));
    const destination = join(root, 'file');
    const task: Task = { what: 'download', destination, partSize, concurrency };
    for (const killAt of draw(kills, 8)) {
      await run(task, killAt);
      expect(await readdir(root)).not.toContain('file');
    }
    expect(await run(task, Number.POSITIVE_INFINITY)).toBe(0);
    expect((await readFile(destination)).equals(content)).toBe(true);
    expect(await readdir(root)).toEqual(['file']);
    expect(store.requests.length).toBeLessThanOrEqual(parts + 1 + kills * concurrency);
  }, 120_000);

  test('of uploads costs no more than the parts in flight', async () => {
    const partSize = 5 * 1024 * 1024;
    const content = bytes(8 * partSize - 5);
    const path = join(root, 'file');
    await writeFile(path, content);
    const task: Task = { what: 'upload', path, partSize, concurrency };
    for (const killAt of draw(kills, 3)) await run(task, killAt);
    expect(await run(task, Number.POSITIVE_INFINITY)).toBe(0);
    expect(store.uploads).toHaveLength(1);
    expect(store.uploads[0]?.content.equals(content)).toBe(true);
    expect(store.requests.length).toBeLessThanOrEqual(8 + kills * (concurrency + 1));
  }, 120_000);
});
