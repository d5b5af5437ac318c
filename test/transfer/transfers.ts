import type { Readable } from 'node:stream';
import type * as M from '../../generated/models.js';
import { httpStorage } from '../../src/storages/http/httpStorage.js';
import { isSftpUrl } from '../../src/storages/sftp/sftpAddress.js';
import type { StorageContext } from '../../src/storages/storageContext.js';
import { storageOfAddress } from '../../src/storages/storageOfAddress.js';
import { openFileHandle } from '../../src/storages/synapse/openFileHandle.js';
import { DownloadQueue } from '../../src/storages/synapse/downloadQueue.js';
import type { DownloadContext } from '../../src/storages/synapse/synapseContext.js';
import type { DownloadedFile } from '../../src/transfer/download.js';
import {
  downloadFile as downloadObject,
  type DownloadFileOptions,
} from '../../src/transfer/downloadFile.js';
import {
  downloadStream as streamObject,
  type DownloadStreamOptions,
} from '../../src/transfer/downloadStream.js';
import { pool } from '../../src/transfer/pool.js';
import type { StoredObject } from '../../src/transfer/storedObject.js';

/** What to download: a file handle or a URL. */
export type Target =
  | { fileHandle: M.FileHandleAssociation; url?: undefined }
  | { url: string; fileHandle?: undefined };

function opener(
  context: DownloadContext,
  target: Target,
  signal: AbortSignal | undefined,
): () => Promise<StoredObject> {
  const { fileHandle, url } = target;
  if (fileHandle !== undefined) return () => openFileHandle(context, fileHandle, signal);
  // There is no login to SFTP servers here.
  const storage = isSftpUrl(url) ? httpStorage : storageOfAddress(url);
  const file = {
    handle: {
      concreteType: 'org.sagebionetworks.repo.model.file.ExternalFileHandle',
      externalURL: url,
    },
    association: { fileHandleId: '', associateObjectId: '', associateObjectType: 'FileEntity' },
  } as const;
  // Such storages need no more of a client.
  return () => storage.open(context as StorageContext, file, { signal });
}

/** Downloads a file handle or what a URL names. */
export function downloadFile(
  context: DownloadContext,
  options: Target & DownloadFileOptions,
): Promise<DownloadedFile> {
  return downloadObject(context, {
    ...options,
    open: opener(context, options, options.signal),
  });
}

/** Streams a file handle or what a URL names. */
export function downloadStream(
  context: DownloadContext,
  options: Target & DownloadStreamOptions,
): Promise<Readable> {
  return streamObject(context, { ...options, open: opener(context, options, options.signal) });
}

/** One of many files to download. */
export type DownloadItem = DownloadFileOptions & { fileHandle: M.FileHandleAssociation };

/** What became of one of many files. */
export interface DownloadResult {
  item: DownloadItem;
  file?: DownloadedFile;
  error?: unknown;
}

/** Downloads many files as a bulk does: all wait in one queue, and a failure does not stop the others. */
export function downloadAll(
  context: DownloadContext,
  items: Iterable<DownloadItem>,
  { concurrency = 16, signal }: { concurrency?: number; signal?: AbortSignal } = {},
): AsyncGenerator<DownloadResult> {
  const queue = new DownloadQueue(concurrency);
  const limit = concurrency + 100;
  return pool(items, { limit, signal }, async (item, poolSignal) => {
    try {
      const end = await queue.enter(context.state.fileHandles, item.fileHandle, poolSignal);
      const options = { ...item, signal: poolSignal };
      return { item, file: await downloadFile(context, options).finally(end) };
    } catch (error) {
      return { item, error };
    }
  });
}
