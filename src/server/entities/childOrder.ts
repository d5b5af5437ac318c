import type * as M from '../../../generated/models.js';
import type { World } from '../world.js';
import { childrenOf, getVersionRecord, type EntityRecord } from './entityRecords.js';

type SortBy = NonNullable<M.EntityChildrenRequest['sortBy']>;
type Orders = Map<SortBy, readonly EntityRecord[]>;

/**
 * Keeps the sorted children of each container until one of them changes, so that a listing of many
 * pages sorts once. A change that is rolled back also drops an order, which costs time only. Orders
 * are made in requests that only read, so they never contain a change that is rolled back later.
 */
const makeOrders = (): Map<string, Orders> => new Map();

/** The children of a container, ascending. */
export function orderedChildren(
  world: World,
  parentId: string,
  sortBy: SortBy,
): readonly EntityRecord[] {
  const parents = world.service(makeOrders);
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

/**
 * Drops the cached order of a container. Must be called when a child is added, changed or removed.
 */
export function forgetChildOrder(world: World, parentId: string): void {
  world.service(makeOrders).delete(parentId);
}

function sortChildren(
  world: World,
  children: readonly EntityRecord[],
  sortBy: SortBy,
): EntityRecord[] {
  const keyed = children.map((child) => ({ child, key: sortKey(world, child, sortBy) }));
  // Ties are ordered by id, so that pages never repeat or skip a child.
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
