import type * as M from '../../../generated/models.js';
import { parseEntityId, parseVersionNumber } from '../entities/entityIds.js';
import { childrenOf, findEntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';

/** Maximum number of files of a user's list. */
export const maxFiles = limits.downloadList;
/** Maximum number of files that one request adds or removes. */
const maxBatch = limits.downloadListBatch;

/** A file that a user wants to download. */
export interface ItemRecord {
  readonly userId: number;
  readonly entityId: string;
  /** The requested version; absent for the version that is current at the time of the download. */
  readonly versionNumber?: number;
  readonly addedOn: string;
}

/** A file to add to the list. */
export type WantedFile = Pick<ItemRecord, 'entityId' | 'versionNumber'>;

function items(world: World): Collection<ItemRecord> {
  return world.store.collection<ItemRecord>('downloadList');
}

function byUser(world: World): Index<ItemRecord> {
  return items(world).index('user', ({ userId }) => String(userId));
}

function itemId(userId: number, { entityId, versionNumber }: WantedFile): string {
  return `${userId}/${entityId}.${versionNumber ?? 'current'}`;
}

/** @throws 403 for anonymous callers, who have no list */
export function requireOwner(caller: Caller): void {
  if (caller.isAnonymous) {
    throw forbidden('You must login to access your download list');
  }
}

/** The list of a user, oldest first. */
export function itemsOf(world: World, userId: number): ItemRecord[] {
  return byUser(world).find(String(userId));
}

/**
 * Adds up to 1000 files. Entities that are not files, and files that are on the list already, are
 * skipped.
 *
 * @returns how many were added
 * @throws 400, 403 for anonymous callers
 * @see https://rest-docs.synapse.org/rest/POST/download/list/add.html
 */
export function addBatch(
  world: World,
  caller: Caller,
  batch: readonly M.DownloadListItem[] | undefined,
): number {
  requireOwner(caller);
  const files = readBatch(batch).filter(({ entityId }) => isFile(world, entityId));
  const before = countOf(world, caller);
  if (files.length + before > maxFiles) {
    throw badRequest(
      `Adding '${files.length}' files to your download list would exceed the maximum number of ` +
        `'${maxFiles}' files.  You currently have '${before}' files on you download list.`,
    );
  }
  return addFiles(world, caller, files);
}

function countOf(world: World, caller: Caller): number {
  return byUser(world).count(String(caller.userId));
}

/** How many files the list has room for. @throws 400 for a full list */
export function freeSlots(world: World, caller: Caller): number {
  const free = maxFiles - countOf(world, caller);
  if (free < 1) {
    throw badRequest(`Your download list already has the maximum number of '${maxFiles}' files.`);
  }
  return free;
}

/** Adds the files of a query. @throws 400 when there are more of them than the list has room for */
export function addQueried(world: World, caller: Caller, files: readonly WantedFile[]): number {
  const free = freeSlots(world, caller);
  const added = addFiles(world, caller, files);
  if (added > free) {
    throw badRequest(
      'Adding the files from the given query to your download list would exceed the maximum number ' +
        `of '${maxFiles}' files.  You currently have '${maxFiles - free}' files on you download list.`,
    );
  }
  return added;
}

/** Adds files of a container, as many as the list has room for. @throws 400 for a full list */
export function addFound(world: World, caller: Caller, files: readonly WantedFile[]): number {
  return addFiles(world, caller, files.slice(0, freeSlots(world, caller)));
}

function addFiles(world: World, caller: Caller, files: readonly WantedFile[]): number {
  const list = items(world);
  const addedOn = world.timestamp();
  let added = 0;
  for (const { entityId, versionNumber } of files) {
    const item = {
      userId: caller.userId,
      entityId,
      versionNumber,
      addedOn,
    };
    const id = itemId(caller.userId, item);
    if (!list.has(id)) {
      list.put(id, item);
      added += 1;
    }
  }
  return added;
}

/**
 * Removes files. An item with a version differs from the item of the same file without a version.
 *
 * @returns how many were removed
 * @throws 400, 403 for anonymous callers
 * @see https://rest-docs.synapse.org/rest/POST/download/list/remove.html
 */
export function removeBatch(
  world: World,
  caller: Caller,
  batch: readonly M.DownloadListItem[] | undefined,
): number {
  requireOwner(caller);
  return removeFiles(world, caller, readBatch(batch));
}

/** Removes files that the list may have. @returns how many were removed */
export function removeFiles(world: World, caller: Caller, files: readonly WantedFile[]): number {
  const list = items(world);
  const before = list.size;
  for (const file of files) {
    list.delete(itemId(caller.userId, file));
  }
  return before - list.size;
}

/**
 * Empties the caller's list.
 *
 * @throws 403 for anonymous callers
 * @see https://rest-docs.synapse.org/rest/DELETE/download/list.html
 */
export function clearList(world: World, caller: Caller): void {
  requireOwner(caller);
  for (const item of itemsOf(world, caller.userId)) {
    items(world).delete(itemId(caller.userId, item));
  }
}

/**
 * The files in a container: only its direct children, or with `recursive` those of all folders
 * below it too.
 */
export function filesIn(
  world: World,
  parentId: string,
  { recursive, useVersion }: { readonly recursive: boolean; readonly useVersion: boolean },
): WantedFile[] {
  const found: WantedFile[] = [];
  const pending = [parentId];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const child of childrenOf(world, next)) {
      if (child.type === 'file') {
        found.push({
          entityId: child.id,
          ...(useVersion && { versionNumber: child.currentVersion }),
        });
      } else if (recursive && child.type === 'folder') {
        pending.push(child.id);
      }
    }
  }
  return found;
}

function readBatch(batch: readonly M.DownloadListItem[] | undefined): WantedFile[] {
  if (batch === undefined) {
    throw badRequest('batch is required.');
  }
  if (batch.length === 0) {
    throw badRequest('Batch must contain at least one item');
  }
  if (batch.length > maxBatch) {
    throw badRequest(`Batch size of '${batch.length}' exceeds the maximum of '${maxBatch}'`);
  }
  return batch.map(({ fileEntityId, versionNumber }, index) => {
    if (fileEntityId === undefined) {
      throw badRequest(`Null fileEntityId at index: ${index}`);
    }
    return {
      entityId: parseEntityId(fileEntityId),
      ...(versionNumber !== undefined && { versionNumber: parseVersionNumber(versionNumber) }),
    };
  });
}

function isFile(world: World, entityId: string): boolean {
  return findEntityRecord(world, entityId)?.type === 'file';
}
