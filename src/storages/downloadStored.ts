import type { Readable } from 'node:stream';
import type { DownloadedFile } from '../transfer/download.js';
import { downloadFile, type DownloadFileOptions } from '../transfer/downloadFile.js';
import { downloadStream, type DownloadStreamOptions } from '../transfer/downloadStream.js';
import type { StoredFile } from './storage.js';
import type { StorageContext } from './storageContext.js';
import { storageOfHandle } from './storageOf.js';

/**
 * Downloads a file from its storage.
 *
 * @throws What {@link downloadFile} and {@link Storage.open} throw.
 */
export function downloadStored(
  ctx: StorageContext,
  file: StoredFile,
  options: DownloadFileOptions,
): Promise<DownloadedFile> {
  const { signal } = options;
  const open = () => storageOfHandle(file.handle).open(ctx, file, { signal });
  return downloadFile(ctx, { open, ...options });
}

/** Streams a file from its storage. */
export function streamStored(
  ctx: StorageContext,
  file: StoredFile,
  options: DownloadStreamOptions,
): Promise<Readable> {
  const { signal } = options;
  const open = () => storageOfHandle(file.handle).open(ctx, file, { signal });
  return downloadStream(ctx, { ...options, open });
}
