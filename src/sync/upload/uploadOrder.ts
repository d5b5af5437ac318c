import { localUses } from './uploadActivity.js';
import type { UploadItem } from './uploadItem.js';

/** Items in an order in which each file comes after the files that it uses. */
export interface UploadOrder {
  /** Without the files of circles, and those that use them. */
  order: UploadItem[];
  /** Files that use each other in a circle: each uses the next one, and the last one the first. */
  circles: UploadItem[][];
  /** The files of the plan that each file uses. */
  uses: ReadonlyMap<UploadItem, readonly UploadItem[]>;
}

/** Orders files so that each comes after the files that it uses. Takes linear time. */
export function uploadOrder(files: readonly UploadItem[]): UploadOrder {
  const byPath = new Map(files.map((item) => [item.localPath, item]));
  const uses = new Map<UploadItem, UploadItem[]>();
  const users = new Map<UploadItem, UploadItem[]>();
  const open = new Map<UploadItem, number>();
  for (const item of files) {
    const used = usedItems(item, byPath);
    uses.set(item, used);
    open.set(item, used.length);
    for (const other of used) {
      const others = users.get(other);
      if (others === undefined) users.set(other, [item]);
      else others.push(item);
    }
  }
  const order = files.filter((item) => open.get(item) === 0);
  // The list grows while it is read.
  for (const item of order) {
    for (const user of users.get(item) ?? []) {
      const left = (open.get(user) ?? 0) - 1;
      open.set(user, left);
      if (left === 0) order.push(user);
    }
  }
  const isOrdered = new Set(order);
  const rest = files.filter((item) => !isOrdered.has(item));
  return { order, circles: findCircles(rest, uses, isOrdered), uses };
}

function usedItems(
  { activity }: UploadItem,
  byPath: ReadonlyMap<string | undefined, UploadItem>,
): UploadItem[] {
  if (activity === undefined) return [];
  const items = localUses(activity).map((path) => byPath.get(path));
  return [...new Set(items.filter((item) => item !== undefined))];
}

/** Each of the files uses another one of them, so following the uses leads into a circle. */
function findCircles(
  rest: readonly UploadItem[],
  uses: ReadonlyMap<UploadItem, readonly UploadItem[]>,
  isOrdered: ReadonlySet<UploadItem>,
): UploadItem[][] {
  const circles: UploadItem[][] = [];
  const seen = new Set<UploadItem>();
  for (const start of rest) {
    const way = new Map<UploadItem, number>();
    let item: UploadItem | undefined = start;
    while (item !== undefined && !seen.has(item)) {
      seen.add(item);
      way.set(item, way.size);
      item = uses.get(item)?.find((other) => !isOrdered.has(other));
    }
    const begin = item && way.get(item);
    if (begin !== undefined) circles.push([...way.keys()].slice(begin));
  }
  return circles;
}
