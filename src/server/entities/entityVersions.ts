import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import type { Caller } from '../kernel/caller.js';
import { estimatedTotal, pageWindow } from '../kernel/paging.js';
import { badRequest, notFound, preconditionFailed } from '../kernel/serviceError.js';
import { pageLimits } from '../pageLimits.js';
import type { World } from '../world.js';
import { contentOf } from './createEntity.js';
import { entityHooks } from './entityHooks.js';
import {
  entityTables,
  findVersionRecord,
  getVersionRecord,
  versionKey,
  versionsNewestFirst,
  type CurrentEntity,
  type EntityRecord,
  type VersionRecord,
} from './entityRecords.js';
import { entityTypes, isFileLike } from './entityTypes.js';
import { putEntity, putStamped, refuseBuiltIn, touchEntity } from './entityWrites.js';
import { checkLabelIsFree, checkLength, inProgress, maxVersions } from './versionLabels.js';

/**
 * One page of the versions of an entity, newest first.
 *
 * @param nameOf returns the name of a user
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/version.html
 */
export function listVersions(
  world: World,
  caller: Caller,
  id: string,
  options: {
    readonly page: { readonly offset?: number; readonly limit?: number };
    readonly nameOf: (userId: number) => string;
  },
): M.PaginatedResultsOfVersionInfo {
  const window = pageWindow(options.page, pageLimits.versions);
  const record = requireAccess(world, caller, id, 'READ');
  const all = allVersions(world, record);
  const results = all
    .slice(window.offset, window.offset + window.limit)
    .map((version) => versionInfo(record, version, options.nameOf(version.modifiedBy)));
  return { totalNumberOfResults: estimatedTotal(window, results.length), results };
}

/** The built-in folders have a version that is not stored. */
function allVersions(world: World, record: EntityRecord): VersionRecord[] {
  const stored = versionsNewestFirst(world, record.id);
  return stored.length > 0 ? stored : [getVersionRecord(world, record)];
}

function versionInfo(
  record: EntityRecord,
  version: VersionRecord,
  modifiedBy: string,
): M.VersionInfo {
  const handleId = version.fields.dataFileHandleId;
  return {
    id: record.id,
    versionNumber: version.number,
    versionLabel: version.label,
    versionComment: version.comment,
    isLatestVersion: version.number === record.currentVersion,
    modifiedBy,
    modifiedByPrincipalId: String(version.modifiedBy),
    modifiedOn: version.modifiedOn,
    ...(version.contentSize !== undefined && { contentSize: String(version.contentSize) }),
    contentMd5: version.contentMd5,
    fileHandleId: handleId,
  };
}

/**
 * Deletes one version. The highest remaining version becomes the current one.
 *
 * @throws 400 for the last version, 404 for an unknown one, 403 without DELETE
 * @see https://rest-docs.synapse.org/rest/DELETE/entity/id/version/versionNumber.html
 */
export function deleteVersion(world: World, caller: Caller, id: string, number: number): void {
  const record = requireAccess(world, caller, id, 'DELETE');
  refuseBuiltIn(id);
  getVersionRecord(world, record, number);
  const left = versionsNewestFirst(world, id).filter((version) => version.number !== number);
  const latest = left[0];
  if (latest === undefined) {
    throw badRequest('Cannot delete the last version of a node');
  }
  const previous = { record, version: getVersionRecord(world, record) };
  entityTables(world).versions.delete(versionKey(id, number));
  const entity = putStamped(world, caller, { ...record, currentVersion: latest.number });
  entityHooks(world).emit({ kind: 'removeVersion', caller, entity, previous });
}

/**
 * Replaces the file handle of a version by another with the same content.
 *
 * @throws 404 when the entity is not a file, 403 without UPDATE or for another user's handle, 412
 * when the old handle is not the current one or the content differs
 * @see https://rest-docs.synapse.org/rest/PUT/entity/id/version/versionNumber/filehandle.html
 */
export function replaceFileHandle(
  world: World,
  caller: Caller,
  target: { readonly id: string; readonly number: number },
  request: M.FileHandleUpdateRequest,
): void {
  const { oldFileHandleId, newFileHandleId } = request;
  if (oldFileHandleId === undefined || newFileHandleId === undefined) {
    throw badRequest('oldFileHandleId and newFileHandleId are required.');
  }
  const record = requireAccess(world, caller, target.id, 'READ');
  const version = findVersionRecord(world, target.id, target.number);
  const current = version?.fields.dataFileHandleId;
  if (version === undefined || current === undefined || !isFileLike(record.type)) {
    throw notFound(
      `A file entity with id ${target.id} and revision ${target.number} does not exist.`,
    );
  }
  requireAccess(world, caller, target.id, 'UPDATE');
  world.files.requireAttachable(caller, [newFileHandleId]);
  if (current !== oldFileHandleId) {
    throw preconditionFailed(
      `The id of the provided file handle id (request.oldFileHandleId: ${oldFileHandleId}) does not match the current file handle id.`,
    );
  }
  if (newFileHandleId === current) {
    return;
  }
  const fields = { ...version.fields, dataFileHandleId: newFileHandleId };
  const content = contentOf(world, fields);
  if (content.contentMd5 === undefined || content.contentMd5 !== version.contentMd5) {
    throw preconditionFailed(
      'The MD5 of the new file handle does not match the MD5 of the current file handle, a new version must be created.',
    );
  }
  entityTables(world).versions.put(versionKey(target.id, target.number), {
    ...version,
    fields,
    ...content,
  });
  touchEntity(world, caller, record);
}

/** Label and comment of a snapshot. */
export interface SnapshotOptions {
  /** @default the number of the version */
  readonly label?: string | undefined;
  readonly comment?: string | undefined;
  readonly activityId?: string | undefined;
}

/**
 * Makes the current version of a table a snapshot and starts the next version.
 *
 * The tables domain checks the permissions.
 *
 * @returns the number of the snapshot
 * @throws 400 when the label is taken or there are too many versions
 */
export function snapshotEntity(
  world: World,
  caller: Caller,
  record: EntityRecord,
  options: SnapshotOptions = {},
): number {
  if (!entityTypes[record.type].tableLike) {
    throw badRequest(`${record.id} is not a table or view`);
  }
  if (record.lastVersion >= maxVersions) {
    throw badRequest(`Exceeded the maximum number of ${maxVersions} versions for a single Entity`);
  }
  checkLength('label', options.label);
  checkLength('comment', options.comment);
  const version = getVersionRecord(world, record);
  const label = options.label ?? String(version.number);
  checkLabelIsFree(world, record.id, { number: version.number, label });
  const stamp = { modifiedBy: caller.userId, modifiedOn: world.timestamp() };
  const { comment, activityId } = options;
  const snapshot: VersionRecord = { ...version, ...stamp, label, comment, activityId };
  entityTables(world).versions.put(versionKey(record.id, version.number), snapshot);
  const number = record.lastVersion + 1;
  const entity: CurrentEntity = {
    record: { ...record, etag: world.uuid(), currentVersion: number, lastVersion: number },
    version: {
      ...version,
      ...stamp,
      number,
      label: inProgress,
      comment: inProgress,
      activityId: undefined,
    },
  };
  putEntity(world, entity);
  entityHooks(world).emit({ kind: 'version', caller, entity, previous: { record, version } });
  return version.number;
}
