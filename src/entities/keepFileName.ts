import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { SynapseHttpError } from '../errors.js';
import type { CommonOptions } from '../options.js';

/**
 * Gives an uploaded file its own name back, which a download then uses. An upload accepts only the names that entities can
 * have (`POST /file/v1/file/multipart`), but a copy of a file handle can have any name. No content is transferred.
 *
 * @param associateObjectId - The file, or the container it is going to be in: the caller has created the file handle, and needs no
 * other permission.
 * @returns The copy; the given file handle when Synapse refuses the name.
 * @see https://rest-docs.synapse.org/rest/POST/filehandles/copy.html
 */
export async function keepFileName(
  ctx: Context,
  handle: M.FileHandle,
  { fileName, associateObjectId }: { fileName: string; associateObjectId: string },
  { signal }: CommonOptions,
): Promise<M.FileHandle> {
  if (handle.id === undefined || handle.fileName === fileName) return handle;
  const originalFile = {
    fileHandleId: handle.id,
    associateObjectId,
    associateObjectType: 'FileEntity',
  } as const;
  const body = { copyRequests: [{ originalFile, newFileName: fileName }] };
  try {
    const { copyResults } = await ctx.services.file.copyFileHandleBatch({ body }, { signal });
    const copy = copyResults[0]?.newFileHandle;
    if (copy?.id !== undefined) return copy;
  } catch (error) {
    if (!(error instanceof SynapseHttpError) || error.status !== 400) throw error;
  }
  ctx.log(
    `Synapse does not keep the file name ${JSON.stringify(fileName)}: downloads will be named ${JSON.stringify(handle.fileName)}.`,
  );
  return handle;
}
