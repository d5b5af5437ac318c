import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, ServiceError } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import type { World } from '../world.js';

/** Maximum number of handles of one request. */
const maxHandles = limits.restoredFiles;

/**
 * The job behind `POST /file/v1/fileHandle/restore/async/start`. This server archives no files, so
 * the job only reports whether the caller's handles exist.
 *
 * @throws 400
 */
export function restoreHandles(
  world: World,
  caller: Caller,
  request: M.FileHandleRestoreRequest,
): M.FileHandleRestoreResponse {
  const ids = request.fileHandleIds ?? [];
  if (ids.length === 0) {
    throw badRequest('The fileHandleIds list is required and must not be empty.');
  }
  if (ids.length > maxHandles) {
    throw badRequest(
      `The number of file handles exceed the maximum allowed (Was: ${ids.length}, Max:${maxHandles}).`,
    );
  }
  return {
    concreteType: 'org.sagebionetworks.repo.model.file.FileHandleRestoreResponse',
    restoreResults: ids.map((fileHandleId) => restoreOne(world, caller, fileHandleId)),
  };
}

function restoreOne(world: World, caller: Caller, fileHandleId: string): M.FileHandleRestoreResult {
  try {
    world.files.getOwn(caller, fileHandleId);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const status = error.status === 404 ? 'NOT_FOUND' : 'UNAUTHORIZED';
    return { fileHandleId, status, statusMessage: error.message };
  }
  return {
    fileHandleId,
    status: 'NO_ACTION',
    statusMessage:
      'The file handle is already AVAILABLE. For files in the synapse bucket it might take a few ' +
      'hours before the file can be downloaded.',
  };
}
