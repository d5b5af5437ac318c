import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { uploadContent, type FileContent, type UploadFileHandleOptions } from './uploadContent.js';

export type { FileContent, UploadFileHandleOptions } from './uploadContent.js';

/** Implements {@link FileHandles.upload}. */
export async function uploadFileHandle(
  ctx: Context,
  content: FileContent,
  options: UploadFileHandleOptions = {},
): Promise<M.FileHandle> {
  const { signal } = options;
  const { fileHandleId: handleId } = await uploadContent(ctx, content, options);
  return ctx.services.file.getFileHandle({ handleId }, { signal });
}
