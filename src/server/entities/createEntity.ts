import type * as M from '../../../generated/models.js';
import { grantOwner } from '../access/entityAcls.js';
import { requireAccess } from '../access/requireAccess.js';
import { requireConnectable } from '../activities/activityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { entityHooks } from './entityHooks.js';
import { parseEntityId, rootId } from './entityIds.js';
import { checkAlias, checkDescription, checkName } from './entityNames.js';
import type { CurrentEntity, EntityRecord, VersionRecord } from './entityRecords.js';
import {
  entityTypeOf,
  entityTypes,
  isValidParent,
  type EntityFields,
  type EntityTypeInfo,
} from './entityTypes.js';
import { checkAliasIsFree, checkNameIsFree, checkRoomIn, putEntity } from './entityWrites.js';
import { applyTypeRules } from './typeRules.js';
import { checkVersionText, inProgress } from './versionLabels.js';

/** The first id of a new entity, above the ids of the built-in folders. */
const firstEntityNumber = 10_000_001;

/** Options of a write. */
export interface CreateOptions {
  /** Id of the activity that generated the entity. */
  readonly generatedBy?: string | undefined;
}

/**
 * Creates an entity.
 *
 * @throws 400, 403, 404 or 409 as the API documents
 * @see https://rest-docs.synapse.org/rest/POST/entity.html
 */
export function createEntity(
  world: World,
  caller: Caller,
  body: M.Entity,
  options: CreateOptions = {},
): CurrentEntity {
  const info = requireType(body);
  const givenName = body.name === undefined ? undefined : checkName(body.name);
  const alias = aliasOf(body);
  checkDescription(body.description);
  const parent = requireParent(world, caller, info, body.parentId);
  const fields = prepareFields(world, caller, info, body);
  requireConnectable(world, caller, options.generatedBy);
  checkRoomIn(world, parent, info.type);

  const id = `syn${world.store.sequence('entities', firstEntityNumber)()}`;
  const name = givenName ?? id;
  checkNameIsFree(world, { id, parentId: parent.id, name });
  checkAliasIsFree(world, id, alias);
  const now = world.timestamp();
  const record: EntityRecord = {
    id,
    type: info.type,
    name,
    parentId: parent.id,
    etag: world.uuid(),
    createdBy: caller.userId,
    createdOn: now,
    ...(alias !== undefined && { alias }),
    currentVersion: 1,
    lastVersion: 1,
  };
  const version: VersionRecord = {
    entityId: id,
    number: 1,
    ...initialLabel(info, body),
    modifiedBy: caller.userId,
    modifiedOn: now,
    fields,
    annotations: {},
    ...(options.generatedBy !== undefined && { activityId: options.generatedBy }),
    ...contentOf(world, fields),
  };
  const entity = { record, version };
  putEntity(world, entity);
  if (parent.id === rootId) {
    grantOwner(world, id, caller.userId);
  }
  entityHooks(world).emit({ kind: 'create', caller, entity });
  return entity;
}

/** The entity type of a body. @throws 400 for a type that cannot be stored */
export function requireType(body: M.Entity): EntityTypeInfo {
  const info = entityTypeOf(body.concreteType);
  if (info === undefined) {
    throw badRequest(`Unknown entity type: ${body.concreteType}`);
  }
  return info;
}

/** @throws 400 for a parent of the wrong type, 404 for an unknown one, 403 without CREATE on it */
function requireParent(
  world: World,
  caller: Caller,
  info: EntityTypeInfo,
  parentId: string | undefined,
): EntityRecord {
  if (parentId === undefined && info.parents !== 'root') {
    throw wrongParent(info, undefined);
  }
  const id = parentId === undefined ? rootId : parseEntityId(parentId);
  const parent = requireAccess(world, caller, id, 'CREATE', { createType: info.type });
  checkParentType(info, parent);
  return parent;
}

/** @throws 400 when entities of the type cannot be in this parent */
export function checkParentType(info: EntityTypeInfo, parent: EntityRecord): void {
  if (!isValidParent(info, parent.id === rootId ? 'root' : parent.type)) {
    throw wrongParent(info, parent.id === rootId ? undefined : parent.type);
  }
}

function wrongParent(info: EntityTypeInfo, parent: M.EntityType | undefined): Error {
  const parentClass = parent === undefined ? 'null' : entityTypes[parent].concreteType;
  return badRequest(
    `Entity type: ${info.concreteType} cannot have a parent of type: ${parentClass}`,
  );
}

/** The alias of a project; other types have none. */
export function aliasOf(body: M.Entity): string | undefined {
  return 'alias' in body ? checkAlias(body.alias) : undefined;
}

/**
 * Checks and completes the fields of a body that its type stores.
 *
 * @throws 400 for a field that the type does not allow, 404 or 403 for a file handle that does not
 * exist or belongs to another user
 */
export function prepareFields(
  world: World,
  caller: Caller,
  info: EntityTypeInfo,
  body: M.Entity,
  previous?: CurrentEntity,
): EntityFields {
  if ('fileNameOverride' in body && body.fileNameOverride !== undefined) {
    throw badRequest('fileNameOverride field is deprecated and should not be set.');
  }
  const fields = applyTypeRules(world, info, pickFields(info, body), previous?.version.fields);
  world.files.requireAttachable(caller, [fields.dataFileHandleId], {
    attached: [previous?.version.fields.dataFileHandleId],
  });
  return entityHooks(world).prepare(info.type, fields, {
    caller,
    previous,
  });
}

function pickFields(info: EntityTypeInfo, body: M.Entity): EntityFields {
  // The members of the union have no common index signature. The schema has checked each property.
  const given = body as unknown as EntityFields;
  return Object.fromEntries(
    info.fields.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
  );
}

/** The properties of its file that a version stores. */
export function contentOf(
  world: World,
  fields: EntityFields,
): Pick<VersionRecord, 'contentMd5' | 'contentSize'> {
  const handle =
    fields.dataFileHandleId === undefined ? undefined : world.files.find(fields.dataFileHandleId);
  return {
    ...(handle?.contentMd5 !== undefined && { contentMd5: handle.contentMd5 }),
    ...(handle?.contentSize !== undefined && { contentSize: handle.contentSize }),
  };
}

function initialLabel(
  info: EntityTypeInfo,
  body: M.Entity,
): Pick<VersionRecord, 'comment' | 'label'> {
  const { label, comment } = info.versionable ? checkVersionText(body) : {};
  if (info.tableLike) {
    return { label: label ?? inProgress, comment: comment ?? inProgress };
  }
  return { label: label ?? '1', ...(comment !== undefined && { comment }) };
}
