import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityReference, parseVersionNumber } from '../entities/entityIds.js';
import { entityTables, getVersionRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import type { HandleRecord } from './handleRecords.js';
import { previewOf } from './previews.js';

/** Registers the files that entity versions refer to. */
export function defineFileEntities(world: World): void {
  world.files.defineAssociation('FileEntity', (caller, objectId, fileHandleId) => {
    const match = /^(?:syn)?(\d{1,19})(?:\.\d+)?$/i.exec(objectId.trim());
    if (!match) return false;
    const id = `syn${BigInt(match[1] ?? '0')}`;
    const isLinked = entityTables(world)
      .versionsByHandle.find(fileHandleId)
      .some(({ entityId }) => entityId === id);
    return isLinked && requireAccess(world, caller, id, 'DOWNLOAD').id === id;
  });
  world.files.defineLink(
    (fileHandleId) => entityTables(world).versionsByHandle.count(fileHandleId) > 0,
  );
}

/** `GET /file/v1/fileHandle/{id}/url`: for the creator only. @throws 403, 404 */
export function ownHandleUrl(world: World, caller: Caller, id: string): string {
  const reason = 'Only the user that created the FileHandle can get the URL of the file.';
  return world.files.url(world.files.getOwn(caller, id, reason));
}

/** `GET /file/v1/file/{id}`: for a file with an association. @throws 400, 403, 404 */
export function associatedUrl(
  world: World,
  caller: Caller,
  association: M.FileHandleAssociation,
): string {
  return world.files.url(world.files.getAssociated(caller, association));
}

/** Names a version of an entity: by its number, by `syn1.2`, or the current one. */
export interface EntityFileRequest {
  readonly id: string;
  readonly versionNumber?: string | number;
}

/** URL of the file of an entity. @throws 400, 403, 404 */
export function entityFileUrl(world: World, caller: Caller, request: EntityFileRequest): string {
  return world.files.url(entityHandle(world, caller, request));
}

/** URL of the preview of the file of an entity. @throws 400, 403, 404 */
export async function entityPreviewUrl(
  world: World,
  caller: Caller,
  request: EntityFileRequest,
): Promise<string> {
  const handle = entityHandle(world, caller, request);
  const preview = await previewOf(world, handle);
  if (!preview) throw notFound(`A preview does not exist for file ${handle.id}`);
  return world.files.url(preview);
}

function entityHandle(world: World, caller: Caller, request: EntityFileRequest): HandleRecord {
  const reference = parseEntityReference(request.id);
  const record = requireAccess(world, caller, reference.id, 'READ');
  requireAccess(world, caller, reference.id, 'DOWNLOAD');
  const number =
    request.versionNumber === undefined
      ? reference.version
      : parseVersionNumber(request.versionNumber);
  const handleId = getVersionRecord(world, record, number).fields.dataFileHandleId;
  if (handleId === undefined) throw badRequest(`Entity ${reference.id} does not have a file.`);
  return world.files.get(handleId);
}
