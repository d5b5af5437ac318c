import type { Caller } from '../kernel/caller.js';
import { badRequest, conflict, staleEtag } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import type { World } from '../world.js';
import { forgetChildOrder } from './childOrder.js';
import { entityHooks } from './entityHooks.js';
import { rootId, trashId } from './entityIds.js';
import {
  entityTables,
  findChild,
  getVersionRecord,
  isBuiltIn,
  pathOf,
  versionKey,
  type CurrentEntity,
  type EntityRecord,
} from './entityRecords.js';
import { aliasKey } from './entityNames.js';
import { isFileLike } from './entityTypes.js';

/** Maximum depth of an entity, counting the root and the entity. */
export const maxDepth = limits.pathDepth;
/** Maximum number of children of a container; further files, folders and links are refused. */
export const maxChildren = limits.children;

/** Stores an entity and its current version. */
export function putEntity(world: World, { record, version }: CurrentEntity): void {
  const tables = entityTables(world);
  const before = tables.entities.get(record.id);
  tables.entities.put(record.id, record);
  tables.versions.put(versionKey(version.entityId, version.number), version);
  forgetChildOrder(world, record.parentId);
  if (before !== undefined && before.parentId !== record.parentId) {
    forgetChildOrder(world, before.parentId);
  }
}

/** Deletes an entity with its versions. */
export function removeEntity(world: World, record: EntityRecord): void {
  const tables = entityTables(world);
  for (const version of tables.versionsOf.find(record.id)) {
    tables.versions.delete(versionKey(record.id, version.number));
  }
  tables.entities.delete(record.id);
  forgetChildOrder(world, record.parentId);
}

/**
 * Returns an entity marked as modified by the caller: with a new etag, modification time and
 * modifier. Nothing is stored.
 */
export function stamped(world: World, caller: Caller, record: EntityRecord): CurrentEntity {
  return {
    record: { ...record, etag: world.uuid() },
    version: {
      ...getVersionRecord(world, record),
      modifiedBy: caller.userId,
      modifiedOn: world.timestamp(),
    },
  };
}

/** Stores an entity marked as modified by the caller, without calling the listeners. */
export function putStamped(world: World, caller: Caller, record: EntityRecord): CurrentEntity {
  const entity = stamped(world, caller, record);
  putEntity(world, entity);
  return entity;
}

/**
 * Marks an entity as modified by the caller: sets a new etag, modification time and modifier. Every
 * change of its fields, annotations, ACL or files does this.
 */
export function touchEntity(world: World, caller: Caller, record: EntityRecord): CurrentEntity {
  const previous = { record, version: getVersionRecord(world, record) };
  const entity = putStamped(world, caller, record);
  entityHooks(world).emit({ kind: 'update', caller, entity, previous });
  return entity;
}

/** @throws 400 without an etag, 412 when it is not the current one */
export function checkEtag(record: EntityRecord, etag: string | undefined): void {
  if (etag === undefined) {
    throw badRequest(`The etag of ${record.id} is required.`);
  }
  if (etag !== record.etag) {
    throw staleEtag(record.id);
  }
}

/** @throws 400 for the root and trash folders, which cannot be changed */
export function refuseBuiltIn(id: string): void {
  if (isBuiltIn(id)) {
    throw badRequest(`Entity ${id} is part of Synapse itself and cannot be changed.`);
  }
}

/** @throws 409 when another child of the parent has the name */
export function checkNameIsFree(
  world: World,
  { id, parentId, name }: Pick<EntityRecord, 'id' | 'name' | 'parentId'>,
): void {
  const other = findChild(world, parentId, name);
  if (other !== undefined && other.id !== id) {
    throw conflict(`An entity with the name: ${name} already exists with a parentId: ${parentId}`);
  }
}

/** @throws 409 when another project has the alias */
export function checkAliasIsFree(world: World, id: string, alias: string | undefined): void {
  if (alias === undefined) {
    return;
  }
  const other = entityTables(world).byAlias.first(aliasKey(alias));
  if (other !== undefined && other.id !== id) {
    throw conflict(
      `The friendly url name (alias): ${alias} is already taken.  Please select another.`,
    );
  }
}

/** @throws 400 when the container is full or too deep */
export function checkRoomIn(world: World, parent: EntityRecord, type: EntityRecord['type']): void {
  if (parent.id === rootId || parent.id === trashId) {
    return;
  }
  const isCounted = isFileLike(type) || type === 'folder' || type === 'link';
  if (isCounted && entityTables(world).byParent.count(parent.id) >= maxChildren) {
    throw badRequest(`Limit of ${maxChildren} children exceeded for parent: ${parent.id}`);
  }
  if (pathOf(world, parent).length >= maxDepth) {
    throw badRequest(
      `Exceeded the maximum hierarchical depth of: ${maxDepth} for parent: ${parent.id}`,
    );
  }
}
