import { createHash } from 'node:crypto';
import { ArgumentError } from '../errors.js';

/** One of several jobs that share the work: `2/8` is the second of eight. */
export interface Shard {
  /** From 1. */
  index: number;
  count: number;
}

/** An item that one of the shards takes. */
export interface ShardItem {
  /** What identifies the item in all shards: its id, or its path. */
  key: string;
  bytes: number;
}

const mostShards = 100_000;

/**
 * Reads `2/8`.
 *
 * @throws {@link ArgumentError} for anything else.
 */
export function parseShard(text: string): Shard {
  const [, index, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(text.trim()) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (shard.index >= 1 && shard.index <= shard.count && shard.count <= mostShards) return shard;
  throw new ArgumentError(
    `${JSON.stringify(text)} is no shard: write i/n, with i from 1 to n, such as 2/8 for the second of eight.`,
  );
}

/** The name of the part of a manifest that a shard writes: `manifest.2-of-8.csv`. */
export function shardName(name: string, shard: Shard | undefined): string {
  if (shard === undefined) return name;
  const dot = name.lastIndexOf('.');
  return `${name.slice(0, dot)}.${shard.index}-of-${shard.count}${name.slice(dot)}`;
}

/**
 * The items of a shard, balanced by bytes: the largest first, each to the shard that has the fewest bytes so far, then the fewest
 * items. All shards that see the same items agree, whatever the order in which they see them.
 *
 * @returns The items of the shard, in the given order.
 */
export function shardOf<Item extends ShardItem>(items: readonly Item[], shard: Shard): Item[] {
  const loads = new LeastLoaded(shard.count);
  const own = new Set<Item>();
  const largestFirst = [...items].sort((a, b) => b.bytes - a.bytes || compareKeys(a.key, b.key));
  for (const item of largestFirst) {
    if (loads.give(item.bytes) === shard.index) own.add(item);
  }
  return items.filter((item) => own.has(item));
}

/** Whether an item belongs to a shard, where sizes are unknown: by its key alone. */
export function isInShard(key: string, { index, count }: Shard): boolean {
  const hash = createHash('md5').update(key).digest().readUIntBE(0, 6);
  return (hash % count) + 1 === index;
}

/** `syn9` before `syn10`; not by the rules of a language, which differ between machines. */
function compareKeys(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** Shards in a heap: at the top the one with the fewest bytes, then the fewest items, then the lowest number. */
class LeastLoaded {
  readonly #heap: { index: number; bytes: number; items: number }[];

  constructor(count: number) {
    this.#heap = Array.from({ length: count }, (_, at) => ({ index: at + 1, bytes: 0, items: 0 }));
  }

  /** Gives an item to a shard. @returns the shard, from 1 */
  give(bytes: number): number {
    const top = this.#heap[0] ?? { index: 1, bytes: 0, items: 0 };
    top.bytes += bytes;
    top.items += 1;
    this.#sink();
    return top.index;
  }

  #sink(): void {
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (this.#isLess(left, least)) least = left;
      if (this.#isLess(right, least)) least = right;
      const [parent, child] = [this.#heap[at], this.#heap[least]];
      if (least === at || parent === undefined || child === undefined) return;
      this.#heap[at] = child;
      this.#heap[least] = parent;
      at = least;
    }
  }

  #isLess(first: number, second: number): boolean {
    const [a, b] = [this.#heap[first], this.#heap[second]];
    if (a === undefined || b === undefined) return false;
    return (a.bytes - b.bytes || a.items - b.items || a.index - b.index) < 0;
  }
}
