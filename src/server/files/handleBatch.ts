import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import type { World } from '../world.js';
import { checkAssociation } from './files.js';
import { previewOf } from './previews.js';

/** Maximum number of files of one request. */
export const maxFilesPerRequest = limits.fileBatch;
/** Message for a request with more files. */
export const tooManyFiles = `Request exceeds the maximum number of objects per request: ${maxFilesPerRequest}`;

/**
 * `POST /file/v1/fileHandle/batch`: returns handles and URLs in the order of the request. The
 * result marks each handle that the caller may not access.
 *
 * @throws 400
 */
export async function getHandleBatch(
  world: World,
  caller: Caller,
  body: M.BatchFileRequest,
): Promise<M.BatchFileResult> {
  const { requestedFiles } = body;
  if (requestedFiles === undefined) throw badRequest('requestedFiles is required.');
  const include = {
    handle: body.includeFileHandles ?? false,
    url: body.includePreSignedURLs ?? false,
    previewUrl: body.includePreviewPreSignedURLs ?? false,
  };
  if (!include.handle && !include.url && !include.previewUrl) {
    throw badRequest(
      'Must include either FileHandles or pre-signed URLs or preview pre-signed URLs',
    );
  }
  if (requestedFiles.length > maxFilesPerRequest) throw badRequest(tooManyFiles);
  if (requestedFiles.length === 0) {
    throw badRequest(
      'FileHandleAssociations is empty.  Must include at least one FileHandleAssociation',
    );
  }
  for (const association of requestedFiles) checkAssociation(association);
  return {
    requestedFiles: await Promise.all(
      requestedFiles.map((association) => getOne(world, caller, { association, include })),
    ),
  };
}

async function getOne(
  world: World,
  caller: Caller,
  request: {
    association: M.FileHandleAssociation;
    include: { handle: boolean; url: boolean; previewUrl: boolean };
  },
): Promise<M.FileResult> {
  const { association, include } = request;
  const fileHandleId = association.fileHandleId ?? '';
  if (!world.files.mayDownload(caller, association)) {
    return { fileHandleId, failureCode: 'UNAUTHORIZED' };
  }
  const handle = world.files.find(fileHandleId);
  if (!handle) return { fileHandleId, failureCode: 'NOT_FOUND' };
  const preview = include.previewUrl ? await previewOf(world, handle) : undefined;
  return {
    fileHandleId,
    ...(include.handle && { fileHandle: handle }),
    ...(include.url && { preSignedURL: world.files.url(handle) }),
    ...(preview && { previewPreSignedURL: world.files.url(preview) }),
  };
}
