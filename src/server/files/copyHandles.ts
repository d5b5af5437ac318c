import { extname } from 'node:path';

import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { checkFileName } from './fileName.js';
import { checkAssociation } from './files.js';
import { maxFilesPerRequest, tooManyFiles } from './handleBatch.js';
import { handleTypes, isCloudHandle } from './handleRecords.js';

/**
 * `POST /file/v1/fileHandle/{id}/copy`: creates another handle for the same content.
 *
 * @throws 400, 403, 404
 */
export function copyHandle(
  world: World,
  caller: Caller,
  request: { id: string; fileName?: string; contentType?: string },
): M.S3FileHandle {
  const { id, fileName, contentType } = request;
  if (caller.isAnonymous) throw forbidden('Anonymous cannot copy files.');
  if (!fileName && !contentType) {
    throw badRequest('Either the fileName or the contentType needs to be set');
  }
  if (fileName) checkFileName(fileName);
  const original = world.files.get(id);
  if (original.concreteType !== handleTypes.s3) {
    throw badRequest(
      `Expected file handle to copy from to be of type ${handleTypes.s3}, but it was type ` +
        `${original.concreteType} instead`,
    );
  }
  if (!caller.isAdmin && original.createdBy !== String(caller.userId)) {
    throw forbidden(
      `Only the creator of a file handle can create a copy. File handle id=${id} is not owned by you`,
    );
  }
  const { previewId, ...rest } = original;
  const samePreview =
    (!fileName || extname(fileName) === extname(original.fileName ?? '')) &&
    (!contentType || contentType === original.contentType);
  return world.files.create<M.S3FileHandle>(
    {
      ...rest,
      ...(fileName && { fileName }),
      ...(contentType && { contentType }),
      ...(samePreview && previewId !== undefined && { previewId }),
    },
    caller.userId,
  );
}

/**
 * `POST /file/v1/filehandles/copy`: copies of handles that the caller may download. The result
 * marks the handles that cannot be copied.
 *
 * @throws 400, 403
 */
export function copyHandles(
  world: World,
  caller: Caller,
  body: M.BatchFileHandleCopyRequest,
): M.BatchFileHandleCopyResult {
  if (caller.isAnonymous) throw forbidden('Anonymous cannot copy files.');
  const { copyRequests } = body;
  if (copyRequests === undefined) {
    throw badRequest('BatchFileHandleCopyRequest.copyRequests is required.');
  }
  if (copyRequests.length > maxFilesPerRequest) throw badRequest(tooManyFiles);
  if (copyRequests.length === 0) {
    throw badRequest(
      'FileHandleAssociations is empty.  Must include at least one FileHandleAssociation',
    );
  }
  const ids = copyRequests.map(({ originalFile }) => originalFile?.fileHandleId);
  if (new Set(ids).size < ids.length) {
    throw badRequest('Request contains duplicated FileHandleId.');
  }
  for (const { originalFile } of copyRequests) checkAssociation(originalFile ?? {});
  return { copyResults: copyRequests.map((request) => copyOne(world, caller, request)) };
}

function copyOne(
  world: World,
  caller: Caller,
  request: M.FileHandleCopyRequest,
): M.FileHandleCopyResult {
  const association = request.originalFile ?? {};
  const originalFileHandleId = association.fileHandleId ?? '';
  if (!world.files.mayDownload(caller, association)) {
    return { originalFileHandleId, failureCode: 'UNAUTHORIZED' };
  }
  const original = world.files.find(originalFileHandleId);
  if (!original) return { originalFileHandleId, failureCode: 'NOT_FOUND' };
  const { newFileName: fileName, newContentType: contentType } = request;
  const copied = {
    ...original,
    ...(fileName !== undefined && { fileName }),
    ...(contentType !== undefined && { contentType }),
  };
  if (isCloudHandle(copied)) delete copied.previewId;
  return { originalFileHandleId, newFileHandle: world.files.create(copied, caller.userId) };
}
