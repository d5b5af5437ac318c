import { shardOf, type Shard } from '../shard.js';
import type { UploadItem } from './uploadItem.js';
import { uploadOrder } from './uploadOrder.js';

/**
 * The files that one of several jobs uploads. Files that use each other, and so need each other's versions, are in the same
 * shard. All jobs that see the same files agree.
 */
export function shardFiles(files: readonly UploadItem[], shard: Shard): UploadItem[] {
  const { uses } = uploadOrder(files);
  const groups = new Groups(files);
  for (const [item, used] of uses) for (const other of used) groups.join(item, other);
  const members = new Map<UploadItem, UploadItem[]>();
  for (const item of files) {
    const group = members.get(groups.of(item));
    if (group === undefined) members.set(groups.of(item), [item]);
    else group.push(item);
  }
  const loads = [...members.values()].map((items) => ({
    key: items[0]?.path ?? '',
    bytes: items.reduce((sum, { size = 0 }) => sum + size, 0),
    items,
  }));
  const own = new Set(shardOf(loads, shard).flatMap(({ items }) => items));
  return files.filter((item) => own.has(item));
}

/** Sets that can be joined, each called by one of its members. */
class Groups {
  readonly #above: Map<UploadItem, UploadItem>;

  constructor(items: readonly UploadItem[]) {
    this.#above = new Map(items.map((item) => [item, item]));
  }

  of(item: UploadItem): UploadItem {
    let top = item;
    for (let next = this.#above.get(top); next !== undefined && next !== top;) {
      // The way gets shorter each time it is taken.
      this.#above.set(top, this.#above.get(next) ?? next);
      top = next;
      next = this.#above.get(top);
    }
    return top;
  }

  join(one: UploadItem, other: UploadItem): void {
    this.#above.set(this.of(one), this.of(other));
  }
}
