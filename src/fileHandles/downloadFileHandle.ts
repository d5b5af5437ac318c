import { resolve } from 'node:path';
import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import { openAssociation } from '../storages/openAssociation.js';
import { downloadFile } from '../transfer/downloadFile.js';

/** A file handle, and an object that gives access to it: an entity, a table, a wiki page, a submission... */
export type FileHandleAssociation = Required<M.FileHandleAssociation>;

/** How {@link FileHandles.download} downloads. */
export interface DownloadFileHandleOptions extends CommonOptions {
  /** The path of the file to create. Missing folders are created. */
  destination: string;
  /** Whether to replace an existing file. @default false */
  overwrite?: boolean;
  /** Whether to compare the MD5 of the bytes with the one that Synapse has. @default true */
  verify?: boolean;
}

/** Implements {@link FileHandles.download}. */
export async function downloadFileHandle(
  ctx: Context,
  fileHandle: FileHandleAssociation,
  { destination, overwrite, verify, signal, onProgress }: DownloadFileHandleOptions,
): Promise<string> {
  const options = { destination: resolve(destination), overwrite, verify, signal, onProgress };
  const open = () => openAssociation(ctx, fileHandle, { signal });
  return (await downloadFile(ctx, { open, ...options })).path;
}
