import type { CommonOptions } from '../options.js';
import type { Download, DownloadedFile } from './download.js';
import { downloadLarge } from './downloadLarge.js';
import { downloadSmall, smallFile } from './downloadSmall.js';
import { openDownloadSource, type DownloadSource, type DownloadTarget } from './downloadSource.js';
import { downloadUnsized, probeSize } from './downloadUnsized.js';
import { useLocalFile } from './localFile.js';
import { prepareDestination } from '../files/placeFile.js';
import type { TransferContext } from './transferContext.js';
import { expectListeners } from './transferScope.js';
import { TransferProgress } from './transferProgress.js';

const firstConnections = 4;
const mostConnections = 16;

/** Where to put a download, and what it must be. */
export interface DownloadOptions extends CommonOptions {
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
  /** Makes the folder above the destination. A bulk has one that looks at each folder once. @internal */
  makeFolder?: ((folder: string) => Promise<void>) | undefined;
}

/**
 * Downloads a file.
 *
 * Nothing appears under the name of the destination before the whole file is there and its MD5 is
 * right. An interrupted download of a large file leaves the parts it has beside the destination,
 * and the next one goes on with them.
 * @throws FileSystemError when the destination cannot be written, is there already, or the disk is full
 * @throws Md5MismatchError when the bytes are not the ones that Synapse promises
 * @throws NotFoundError, AuthorizationError when Synapse does not give the file
 * @throws SynapseHttpError, NetworkError, TimeoutError when the file store fails and goes on failing
 * @see https://rest-docs.synapse.org/rest/POST/fileHandle/batch.html
 */
export async function downloadFile(
  context: TransferContext,
  options: DownloadTarget & DownloadOptions,
): Promise<DownloadedFile> {
  const { destination, signal, overwrite = false, concurrency = mostConnections } = options;
  const progress = new TransferProgress('download', destination, options);
  expectListeners(signal);
  try {
    signal?.throwIfAborted();
    await prepareDestination(destination, overwrite, options.makeFolder);
    const source = await openDownloadSource(context, options, signal);
    const download: Download = {
      storage: context.storage,
      source,
      destination,
      overwrite,
      elsewhere: options.elsewhere,
      verify: options.verify ?? true,
      md5: (options.md5 ?? source.handle?.contentMd5)?.toLowerCase(),
      connections: { start: Math.min(firstConnections, concurrency), maximum: concurrency },
      partSize: options.partSize,
      signal,
      progress,
    };
    const file = await fetchFile(download, options.size);
    progress.done(file.path);
    return file;
  } catch (error) {
    progress.failed(error);
    throw error;
  }
}

async function fetchFile(
  download: Download,
  knownSize: number | undefined,
): Promise<DownloadedFile> {
  const { source } = download;
  const url = await source.url();
  if (url.startsWith('file:')) return useLocalFile(download, url);
  const size = knownSize ?? recordedSize(source) ?? (await probeSize(download));
  if (size === undefined) return downloadUnsized(download);
  return size <= smallFile ? downloadSmall(download, size) : downloadLarge(download, size);
}

/** The size of an external file is whatever its owner once wrote down. */
function recordedSize({ handle }: DownloadSource): number | undefined {
  const isExternal =
    handle?.concreteType === 'org.sagebionetworks.repo.model.file.ExternalFileHandle';
  return isExternal ? undefined : handle?.contentSize;
}
