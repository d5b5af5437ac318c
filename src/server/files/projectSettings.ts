import type * as M from '../../../generated/models.js';
import { hasAccess } from '../access/requireAccess.js';
import { entityHooks, type EntityChange } from '../entities/entityHooks.js';
import { parseEntityId } from '../entities/entityIds.js';
import { childrenOf, findEntityRecord, getEntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound, preconditionFailed } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';
import { findStorageLocation, isStsLocation, locationTypes } from './storageLocations.js';

/** Maximum number of storage locations of a project or folder. */
const maxLocations = limits.storageLocations;

/** A stored setting. */
export type SettingRecord = Required<M.UploadDestinationListSetting>;

interface SettingTables {
  readonly settings: Collection<SettingRecord>;
  readonly byProject: Index<SettingRecord>;
  readonly nextId: () => number;
}

function tables(world: World): SettingTables {
  return world.service(makeSettingTables);
}

function makeSettingTables({ store }: World): SettingTables {
  const settings = store.collection<SettingRecord>('projectSettings');
  return {
    settings,
    byProject: settings.index('project', ({ projectId }) => projectId),
    nextId: store.sequence('projectSettings'),
  };
}

/** The setting of exactly this project or folder. */
export function findOwnSetting(world: World, entityId: string): SettingRecord | undefined {
  return tables(world).byProject.first(entityId);
}

/** The effective setting of an entity: its own, or that of the nearest container above. */
export function findSettingFor(world: World, entityId: string): SettingRecord | undefined {
  for (
    let record = findEntityRecord(world, entityId);
    record !== undefined;
    record = findEntityRecord(world, record.parentId)
  ) {
    const setting = findOwnSetting(world, record.id);
    if (setting) return setting;
  }
  return undefined;
}

/** Whether a setting is for a location with temporary credentials; such a setting has one location. */
export function isStsSetting(world: World, setting: SettingRecord | undefined): boolean {
  return setting !== undefined && isStsLocation(findStorageLocation(world, setting.locations[0]));
}

/** @throws 404, 403 */
export function getSetting(world: World, caller: Caller, id: string): SettingRecord {
  const setting = findSetting(world, id);
  if (!hasAccess(world, caller, setting.projectId, 'READ')) {
    throw forbidden(
      'The current user does not have READ access on the project this setting applies to.',
    );
  }
  return setting;
}

/** The setting of exactly this project or folder, if it has one. @throws 403 */
export function getOwnSetting(
  world: World,
  caller: Caller,
  projectId: string,
): SettingRecord | undefined {
  const id = parseEntityId(projectId);
  if (!hasAccess(world, caller, id, 'READ')) {
    throw forbidden(`The current user does not have READ access on the project ${projectId}.`);
  }
  return findOwnSetting(world, id);
}

/** `POST /repo/v1/projectSettings`. @throws 400, 403, 404 */
export function createSetting(world: World, caller: Caller, body: M.ProjectSetting): SettingRecord {
  const given = readSetting(body);
  const { type } = getEntityRecord(world, given.projectId);
  if (type !== 'project' && type !== 'folder') {
    throw badRequest('The id is not the id of a project or folder entity');
  }
  if (!hasAccess(world, caller, given.projectId, 'CREATE')) {
    throw forbidden('Cannot create settings for this project');
  }
  if (isStsSetting(world, findSettingFor(world, given.projectId))) {
    throw badRequest("Can't override project settings in an STS-enabled folder path");
  }
  if (findOwnSetting(world, given.projectId)) {
    throw badRequest(
      `A project setting of type 'upload' for project ${given.projectId} already exists.`,
    );
  }
  const { settings, nextId } = tables(world);
  const record = { ...given, id: String(nextId()), etag: world.uuid() };
  checkLocations(world, caller, record);
  if (isStsSetting(world, record) && childrenOf(world, record.projectId).length > 0) {
    throw badRequest("Can't enable STS in a non-empty folder");
  }
  settings.put(record.id, record);
  return record;
}

/** `PUT /repo/v1/projectSettings`. @throws 400, 403, 404, 412 */
export function updateSetting(world: World, caller: Caller, body: M.ProjectSetting): void {
  const given = readSetting(body);
  if (!hasAccess(world, caller, given.projectId, 'UPDATE')) {
    throw forbidden('Cannot update settings on this project');
  }
  const previous = findSetting(world, body.id ?? '');
  if (previous.projectId !== given.projectId) {
    throw badRequest(
      'You cannot change the project id with the update project settings call. Create a new ' +
        'project settings instead',
    );
  }
  if (previous.etag !== body.etag) {
    throw preconditionFailed(
      'Project setting was updated since you last fetched it, retrieve it again and reapply the ' +
        'update.',
    );
  }
  const record = { ...given, id: previous.id, etag: world.uuid() };
  checkLocations(world, caller, record);
  if (childrenOf(world, record.projectId).length > 0) {
    if (isStsSetting(world, record)) throw badRequest("Can't enable STS in a non-empty folder");
    if (isStsSetting(world, previous)) throw badRequest("Can't disable STS in a non-empty folder");
  }
  tables(world).settings.put(record.id, record);
}

