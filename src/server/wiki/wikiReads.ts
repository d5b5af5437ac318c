import type { Caller } from '../kernel/caller.js';
import type { World } from '../world.js';
import { requireOwnerAccess, wikiOwner, type OwnerSegment, type WikiOwner } from './wikiOwners.js';
import { getPage, type WikiPageRecord } from './wikiRecords.js';

/** Returns the page in a path if the caller may read its owner. @throws 404, 403, 400 */
export function readPage(
  world: World,
  caller: Caller,
  segment: OwnerSegment,
  path: { readonly ownerId: string; readonly wikiId: string },
): WikiPageRecord {
  const owner = readableOwner(world, caller, segment, path.ownerId);
  return getPage(world, owner, path.wikiId);
}

/** Returns the owner in a path if the caller may read it. @throws 404, 403, 400 */
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
