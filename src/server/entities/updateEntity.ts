import type * as M from '../../../generated/models.js';
import { accessError, decide, requireAccess } from '../access/requireAccess.js';
import { requireConnectable } from '../activities/activityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import {
  aliasOf,
  checkParentType,
  contentOf,
  prepareFields,
  requireType,
  type CreateOptions,
} from './createEntity.js';
import { entityHooks } from './entityHooks.js';
import { parseEntityId } from './entityIds.js';
import { checkDescription, checkName } from './entityNames.js';
import {
  getEntityRecord,
  getVersionRecord,
  pathOf,
  type CurrentEntity,
  type EntityRecord,
  type VersionRecord,
} from './entityRecords.js';
import { isFileLike, type EntityFields, type EntityTypeInfo } from './entityTypes.js';
import {
  checkAliasIsFree,
  checkEtag,
  checkNameIsFree,
  checkRoomIn,
  putEntity,
  refuseBuiltIn,
} from './entityWrites.js';
import { checkLabelIsFree, checkVersionText, inProgress, maxVersions } from './versionLabels.js';

/** Options of an update. */
export interface UpdateOptions extends CreateOptions {
  /** Whether the update makes a new version. Ignored for tables and types without versions. */
  readonly newVersion?: boolean | undefined;
}

/**
 * Replaces an entity: optional fields that the body lacks are cleared.
 *
 * @throws 400, 403, 404, 409 or 412 as the API documents
 * @see https://rest-docs.synapse.org/rest/PUT/entity/id.html
 */
export function updateEntity(
  world: World,
  caller: Caller,
  body: M.Entity,
  options: UpdateOptions = {},
): CurrentEntity {
  const previous = requireUpdatable(world, caller, body);
  const { record } = previous;
  const info = requireSameType(record, body);
  const name = body.name === undefined ? record.id : checkName(body.name);
  const alias = aliasOf(body);
  checkDescription(body.description);
  const parentId = checkMove(world, caller, info, record, body.parentId);
  if (alias !== record.alias) {
    requireAccess(world, caller, record.id, 'CHANGE_SETTINGS');
  }
  const fields = prepareFields(world, caller, info, body, previous);
  requireConnectable(world, caller, options.generatedBy);
  checkNameIsFree(world, { id: record.id, parentId, name });
  checkAliasIsFree(world, record.id, alias);

  const plan = planVersion(world, info, previous, { body, fields, options });
  const entity: CurrentEntity = {
    record: {
      ...record,
      name,
      parentId,
      etag: world.uuid(),
      alias,
      currentVersion: plan.version.number,
      lastVersion: Math.max(record.lastVersion, plan.version.number),
    },
    version: { ...plan.version, modifiedBy: caller.userId, modifiedOn: world.timestamp() },
  };
  putEntity(world, entity);
  entityHooks(world).emit({ kind: plan.isNew ? 'version' : 'update', caller, entity, previous });
  return entity;
}

function requireUpdatable(world: World, caller: Caller, body: M.Entity): CurrentEntity {
  if (body.id === undefined) {
    throw badRequest('The id of the entity is required.');
  }
  const id = parseEntityId(body.id);
  const record = requireAccess(world, caller, id, 'UPDATE');
  refuseBuiltIn(id);
  checkEtag(record, body.etag);
  return { record, version: getVersionRecord(world, record) };
}

function requireSameType(record: EntityRecord, body: M.Entity): EntityTypeInfo {
  const info = requireType(body);
  if (info.type !== record.type) {
    throw badRequest(
      `The Entity: ${record.id} has an entityType=${record.type} and cannot be changed to entityType=${info.type}`,
    );
  }
  return info;
}

/** The parent after the update. @throws 400, 403 or 404 when the entity cannot move there */
function checkMove(
  world: World,
  caller: Caller,
  info: EntityTypeInfo,
  record: EntityRecord,
  requested: string | undefined,
): string {
  if (requested === undefined) {
    throw badRequest('The parentId of the entity is required.');
  }
  const parentId = parseEntityId(requested);
  if (parentId === record.parentId) {
    return parentId;
  }
  const parent = getEntityRecord(world, parentId);
  const create = decide(world, caller, parent, 'CREATE', { createType: info.type });
  if (!create.allowed) {
    const error = accessError(create, parentId, 'CREATE');
    throw error.status === 403
      ? forbidden(`You cannot move content into the new location, ${parentId}. ${error.message}`)
      : error;
  }
  requireAccess(world, caller, record.id, 'CHANGE_PERMISSIONS');
  if (pathOf(world, parent).some(({ id }) => id === record.id)) {
    throw badRequest('Invalid hierarchy: an entity cannot be an ancestor of itself');
  }
  checkParentType(info, parent);
  checkRoomIn(world, parent, info.type);
  return parentId;
}

interface VersionInput {
  readonly body: M.Entity;
  readonly fields: EntityFields;
  readonly options: UpdateOptions;
}

/** The version that the update writes: the current one, or a new one. */
function planVersion(
  world: World,
  info: EntityTypeInfo,
  previous: CurrentEntity,
  input: VersionInput,
): { version: VersionRecord; isNew: boolean } {
  const { record, version: current } = previous;
  const content = contentOf(world, input.fields);
  const isAsked = input.options.newVersion === true && info.versionable && !info.tableLike;
  const isAutomatic = !isAsked && hasOtherContent(info, current, input.fields, content);
  const isNew = isAsked || isAutomatic;
  if (isNew && record.lastVersion >= maxVersions) {
    throw badRequest(`Exceeded the maximum number of ${maxVersions} versions for a single Entity`);
  }
  const number = isNew ? record.lastVersion + 1 : current.number;
  // A version that is created because the file changed gets a new label.
  const text = isAutomatic || !info.versionable ? {} : checkVersionText(input.body);
  const label = text.label ?? (info.tableLike ? inProgress : String(number));
  const comment = text.comment ?? (info.tableLike ? inProgress : undefined);
  checkLabelIsFree(world, record.id, { number, label });
  const activityId =
    isNew || input.options.generatedBy !== undefined
      ? input.options.generatedBy
      : current.activityId;
  return {
    isNew,
    version: {
      entityId: record.id,
      number,
      label,
      comment,
      modifiedBy: current.modifiedBy,
      modifiedOn: current.modifiedOn,
      fields: isNew ? input.fields : { ...keptOf(current), ...input.fields },
      annotations: current.annotations,
      activityId,
      ...content,
    },
  };
}

/**
 * The fields that an update without a new version cannot change: the validation results of a record
 * set.
 */
function keptOf({ fields: { validationSummary } }: VersionRecord): EntityFields {
  return validationSummary === undefined ? {} : { validationSummary };
}

/** Whether the MD5 of the file changed. */
function hasOtherContent(
  info: EntityTypeInfo,
  current: VersionRecord,
  fields: EntityFields,
  content: Pick<VersionRecord, 'contentMd5'>,
): boolean {
  if (!isFileLike(info.type) || fields.dataFileHandleId === current.fields.dataFileHandleId) {
    return false;
  }
  return content.contentMd5 === undefined || content.contentMd5 !== current.contentMd5;
}
