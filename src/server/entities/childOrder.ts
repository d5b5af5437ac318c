import type * as M from '../../../generated/models.js';
import type { World } from '../world.js';
import { childrenOf, getVersionRecord, type EntityRecord } from './entityRecords.js';

type SortBy = NonNullable<M.EntityChildrenRequest['sortBy']>;
type Orders = Map<SortBy, readonly EntityRecord[]>;

/**
 * The children of a container in order, kept until one of them changes: a listing of many pages
 * sorts once. Dropping an order too often (a change that is rolled back) costs time only; an
 * order is made in requests that only read, so it never shows a change that is undone later.
 */
const ordersOf = new WeakMap<World['store'], Map<string, Orders>>();

/** The children of a container, ascending. */
export function orderedChildren(
  world: World,
  parentId: string,
  sortBy: SortBy,
): readonly EntityRecord[] {
  let parents = ordersOf.get(world.store);
  if (parents === undefined) {
    parents = new Map();
    ordersOf.set(world.store, parents);
  }
  let orders = parents.get(parentId);
  if (orders === undefined) {
    orders = new Map();
    parents.set(parentId, orders);
  }
  let order = orders.get(sortBy);
  if (order === undefined) {
    order = sortChildren(world, childrenOf(world, parentId), sortBy);
    orders.set(sortBy, order);
  }
  return order;
}

/** Called whenever a child of the container changed, came or went. */
export function forgetChildOrder(world: World, parentId: string): void {
  ordersOf.get(world.store)?.delete(parentId);
}

function sortChildren(
  world: World,
  children: readonly EntityRecord[],
  sortBy: SortBy,
): EntityRecord[] {
  const keyed = children.map((child) => ({ child, key: sortKey(world, child, sortBy) }));
  // Ties by id, so that pages never repeat or skip a child.
  keyed.sort((a, b) => compare(a.key, b.key) || compare(a.child.id, b.child.id));
  return keyed.map(({ child }) => child);
}

function sortKey(world: World, child: EntityRecord, sortBy: SortBy): string {
  switch (sortBy) {
    case 'NAME':
      return child.name;
    case 'CREATED_ON':
      return child.createdOn;
    case 'MODIFIED_ON':
      return getVersionRecord(world, child).modifiedOn;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
