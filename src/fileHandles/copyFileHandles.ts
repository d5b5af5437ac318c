import type * as M from '../../generated/models.js';
import { errorFromResponse } from '../api/errorFromResponse.js';
import { againAfterLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import type { FileHandleAssociation } from './openFile.js';

/** A file handle to copy, and what its copy has instead. */
export interface FileHandleToCopy extends FileHandleAssociation {
  /** @default the name of the original */
  newFileName?: string;
  /** Media type. @default that of the original */
  newContentType?: string;
}

/** The copy of a file handle, or why there is none. */
export type CopiedFileHandle =
  | { originalFileHandleId: string; fileHandle: M.FileHandle; error?: undefined }
  | { originalFileHandleId: string; fileHandle?: undefined; error: Error };

/** File handles of one request. */
const mostFiles = 100;

/** Implements {@link FileHandles.copy}. */
export async function copyFileHandles(
  ctx: Context,
  files: readonly FileHandleToCopy[],
  { signal }: Pick<CommonOptions, 'signal'> = {},
): Promise<CopiedFileHandle[]> {
  const copies = new Array<CopiedFileHandle | undefined>(files.length);
  for (const batch of batchesOf(files)) {
    const body = { copyRequests: batch.map(({ file }) => requestOf(file)) };
    const { copyResults } = await againAfterLostAnswer(() =>
      ctx.services.file.copyFileHandleBatch({ body }, { signal }),
    );
    for (const [at, { file, index }] of batch.entries()) {
      copies[index] = resultOf(file.fileHandleId, copyResults[at]);
    }
  }
  return copies.filter((copy) => copy !== undefined);
}

interface Indexed {
  file: FileHandleToCopy;
  index: number;
}

/** Synapse accepts each file handle once in a request. */
function batchesOf(files: readonly FileHandleToCopy[]): Indexed[][] {
  const batches: { ids: Set<string>; items: Indexed[] }[] = [];
  /** The batches before have no room. */
  let firstOpen = 0;
  for (const [index, file] of files.entries()) {
    while (batches[firstOpen]?.items.length === mostFiles) firstOpen += 1;
    let at = firstOpen;
    while (batches[at]?.ids.has(file.fileHandleId) || batches[at]?.items.length === mostFiles) {
      at += 1;
    }
    const batch = (batches[at] ??= { ids: new Set(), items: [] });
    batch.ids.add(file.fileHandleId);
    batch.items.push({ file, index });
  }
  return batches.map(({ items }) => items);
}

function requestOf({
  newFileName,
  newContentType,
  ...originalFile
}: FileHandleToCopy): M.FileHandleCopyRequest {
  return { originalFile, newFileName, newContentType };
}

function resultOf(
  originalFileHandleId: string,
  result: M.FileHandleCopyResult | undefined,
): CopiedFileHandle {
  const { newFileHandle: fileHandle, failureCode } = result ?? {};
  if (fileHandle !== undefined) return { originalFileHandleId, fileHandle };
  const why =
    failureCode === 'NOT_FOUND'
      ? 'it does not exist'
      : 'you may not download it, or the object does not refer to it';
  const error = errorFromResponse({
    status: failureCode === 'NOT_FOUND' ? 404 : 403,
    method: 'POST',
    url: '/file/v1/filehandles/copy',
    text: `The file handle ${originalFileHandleId} cannot be copied: ${why}`,
  });
  return { originalFileHandleId, error };
}
