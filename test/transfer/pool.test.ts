import { describe, expect, test } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { pool, runPool } from '../../src/transfer/pool.js';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const result of results) all.push(result);
  return all;
}

describe('a pool', () => {
  test('yields the result of every task', async () => {
    const results = await collect(
      pool(numbers(100), { limit: 7 }, (item) => Promise.resolve(item * 2)),
    );
    expect(results.sort((one, other) => one - other)).toEqual(numbers(100).map((item) => item * 2));
  });

  test('runs no more tasks at a time than its limit, which may change', async () => {
    let running = 0;
    let limit = 2;
    const most: number[] = [];
    await runPool(numbers(40), { limit: () => limit }, async (item) => {
      running += 1;
      if (item === 20) limit = 5;
      most[limit] = Math.max(most[limit] ?? 0, running);
      await setTimeout(1);
      running -= 1;
    });
    expect(most[2]).toBe(2);
    expect(most[5]).toBe(5);
  });

  test('takes an item only when there is room for its task', async () => {
    const taken: number[] = [];
    function* items(): Generator<number> {
      for (const item of numbers(10)) {
        taken.push(item);
        yield item;
      }
    }
    const results = pool(items(), { limit: 3 }, (item) => Promise.resolve(item));
    await results.next();
    expect(taken.length).toBeLessThanOrEqual(4);
    await results.return();
  });

  test('fails with the first failure, after all tasks have seen their signal abort', async () => {
    const reason = new Error('third');
    let stopped = 0;
    const running = runPool(numbers(10), { limit: 4 }, async (item, signal) => {
      if (item === 2) throw reason;
      await setTimeout(60_000, undefined, { signal }).catch(() => (stopped += 1));
    });
    await expect(running).rejects.toBe(reason);
    expect(stopped).toBe(3);
  });

  test('starts nothing after a failure', async () => {
    const started: number[] = [];
    const ended: number[] = [];
    const running = runPool(numbers(9), { limit: 2 }, async (item) => {
      started.push(item);
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      ended.push(item);
      if (item === 3) throw new Error('three');
    });
    await expect(running).rejects.toThrow('three');
    expect(started.length).toBeLessThan(9);
    expect(ended.sort()).toEqual(started.sort());
  });

  test('notices a failure while its source makes it wait', async () => {
    async function* items(signal: AbortSignal): AsyncGenerator<number> {
      yield 1;
      await setTimeout(60_000, undefined, { signal }).catch(() => undefined);
    }
    const stop = new AbortController();
    const running = runPool(items(stop.signal), { limit: 2 }, () => {
      setImmediate(() => stop.abort());
      return Promise.reject(new Error('failed'));
    });
    await expect(running).rejects.toThrow('failed');
  });

  test('yields a result while its source makes it wait for the next item', async () => {
    let isDone = false;
    async function* items(): AsyncGenerator<number> {
      yield 1;
      while (!isDone) await setTimeout(1);
      yield 2;
    }
    const seen: number[] = [];
    for await (const result of pool(items(), { limit: 5 }, (item) => Promise.resolve(item))) {
      seen.push(result);
      isDone = true;
    }
    expect(seen).toEqual([1, 2]);
  });

  test('waits for its tasks and closes its source when the caller stops early', async () => {
    let isClosed = false;
    let running = 0;
    function* items(): Generator<number> {
      try {
        yield* numbers(100);
      } finally {
        isClosed = true;
      }
    }
    const work = async (item: number): Promise<number> => {
      running += 1;
      await setTimeout(item);
      running -= 1;
      return item;
    };
    for await (const result of pool(items(), { limit: 3 }, work)) {
      expect(result).toBe(0);
      break;
    }
    expect([isClosed, running]).toEqual([true, 0]);
  });

  test('ends with the reason of its signal', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const running = runPool(
      numbers(10),
      { limit: 2, signal: stop.signal },
      async (item, signal) => {
        if (item === 1) stop.abort(reason);
        await setTimeout(60_000, undefined, { signal }).catch(() => undefined);
      },
    );
    await expect(running).rejects.toBe(reason);
  });

  test('fails with what its source fails with', async () => {
    function* items(): Generator<number> {
      yield 1;
      throw new Error('no more');
    }
    await expect(runPool(items(), { limit: 2 }, () => Promise.resolve())).rejects.toThrow(
      'no more',
    );
  });
});
