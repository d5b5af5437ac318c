import type * as M from '../../../generated/models.js';
import { deleteAcl, grantOwner, isInTrash } from '../access/entityAcls.js';
import { requireAccess } from '../access/requireAccess.js';
import { entityHooks } from '../entities/entityHooks.js';
import { rootId, trashId } from '../entities/entityIds.js';
import {
  findEntityRecord,
  getEntityRecord,
  getVersionRecord,
  isBuiltIn,
  subtreeOf,
  type EntityRecord,
} from '../entities/entityRecords.js';
import { entityTypes } from '../entities/entityTypes.js';
import {
  checkNameIsFree,
  checkRoomIn,
  refuseBuiltIn,
  removeEntity,
  putStamped,
} from '../entities/entityWrites.js';
import { checkParentType } from '../entities/createEntity.js';
import type { Caller } from '../kernel/caller.js';
import { estimatedTotal, pageWindow } from '../kernel/paging.js';
import { forbidden, notFound } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';

/** A deleted entity and its original location. */
export interface TrashRecord {
  readonly entityId: string;
  readonly entityName: string;
  readonly entityType: M.EntityType;
  readonly deletedBy: number;
  readonly deletedOn: string;
  readonly originalParentId: string;
}

/** Entities stay in the trash for 30 days. */
const keptMilliseconds = 30 * 24 * 60 * 60 * 1000;

function trash(world: World): Collection<TrashRecord> {
  return world.store.collection<TrashRecord>('trash');
}

function trashByUser(world: World): Index<TrashRecord> {
  return trash(world).index('user', ({ deletedBy }) => String(deletedBy));
}

/**
 * Moves an entity with everything below it to the trash. It is no error if the entity is in the
 * trash already or does not exist.
 *
 * @throws 403 without DELETE
 * @see https://rest-docs.synapse.org/rest/DELETE/entity/id.html
 */
export function moveToTrash(world: World, caller: Caller, id: string): void {
  refuseBuiltIn(id);
  const record = findEntityRecord(world, id);
  if (record === undefined || isInTrash(world, record)) {
    return;
  }
  requireAccess(world, caller, id, 'DELETE');
  purgeExpired(world, caller);
  const previous = { record, version: getVersionRecord(world, record) };
  for (const { id: entityId } of subtreeOf(world, record)) {
    deleteAcl(world, entityId);
  }
  const entity = putStamped(world, caller, { ...record, name: record.id, parentId: trashId });
  trash(world).put(id, {
    entityId: id,
    entityName: record.name,
    entityType: record.type,
    deletedBy: caller.userId,
    deletedOn: world.timestamp(),
    originalParentId: record.parentId,
  });
  entityHooks(world).emit({ kind: 'trash', caller, entity, previous });
}

/** Deletes an entity permanently, without moving it to the trash. @throws 403 without DELETE */
export function deletePermanently(world: World, caller: Caller, id: string): void {
  moveToTrash(world, caller, id);
  const entry = trash(world).get(id);
  if (entry !== undefined && (caller.isAdmin || entry.deletedBy === caller.userId)) {
    purge(world, caller, entry);
  }
}

/**
 * Restores an entity from the trash.
 *
 * @param parentId the new parent; by default the original one
 * @throws 404 when it is not in the trash, 403 when another user deleted it, for a parent in the
 * trash and without CREATE on the parent, 409 when the name is taken
 * @see https://rest-docs.synapse.org/rest/PUT/trashcan/restore/id.html
 */
export function restoreFromTrash(
  world: World,
  caller: Caller,
  id: string,
  requestedParentId?: string,
): void {
  const entry = requireTrashed(world, id);
  if (!caller.isAdmin && entry.deletedBy !== caller.userId) {
    throw forbidden(
      `User ${caller.userId} not allowed to restore ${id}. The node was deleted by a different user.`,
    );
  }
  const parentId = requestedParentId ?? entry.originalParentId;
  const parent = findEntityRecord(world, parentId);
  if (parent === undefined || isInTrash(world, parent)) {
    throw forbidden(
      `The intended parent ${parentId} is in the trash can and cannot be restored to.`,
    );
  }
  const record = getEntityRecord(world, id);
  requireAccess(world, caller, parentId, 'CREATE', { createType: record.type });
  checkParentType(entityTypes[record.type], parent);
  checkRoomIn(world, parent, record.type);
  checkNameIsFree(world, { id, parentId, name: entry.entityName });
  const previous = { record, version: getVersionRecord(world, record) };
  const entity = putStamped(world, caller, { ...record, name: entry.entityName, parentId });
  if (parentId === rootId) {
    grantOwner(world, id, caller.userId);
  }
  trash(world).delete(id);
  entityHooks(world).emit({ kind: 'restore', caller, entity, previous });
}

/**
 * Permanently deletes an entity in the trash, with everything below it.
 *
 * @throws 404 when the caller did not delete it
 * @see https://rest-docs.synapse.org/rest/PUT/trashcan/purge/id.html
 */
export function purgeFromTrash(world: World, caller: Caller, id: string): void {
  const entry = requireTrashed(world, id);
  if (!caller.isAdmin && entry.deletedBy !== caller.userId) {
    throw notTrashed(id);
  }
  purge(world, caller, entry);
}

/**
 * One page of the entities that the caller deleted, in the order of deletion.
 *
 * @see https://rest-docs.synapse.org/rest/GET/trashcan/view.html
 */
export function viewTrash(
  world: World,
  caller: Caller,
  page: { readonly offset?: number; readonly limit?: number },
): M.PaginatedResultsOfTrashedEntity {
  const window = pageWindow(page);
  purgeExpired(world, caller);
  const results = trashByUser(world)
    .find(String(caller.userId))
    .sort((a, b) => (a.deletedOn < b.deletedOn ? -1 : a.deletedOn > b.deletedOn ? 1 : 0))
    .slice(window.offset, window.offset + window.limit)
    .map(({ deletedBy, ...entry }) => ({ ...entry, deletedByPrincipalId: String(deletedBy) }));
  return { totalNumberOfResults: estimatedTotal(window, results.length), results };
}

/** Permanently deletes the entities whose time in the trash is over. */
export function purgeExpired(world: World, caller: Caller): void {
  const oldest = new Date(world.now().getTime() - keptMilliseconds).toISOString();
  for (const entry of trash(world).values()) {
    // Records are in the order of deletion, so the first one that is not due ends the search.
    if (entry.deletedOn >= oldest) {
      return;
    }
    purge(world, caller, entry);
  }
}

function purge(world: World, caller: Caller, entry: TrashRecord): void {
  const record = findEntityRecord(world, entry.entityId);
  if (record !== undefined && !isBuiltIn(record.id)) {
    removeSubtree(world, caller, record);
  }
  trash(world).delete(entry.entityId);
}

/** Children are deleted first, so that listeners can still find the parents. */
function removeSubtree(world: World, caller: Caller, top: EntityRecord): void {
  const hooks = entityHooks(world);
  for (const record of [...subtreeOf(world, top)].reverse()) {
    const entity = { record, version: getVersionRecord(world, record) };
    removeEntity(world, record);
    hooks.emit({ kind: 'purge', caller, entity });
  }
}

function requireTrashed(world: World, id: string): TrashRecord {
  const entry = trash(world).get(id);
  if (entry === undefined) {
    throw notTrashed(id);
  }
  return entry;
}

function notTrashed(id: string): Error {
  return notFound(`The node ${id} is not in the trash can.`);
}
