import { resolve } from 'node:path';
import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import { downloadFile } from '../transfer/downloadFile.js';
import { openFile, type FileToDownload } from './openFile.js';

export type { FileHandleAssociation } from './openFile.js';

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
  file: FileToDownload,
  { destination, overwrite, verify, signal, onProgress }: DownloadFileHandleOptions,
): Promise<string> {
  const options = { destination: resolve(destination), overwrite, verify, signal, onProgress };
  const open = () => openFile(ctx, file, { signal });
  return (await downloadFile(ctx, { open, ...options })).path;
}
