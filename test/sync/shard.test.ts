import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isInShard, parseShard, shardName, shardOf } from '../../src/sync/shard.js';

const itemsOf = (sizes: readonly number[]) =>
  sizes.map((bytes, index) => ({ key: `syn${index + 1}`, bytes }));
const keys = (items: readonly { key: string }[]): string[] => items.map(({ key }) => key);

test('shards are written as i/n', () => {
  expect(parseShard('2/8')).toEqual({ index: 2, count: 8 });
  for (const text of ['', '0/2', '3/2', '1/0', '1', 'a/b', '1/2/3', '-1/2', '1.5/2']) {
    expect(() => parseShard(text)).toThrow('is no shard');
  }
});

test('a part of a manifest is named after its shard', () => {
  expect(shardName('manifest.csv', { index: 2, count: 8 })).toBe('manifest.2-of-8.csv');
  expect(shardName('manifest.csv', undefined)).toBe('manifest.csv');
});

test('each item belongs to exactly one shard, whatever the order of the items', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1_000_000), { maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      (sizes, count) => {
        const items = itemsOf(sizes);
        const shuffled = [...items].reverse();
        const all: string[] = [];
        for (let index = 1; index <= count; index += 1) {
          const own = keys(shardOf(items, { index, count }));
          expect(keys(shardOf(shuffled, { index, count })).sort()).toEqual([...own].sort());
          all.push(...own);
        }
        expect(all.sort()).toEqual(keys(items).sort());
      },
    ),
  );
});

test('shards have nearly the same bytes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 8 }),
      (sizes, count) => {
        const items = itemsOf(sizes);
        const loads = Array.from({ length: count }, (_, at) =>
          shardOf(items, { index: at + 1, count }).reduce((sum, { bytes }) => sum + bytes, 0),
        );
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(Math.max(...sizes));
      },
    ),
  );
});

test('empty items are spread as well', () => {
  const items = itemsOf(Array.from({ length: 80 }, () => 0));
  for (let index = 1; index <= 8; index += 1) {
    expect(shardOf(items, { index, count: 8 })).toHaveLength(10);
  }
});

test('without sizes, each key belongs to exactly one shard', () => {
  const counts = [0, 0, 0, 0];
  for (let id = 0; id < 4_000; id += 1) {
    const own = [1, 2, 3, 4].filter((index) => isInShard(`syn${id}`, { index, count: 4 }));
    expect(own).toHaveLength(1);
    counts[(own[0] ?? 1) - 1] = (counts[(own[0] ?? 1) - 1] ?? 0) + 1;
  }
  for (const count of counts) expect(count).toBeGreaterThan(850);
});