/** `DELETE /repo/v1/projectSettings/{id}`. @throws 400, 403, 404 */
export function deleteSetting(world: World, caller: Caller, id: string): void {
  const setting = findSetting(world, id);
  if (!hasAccess(world, caller, setting.projectId, 'DELETE')) {
    throw forbidden('Cannot delete settings from this project');
  }
  if (isStsSetting(world, setting) && childrenOf(world, setting.projectId).length > 0) {
    throw badRequest("Can't disable STS in a non-empty folder");
  }
  tables(world).settings.delete(id);
}

/**
 * Deletes the settings of purged entities, and checks the rules of STS folders at changes of
 * entities.
 */
export function watchEntities(world: World): void {
  entityHooks(world).onChange((change) => {
    if (change.kind === 'purge') {
      const setting = findOwnSetting(world, change.entity.record.id);
      if (setting) tables(world).settings.delete(setting.id);
      return;
    }
    if (change.entity.record.type === 'file') checkFilePlace(world, change);
    if (change.entity.record.type === 'folder') checkFolderMove(world, change);
  });
}

/**
 * Checks that files of an STS location are in folders of that location, which contain no other
 * files.
 */
function checkFilePlace(world: World, { entity, kind }: EntityChange): void {
  if (kind === 'trash' || kind === 'removeVersion') return;
  const handleId = entity.version.fields.dataFileHandleId;
  const handle = handleId === undefined ? undefined : world.files.find(handleId);
  const location = handle?.storageLocationId;
  const isStsFile = location !== undefined && isStsLocation(findStorageLocation(world, location));
  const setting = findSettingFor(world, entity.record.parentId);
  if (setting?.locations[0] === location) return;
  if (isStsFile) {
    throw badRequest(
      'Files in STS-enabled storage locations can only be placed in folders with the same storage ' +
        'location',
    );
  }
  if (isStsSetting(world, setting)) {
    throw badRequest(
      'Folders with STS-enabled storage locations can only accept files with the same storage ' +
        'location',
    );
  }
}

function checkFolderMove(world: World, { entity, previous, kind }: EntityChange): void {
  if (kind === 'trash' || !previous || previous.record.parentId === entity.record.parentId) return;
  const target = findSettingFor(world, entity.record.parentId);
  const own = findOwnSetting(world, entity.record.id);
  if (own && isStsSetting(world, own)) {
    if (isStsSetting(world, target)) {
      throw badRequest('Cannot place an STS-enabled folder inside another STS-enabled folder');
    }
    return;
  }
  const origin = own ?? findSettingFor(world, previous.record.parentId);
  if (origin?.locations[0] === target?.locations[0]) return;
  if (isStsSetting(world, origin)) {
    throw badRequest(
      'Folders in STS-enabled storage locations can only be placed in folders with the same storage ' +
        'location',
    );
  }
  if (isStsSetting(world, target)) {
    throw badRequest('Non-STS-enabled folders cannot be placed inside STS-enabled folders');
  }
}

function findSetting(world: World, id: string): SettingRecord {
  const setting = tables(world).settings.get(id);
  if (!setting) throw notFound('The resource you are attempting to access cannot be found');
  return setting;
}

function readSetting(body: M.ProjectSetting): Omit<SettingRecord, 'id' | 'etag'> {
  const { projectId, settingsType, locations } = body;
  if (projectId === undefined) throw badRequest('projectId is required.');
  if (settingsType === undefined) throw badRequest('settingsType is required.');
  if (locations === undefined) throw badRequest('settings.locations is required.');
  return {
    concreteType: body.concreteType,
    projectId: parseEntityId(projectId),
    settingsType,
    locations,
  };
}

function checkLocations(world: World, caller: Caller, setting: SettingRecord): void {
  const { locations } = setting;
  if (locations.length === 0) throw badRequest('settings.locations must at least have one entry');
  if (locations.length > maxLocations) {
    throw badRequest(`The maximum number of settings.locations is limited to ${maxLocations}`);
  }
  for (const id of locations) {
    const location = findStorageLocation(world, id);
    if (!location) throw badRequest(`uploadId ${id} is not a valid upload destination location`);
    const isOwner = caller.isAdmin || location.createdBy === caller.userId;
    if (location.concreteType === locationTypes.externalS3 && !isOwner) {
      throw forbidden(
        `Only the owner of the external S3 upload destination (user ${location.createdBy}) can add ` +
          'this upload destination to a project. Either ask that user to perform this operation or ' +
          'follow the steps to create a new external s3 upload destination (see ' +
          'http://docs.synapse.org/articles/custom_storage_location.html for more information on ' +
          'how to create a new external upload destination.',
      );
    }
    if (!isStsLocation(location)) continue;
    if (getEntityRecord(world, setting.projectId).type !== 'folder') {
      throw badRequest('Can only enable STS on a folder');
    }
    if (locations.length !== 1) {
      throw badRequest('An STS-enabled folder cannot add other upload destinations');
    }
  }
}
