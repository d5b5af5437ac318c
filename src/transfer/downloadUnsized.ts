import { fileSystemError, Md5MismatchError } from '../errors.js';
import { md5OfFile } from '../files/chasingMd5.js';
import type { Download, DownloadedFile } from './download.js';
import { PartialFile } from './partialFile.js';
import { PartWriter } from './partWriter.js';
import { placeFile } from '../files/placeFile.js';
import { judgeStorageError } from '../net/storageError.js';
import { withRetries } from './withRetries.js';

/** Ends a request once its head has told what is wanted. */
class Probed extends Error {
  readonly size: number | undefined;

  constructor(size: number | undefined) {
    super('The head of the answer was enough.');
    this.size = size;
  }
}

/**
 * Asks a server for the size of a file, and whether it can send parts of it.
 * @returns `undefined` when it cannot, or does not say
 */
export function probeSize(download: Download): Promise<number | undefined> {
  const { storage, signal } = download;
  return withRetries(download, async (url) => {
    try {
      await storage.get(
        url,
        {
          head: ({ status, headers }) => {
            const total = /^bytes 0-0\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1];
            throw new Probed(status === 206 && total !== undefined ? Number(total) : undefined);
          },
          data: () => undefined,
        },
        { range: { start: 0, end: 1 }, signal },
      );
    } catch (error) {
      if (error instanceof Probed) return error.size;
      // 416: an empty file has no first byte.
      if (judgeStorageError(error) !== 'changed') throw error;
    }
    return undefined;
  });
}

/** Downloads a file whose size is not known before its end, in one go: a failure means to begin again. */
export async function downloadUnsized(download: Download): Promise<DownloadedFile> {
  const { destination, progress, source, overwrite, elsewhere } = download;
  progress.start(undefined);
  const partial = await PartialFile.open(destination, {
    fileHandleId: source.id,
    size: 0,
    partSize: 1,
    md5: undefined,
  });
  try {
    const size = await fetchAll(download, partial);
    const md5 = download.verify ? await md5OfFile(partial.path, size) : undefined;
    if (md5 !== undefined && download.md5 !== undefined && md5 !== download.md5) {
      throw new Md5MismatchError({ path: destination, expected: download.md5, actual: md5 });
    }
    await partial.checkWhole(size);
    const placement = { overwrite, elsewhere, size, md5 };
    const path = await placeFile(partial.path, destination, placement);
    return { path, bytes: size, md5 };
  } catch (error) {
    throw fileSystemError('Cannot write', partial.path, error);
  } finally {
    await partial.remove();
  }
}

/** @returns how many bytes there were */
function fetchAll(download: Download, { file }: PartialFile): Promise<number> {
  const { storage, signal, progress } = download;
  return withRetries(download, async (url) => {
    const writer = new PartWriter(file, 0);
    let received = 0;
    try {
      await file.truncate(0);
      await storage.get(
        url,
        {
          head: () => undefined,
          data: (chunk, release) => {
            received += chunk.length;
            progress.add(chunk.length);
            return writer.push(chunk, release);
          },
        },
        { signal },
      );
      await writer.flush();
      return received;
    } catch (error) {
      await writer.flush().catch(() => undefined);
      progress.add(-received);
      throw error;
    }
  });
}
