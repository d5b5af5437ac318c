import { prepareDestination } from '../files/placeFile.js';
import type { CommonOptions } from '../options.js';
import type { AttemptSettings } from './attemptTransfer.js';
import type { Download, DownloadedFile } from './download.js';
import { downloadLarge } from './downloadLarge.js';
import { downloadSmall } from './downloadSmall.js';
import { downloadWhole } from './downloadWhole.js';
import { readObject } from './readObject.js';
import { smallFileSize } from './smallFileSize.js';
import type { ObjectInfo, StoredObject } from './storedObject.js';
import { TransferProgress } from './transferProgress.js';
import { useLocalFile } from './useLocalFile.js';

const firstConnections = 4;
const mostConnections = 16;

/** Where to put a download, and what it must be. */
export interface DownloadFileOptions extends CommonOptions {
  /** The path of the file to create. The folders above it are made. */
  destination: string;
  /** Replaces a file that is already there. @default false */
  overwrite?: boolean | undefined;
  /** Names another path where a file came to the destination meanwhile. @default that is an error */
  elsewhere?: (() => Promise<string>) | undefined;
  /** Bytes, where the caller knows better than the file handle. */
  size?: number | undefined;
  /** Hexadecimal, where the caller knows better than the file handle. */
  md5?: string | undefined;
  /** Compares the MD5 of the bytes with the one that Synapse has. @default true */
  verify?: boolean | undefined;
  /** Parts of this file to fetch at a time, at most. @default as many as make it faster, up to 16 */
  concurrency?: number | undefined;
  /** Bytes to fetch with one request. @default 8 MiB, and more for files over 800 GB */
  partSize?: number | undefined;
}

/** Opens the object to download; called once the destination is known to be usable. */
export interface DownloadOrigin {
  open: () => Promise<StoredObject>;
}

/**
 * Downloads an object of any storage to a file.
 *
 * Nothing appears under the name of the destination before the whole file is there and its MD5 is
 * right. An interrupted download of a large file leaves the parts it has beside the destination,
 * and the next one goes on with them.
 * @throws FileSystemError when the destination cannot be written, is there already, or the disk is full
 * @throws Md5MismatchError when the bytes are not the ones that Synapse promises
 * @throws SynapseHttpError, NetworkError, TimeoutError when the file store fails and goes on failing
 * @throws what `open` throws
 */
export async function downloadFile(
  { storage }: { storage: AttemptSettings },
  options: DownloadOrigin & DownloadFileOptions,
): Promise<DownloadedFile> {
  const { destination, signal, overwrite = false } = options;
  const progress = new TransferProgress('download', destination, options);
  try {
    signal?.throwIfAborted();
    await prepareDestination(destination, overwrite);
    const object = await options.open();
    try {
      const file = await fetchFile(describe(storage, object, options, progress), options.size);
      progress.done(file.path);
      return file;
    } finally {
      await object.close?.();
    }
  } catch (error) {
    progress.failed(error);
    throw error;
  }
}

function describe(
  storage: AttemptSettings,
  object: StoredObject,
  options: DownloadFileOptions,
  progress: TransferProgress,
): Download {
  const maximum = object.ranges === 'parallel' ? (options.concurrency ?? mostConnections) : 1;
  return {
    storage,
    object,
    progress,
    destination: options.destination,
    overwrite: options.overwrite ?? false,
    elsewhere: options.elsewhere,
    verify: options.verify ?? true,
    md5: (options.md5 ?? object.handle?.contentMd5)?.toLowerCase(),
    connections: { start: Math.min(firstConnections, maximum), maximum },
    partSize: options.partSize,
    signal: options.signal,
  };
}

async function fetchFile(
  download: Download,
  knownSize: number | undefined,
): Promise<DownloadedFile> {
  const { path } = download.object;
  if (path !== undefined) return useLocalFile(download, path);
  const { size, hasRanges } = await look(download, knownSize);
  if (size === undefined || !hasRanges) return downloadWhole(download, size);
  return size <= smallFileSize ? downloadSmall(download, size) : downloadLarge(download, size);
}

/** What is known of the object. The storage is asked only where nobody else knows. */
async function look(download: Download, knownSize: number | undefined): Promise<ObjectInfo> {
  const { object, signal } = download;
  const hasRanges = object.ranges !== 'costly';
  const size = knownSize ?? recordedSize(object);
  if (size !== undefined) return { size, hasRanges };
  const info = await readObject(download, ({ failures }) => object.stat({ failures, signal }));
  return { size: info.size, hasRanges: info.hasRanges && hasRanges };
}

/** The size of an external file is whatever its owner once wrote down. */
function recordedSize({ handle }: StoredObject): number | undefined {
  const isExternal =
    handle?.concreteType === 'org.sagebionetworks.repo.model.file.ExternalFileHandle';
  return isExternal ? undefined : handle?.contentSize;
}
