import type { RecordRequest } from '../files/fileThread.js';
import { prepareDestination } from '../files/placeFile.js';
import type { CommonOptions } from '../options.js';
import type { AttemptSettings } from './attemptTransfer.js';
import type { Download, DownloadedFile } from './download.js';
import { downloadLarge } from './downloadLarge.js';
import { downloadSmall } from './downloadSmall.js';
import { downloadWhole, LargeObjectError } from './downloadWhole.js';
import { defaultPartSize } from './partPlan.js';
import { readObject } from './readObject.js';
import { smallFileSize } from './smallFiles.js';
import type { ObjectInfo, StoredObject } from './storedObject.js';
import { TransferProgress } from './transferProgress.js';
import { useLocalFile } from './useLocalFile.js';

const firstConnections = 4;
const mostConnections = 16;

/** The destination of a download, and its expected properties. */
export interface DownloadFileOptions extends CommonOptions {
  /** The path of the file to create. Missing folders are created. */
  destination: string;
  /** Whether to replace an existing file. @default false */
  overwrite?: boolean | undefined;
  /** Returns another path when another file has been created at the destination. @default an error */
  elsewhere?: (() => Promise<string>) | undefined;
  /** Called when the content is complete, before it replaces what is at the destination. What it throws keeps that. */
  beforePlacing?: (() => Promise<void>) | undefined;
  /** Bytes; takes precedence over the file handle. */
  size?: number | undefined;
  /** Hexadecimal; takes precedence over the file handle. */
  md5?: string | undefined;
  /** Whether to compare the MD5 of the bytes with the one in Synapse. @default true */
  verify?: boolean | undefined;
  /** What to record in the cache; done on the way when that takes less time. @internal */
  record?: RecordRequest | undefined;
  /** Maximum number of concurrent parts of this file. @default adaptive, up to 16 */
  concurrency?: number | undefined;
  /** Bytes to fetch with one request. @default 8 MiB, and more for files over 800 GB */
  partSize?: number | undefined;
}

/** Opens the object to download. Called after the destination has been checked. */
export interface DownloadOrigin {
  open: () => Promise<StoredObject>;
}

/**
 * Downloads an object from any storage to a file.
 *
 * The file appears at the destination only when it is complete and its MD5 matches. An interrupted
 * download of a large file keeps its parts next to the destination, and the next download resumes
 * with them.
 * @throws FileSystemError when the destination is not writable or already exists, or the disk is full
 * @throws Md5MismatchError when the MD5 of the bytes does not match the one in Synapse
 * @throws SynapseHttpError, NetworkError, TimeoutError when the file store still fails after retries
 * @throws the errors of `open`
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
    beforePlacing: options.beforePlacing,
    verify: options.verify ?? true,
    md5: (options.md5 ?? object.handle?.contentMd5)?.toLowerCase(),
    connections: { start: Math.min(firstConnections, maximum), maximum },
    record: options.record,
    partSize: options.partSize,
    signal: options.signal,
  };
}

async function fetchFile(
  download: Download,
  knownSize: number | undefined,
): Promise<DownloadedFile> {
  const { path, ranges } = download.object;
  if (path !== undefined) return useLocalFile(download, path);
  if (ranges === 'parallel' && (knownSize ?? recordedSize(download.object)) === undefined) {
    return downloadUnsized(download);
  }
  const { size, hasRanges } = await look(download, knownSize);
  if (size === undefined || !hasRanges) return downloadWhole(download, size);
  return size <= smallFileSize ? downloadSmall(download, size) : downloadLarge(download, size);
}

/** Downloads with the request that finds out the size. Only a large file takes further requests, for its parts. */
async function downloadUnsized(download: Download): Promise<DownloadedFile> {
  try {
    return await downloadWhole(download, undefined, { largest: defaultPartSize });
  } catch (error) {
    if (!(error instanceof LargeObjectError)) throw error;
    return downloadLarge(download, error.size);
  }
}

/** The size and the MD5 of the object. The storage is asked only if they are unknown. */
async function look(download: Download, knownSize: number | undefined): Promise<ObjectInfo> {
  const { object, signal } = download;
  const hasRanges = object.ranges !== 'costly';
  const size = knownSize ?? recordedSize(object);
  if (size !== undefined) return { size, hasRanges };
  const info = await readObject(download, ({ failures }) => object.stat({ failures, signal }));
  return { size: info.size, hasRanges: info.hasRanges && hasRanges };
}

/** The recorded size of an external file may be wrong, because its owner set it. */
function recordedSize({ handle }: StoredObject): number | undefined {
  const isExternal =
    handle?.concreteType === 'org.sagebionetworks.repo.model.file.ExternalFileHandle';
  return isExternal ? undefined : handle?.contentSize;
}
