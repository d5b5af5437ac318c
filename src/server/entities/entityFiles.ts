import type * as M from '../../../generated/models.js';
import { hasAccess, requireAccess } from '../access/requireAccess.js';
import type { HandleRecord } from '../files/handleRecords.js';
import { findPreview } from '../files/previews.js';
import type { Caller } from '../kernel/caller.js';
import { notFound } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { getVersionRecord, type VersionRecord } from './entityRecords.js';

/**
 * The file of a version.
 *
 * @throws 403 without DOWNLOAD, 404 when the entity has no file
 */
export function requireFile(
  world: World,
  caller: Caller,
  id: string,
  number?: number,
): HandleRecord {
  const record = requireAccess(world, caller, id, 'DOWNLOAD');
  const handleId = getVersionRecord(world, record, number).fields.dataFileHandleId;
  if (handleId === undefined) {
    throw notFound(`Object ${id} does not have a file handle associated with it.`);
  }
  return world.files.get(handleId);
}

/** The file handle of a file and that of its preview, as the API lists them. */
export function fileHandlesOf(world: World, handle: HandleRecord): M.FileHandle[] {
  const preview = findPreview(world, handle);
  return preview === undefined ? [handle] : [handle, preview];
}

/** The handles of a version for a bundle: empty when the caller may not download. */
export function permittedFileHandles(
  world: World,
  caller: Caller,
  version: VersionRecord,
): M.FileHandle[] {
  const handleId = version.fields.dataFileHandleId;
  const handle = handleId === undefined ? undefined : world.files.find(handleId);
  return handle === undefined || !hasAccess(world, caller, version.entityId, 'DOWNLOAD')
    ? []
    : fileHandlesOf(world, handle);
}
