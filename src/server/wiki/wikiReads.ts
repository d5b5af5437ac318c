import type { Caller } from '../kernel/caller.js';
import type { World } from '../world.js';
import { requireOwnerAccess, wikiOwner, type OwnerSegment, type WikiOwner } from './wikiOwners.js';
import { getPage, type WikiPageRecord } from './wikiRecords.js';

/** The page that a path names, for a caller who may read its owner. @throws 404, 403, 400 */
export function readPage(
  world: World,
  caller: Caller,
  segment: OwnerSegment,
  path: { readonly ownerId: string; readonly wikiId: string },
): WikiPageRecord {
  const owner = readableOwner(world, caller, segment, path.ownerId);
  return getPage(world, owner, path.wikiId);
}

/** The owner that a path names, for a caller who may read it. @throws 404, 403, 400 */
export function readableOwner(
  world: World,
  caller: Caller,
  segment: OwnerSegment,
  ownerId: string,
): WikiOwner {
  const owner = wikiOwner(world, segment, ownerId);
  requireOwnerAccess(world, caller, owner, 'READ');
  return owner;
}
