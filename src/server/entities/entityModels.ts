import type * as M from '../../../generated/models.js';
import { benefactorOf } from '../access/entityAcls.js';
import type { World } from '../world.js';
import { entityHooks } from './entityHooks.js';
import { numericId } from './entityIds.js';
import type { EntityRecord, VersionRecord } from './entityRecords.js';
import { getVersionRecord } from './entityRecords.js';
import { entityTypes } from './entityTypes.js';

/** An entity as the API shows it, in one of its versions. */
export function entityModel(world: World, record: EntityRecord, version: VersionRecord): M.Entity {
  const info = entityTypes[record.type];
  const model = {
    ...entityHooks(world).complete(record, version),
    id: record.id,
    name: record.name,
    etag: record.etag,
    createdOn: record.createdOn,
    createdBy: String(record.createdBy),
    modifiedOn: version.modifiedOn,
    modifiedBy: String(version.modifiedBy),
    ...(record.parentId !== '' && { parentId: record.parentId }),
    concreteType: info.concreteType,
    ...(record.alias !== undefined && { alias: record.alias }),
    ...(info.versionable && {
      versionNumber: version.number,
      versionLabel: version.label,
      ...(version.comment !== undefined && { versionComment: version.comment }),
      isLatestVersion: version.number === record.currentVersion,
    }),
  };
  // The fields of the type make this a member of the union in the API description.
  return model as unknown as M.Entity;
}

/** The header of an entity, in one of its versions. */
export function entityHeader(
  world: World,
  record: EntityRecord,
  version: VersionRecord = getVersionRecord(world, record),
): M.EntityHeader {
  return {
    id: record.id,
    name: record.name,
    type: entityTypes[record.type].concreteType,
    versionNumber: version.number,
    versionLabel: version.label,
    isLatestVersion: version.number === record.currentVersion,
    benefactorId: numericId(benefactorOf(world, record)),
    createdOn: record.createdOn,
    modifiedOn: version.modifiedOn,
    createdBy: String(record.createdBy),
    modifiedBy: String(version.modifiedBy),
  };
}
