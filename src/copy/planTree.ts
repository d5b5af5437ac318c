import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { TreeGuard } from '../entities/endlessTree.js';
import { getChildren } from '../entities/getChildren.js';
import { runPool } from '../transfer/pool.js';
import type { CopyItem } from './copyData.js';
import { planItem, type Planning } from './planItem.js';
import { folderType } from '../entities/entityTypes.js';

/** Requests at the same time: as many as the client sends. */
const atOnce = 16;

/** An item, and those in it. */
interface Node {
  item: CopyItem;
  below: Node[];
}

/** Plans everything in an item, level by level. @returns all items, each before those in it */
export async function planTree(planning: Planning, top: CopyItem): Promise<CopyItem[]> {
  const guard = new TreeGuard(top.id);
  const root: Node = { item: top, below: [] };
  let level = [root];
  for (let depth = 1; level.length > 0; depth += 1) {
    const containers = level.filter(({ item }) => isEntered(item));
    const listed = await inOrder(planning, containers, (node) => list(planning, node));
    const children = listed.flat();
    for (const { header } of children) {
      if (header.type === folderType) guard.enter(header, depth);
    }
    level = await inOrder(planning, children, async (child) => {
      const { header, above, taken } = child;
      const path = `${above.item.path}/${header.name}`;
      const item = await planItem(planning, { header, path, parentId: above.item.id, taken });
      return { item, below: [] };
    });
    for (const [index, node] of level.entries()) children[index]?.above.below.push(node);
  }
  return flatten(root);
}

function isEntered({ action, how }: CopyItem): boolean {
  return how === 'container' && action !== 'leaveOut' && action !== 'conflict';
}

interface Child {
  header: M.EntityHeader;
  above: Node;
  taken: { id: string } | undefined;
}

/** The children of a container, and what has their names in the container that they are copied into. */
async function list({ ctx, signal }: Planning, above: Node): Promise<Child[]> {
  const { id, to } = above.item;
  const [children, existing] = await Promise.all([
    childrenOf(ctx, id, signal),
    to === undefined ? [] : childrenOf(ctx, to, signal),
  ]);
  const names = new Map(existing.map((header) => [header.name, header]));
  return children.map((header) => ({ header, above, taken: names.get(header.name) }));
}

async function childrenOf(
  ctx: Context,
  id: string,
  signal: AbortSignal | undefined,
): Promise<M.EntityHeader[]> {
  const children: M.EntityHeader[] = [];
  for await (const child of getChildren(ctx, id, { signal })) children.push(child);
  return children;
}

/** Works on several items at once, and keeps their order. */
async function inOrder<T, R>(
  { signal }: Planning,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Map<number, R>();
  const task = async ([index, item]: [number, T]): Promise<void> => {
    results.set(index, await work(item));
  };
  await runPool(items.entries(), { limit: atOnce, signal }, task);
  return items.flatMap((_, index) => {
    const result = results.get(index);
    return result === undefined ? [] : [result];
  });
}

function flatten(root: Node): CopyItem[] {
  const items: CopyItem[] = [];
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    items.push(node.item);
    open.push(...node.below.toReversed());
  }
  return items;
}
