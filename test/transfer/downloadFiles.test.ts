import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { NotFoundError } from '../../src/errors.js';
import {
  downloadFiles,
  type DownloadItem,
  type DownloadResult,
} from '../../src/transfer/downloadFiles.js';
import { bytes, FakeStore, md5 } from './fakeStore.js';

let root: string;
let store: FakeStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'synapse-many-'));
  store = await FakeStore.start();
});
afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

const content = (id: number): Buffer => bytes(100 + id, id);

function item(id: number): DownloadItem {
  store.put(String(id), content(id));
  return {
    fileHandle: {
      fileHandleId: String(id),
      associateObjectId: 'syn1',
      associateObjectType: 'FileEntity',
    },
    destination: join(root, String(id)),
  };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

async function collect<T>(results: AsyncIterable<DownloadResult<T>>): Promise<DownloadResult<T>[]> {
  const all: DownloadResult<T>[] = [];
  for await (const result of results) all.push(result);
  return all;
}

describe('many files', () => {
  test('come with one call a hundred, and no more at a time than asked for', async () => {
    let active = 0;
    let most = 0;
    store.fault = (_request, response) => {
      most = Math.max(most, ++active);
      response.on('close', () => (active -= 1));
      return false;
    };
    const items = numbers(250).map(item);
    const results = await collect(downloadFiles(store.context(), items, { concurrency: 5 }));
    expect(store.count('batch')).toBe(3);
    expect(store.requests).toHaveLength(250);
    expect(most).toBeLessThanOrEqual(5);
    expect(new Set(results.map((result) => result.item))).toEqual(new Set(items));
    for (const id of numbers(250)) {
      expect(md5(await readFile(join(root, String(id))))).toBe(md5(content(id)));
    }
  });

  test('do not stop for one that fails', async () => {
    const items = numbers(10).map(item);
    store.objects.delete('4');
    const results = await collect(downloadFiles(store.context(), items));
    const failed = results.filter(({ error }) => error !== undefined);
    expect(failed).toEqual([{ item: items[4], error: expect.any(NotFoundError) }]);
    expect(await readdir(root)).toHaveLength(9);
  });

  test('start as they become known', async () => {
    let arrived = 0;
    async function* slowly(): AsyncGenerator<DownloadItem> {
      for (const id of numbers(3)) {
        // The next one becomes known only after the one before is there.
        while (arrived < id) await setTimeout(1);
        yield item(id);
      }
    }
    for await (const { file } of downloadFiles(store.context(), slowly())) {
      expect(file).toBeDefined();
      arrived += 1;
    }
    expect(arrived).toBe(3);
  });

  test('end when the loop is left, with nothing half done under a real name', async () => {
    let isClosed = false;
    function* items(): Generator<DownloadItem> {
      try {
        for (const id of numbers(1000)) yield item(id);
      } finally {
        isClosed = true;
      }
    }
    for await (const { file } of downloadFiles(store.context(), items(), { concurrency: 2 })) {
      expect(file).toBeDefined();
      break;
    }
    expect(isClosed).toBe(true);
    const seen = store.requests.length;
    await setTimeout(20);
    expect(store.requests.length).toBe(seen);
    for (const name of await readdir(root)) {
      expect(md5(await readFile(join(root, name)))).toBe(md5(content(Number(name))));
    }
  });

  test('end with their signal', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    store.fault = (_request, _response, count) => {
      if (count === 5) controller.abort(reason);
      return false;
    };
    const options = { signal: controller.signal, concurrency: 2 };
    await expect(
      collect(downloadFiles(store.context(), numbers(100).map(item), options)),
    ).rejects.toBe(reason);
  });

  test('whose URLs grew old in the queue get new ones', async () => {
    const context = store.context();
    const items = numbers(20).map(item);
    store.urlUses = 0;
    store.apiFault = (_operation, count) => {
      if (count > 1) store.urlUses = 1;
    };
    const results = await collect(downloadFiles(context, items, { concurrency: 4 }));
    expect(results.filter(({ error }) => error !== undefined)).toEqual([]);
  });
});
