import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NotFoundError } from '../../src/errors.js';
import { bytes, FakeStore, md5 } from '../transfer/fakeStore.js';
import { downloadAll, type DownloadItem, type DownloadResult } from '../transfer/transfers.js';

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

async function collect(results: AsyncIterable<DownloadResult>): Promise<DownloadResult[]> {
  const all: DownloadResult[] = [];
  for await (const result of results) all.push(result);
  return all;
}

describe('many files in one queue', () => {
  test('come with few calls, and no more of them at a time than asked for', async () => {
    let active = 0;
    let most = 0;
    store.fault = (_request, response) => {
      most = Math.max(most, ++active);
      response.on('close', () => (active -= 1));
      return false;
    };
    const items = numbers(250).map(item);
    const results = await collect(downloadAll(store.context(), items, { concurrency: 5 }));
    expect(store.count('batch')).toBeLessThanOrEqual(5);
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
    const results = await collect(downloadAll(store.context(), items));
    const failed = results.filter(({ error }) => error !== undefined);
    expect(failed).toEqual([{ item: items[4], error: expect.any(NotFoundError) }]);
    expect(await readdir(root)).toHaveLength(9);
  });

  test('leave nothing half done under a real name when their caller stops early', async () => {
    const items = numbers(100).map(item);
    for await (const { file } of downloadAll(store.context(), items, { concurrency: 2 })) {
      expect(file).toBeDefined();
      break;
    }
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
      collect(downloadAll(store.context(), numbers(100).map(item), options)),
    ).rejects.toBe(reason);
  });

  test('get new URLs for those that grew old in the queue', async () => {
    const context = store.context();
    const items = numbers(20).map(item);
    store.urlUses = 0;
    store.apiFault = (_operation, count) => {
      if (count > 1) store.urlUses = 1;
    };
    const results = await collect(downloadAll(context, items, { concurrency: 4 }));
    expect(results.filter(({ error }) => error !== undefined)).toEqual([]);
  });
});
