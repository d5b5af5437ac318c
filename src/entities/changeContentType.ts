import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { errorFromResponse } from '../api/errorFromResponse.js';
import { againAfterLostAnswer } from '../api/isLostAnswer.js';
import type { CommonOptions } from '../options.js';
import type { File } from './entityClasses.js';
import { ownContentType, type StoredContent } from './storeContent.js';
import { fileHandleIdOf, type StoredState } from './storedState.js';

/**
 * Changes the media type of unchanged content. The type belongs to the file handle, which is immutable, so the file gets a copy
 * of the file handle and a new version. No content is transferred.
 *
 * @throws {@link ArgumentError} when the file also gets another file handle, which has its own type.
 * @throws {@link AuthorizationError} when the caller may not download the file.
 * @see https://rest-docs.synapse.org/rest/POST/filehandles/copy.html
 */
export async function changeContentType(
  ctx: Context,
  file: File,
  existing: StoredState | undefined,
  { signal }: CommonOptions,
): Promise<StoredContent> {
  const contentType = ownContentType(file);
  if (contentType === undefined || contentType === existing?.fileHandle?.contentType) return {};
  const fileHandleId = fileHandleIdOf(existing?.entity);
  const wanted = file.dataFileHandleId ?? fileHandleId;
  if (existing === undefined || fileHandleId === undefined || wanted !== fileHandleId) {
    throw new ArgumentError(
      `The file handle ${wanted ?? ''} has its own content type, and storing ${file.name ?? 'the file'} does not change it: leave out contentType, or set it afterwards.`,
    );
  }
  const originalFile = {
    fileHandleId,
    associateObjectId: existing.entity.id ?? '',
    associateObjectType: 'FileEntity',
  } as const;
  const body = { copyRequests: [{ originalFile, newContentType: contentType }] };
  const { copyResults } = await againAfterLostAnswer(() =>
    ctx.services.file.copyFileHandleBatch({ body }, { signal }),
  );
  const { newFileHandle: fileHandle, failureCode } = copyResults[0] ?? {};
  if (fileHandle?.id === undefined) {
    throw errorFromResponse({
      status: failureCode === 'NOT_FOUND' ? 404 : 403,
      method: 'POST',
      url: '/file/v1/filehandles/copy',
      text: `The content type of ${existing.entity.id ?? ''} cannot be changed: its file handle ${fileHandleId} cannot be copied`,
    });
  }
  // The content of the local file is the same as before.
  const path = file.path === undefined ? undefined : existing.local?.path;
  return { members: { dataFileHandleId: fileHandle.id }, fileHandle, path };
}
