import { dirname } from 'node:path';
import { fileSystemError, Md5MismatchError } from '../errors.js';
import { startMd5 } from '../files/incrementalMd5.js';
import type { Download, DownloadedFile } from './download.js';
import { downloadParts } from './downloadParts.js';
import { ObjectChangedError } from './objectChangedError.js';
import { defaultPartSize } from './partPlan.js';
import { PartialFile } from './partialFile.js';
import { checkFreeSpace, placeFile } from '../files/placeFile.js';
import { verifyMd5 } from './verifyMd5.js';

/** Maximum number of parts. More would only use memory. */
const maximumParts = 100_000;

/** Maximum number of restarts when the file changes during the download. */
const maximumRestarts = 2;

/** Downloads a file of a known size in parts, and resumes an interrupted download. */
export async function downloadLarge(download: Download, size: number): Promise<DownloadedFile> {
  const { destination, progress, object } = download;
  const partSize = Math.max(download.partSize ?? defaultPartSize, Math.ceil(size / maximumParts));
  for (let restarts = 0; ; restarts += 1) {
    const partial = await PartialFile.open(destination, {
      fileHandleId: object.id,
      size,
      partSize,
      // Without an MD5 check at the end, old parts cannot be trusted.
      md5: download.verify ? download.md5 : undefined,
    });
    const hadParts = partial.isResumed;
    try {
      const there = bytesThere(partial.done, size, partSize);
      if (restarts === 0) progress.start(size, there);
      await checkFreeSpace(dirname(destination), size - there);
      const md5 = await fill(download, partial, size, partSize);
      await partial.checkWhole(size);
      const { overwrite, elsewhere } = download;
      const placement = { overwrite, elsewhere, size, md5 };
      await download.beforePlacing?.();
      const path = await placeFile(partial.path, destination, placement);
      await partial.remove();
      return { path, bytes: size, md5 };
    } catch (error) {
      const isDamaged = error instanceof Md5MismatchError;
      const isChanged = error instanceof ObjectChangedError;
      if (isDamaged || isChanged) await partial.remove();
      else await partial.leave();
      if (!(isChanged || (isDamaged && hadParts)) || restarts === maximumRestarts) {
        throw fileSystemError('Cannot write', partial.path, error);
      }
      progress.add(-size);
      progress.retry(error);
    }
  }
}

/** Fetches the missing parts. @returns the MD5 of the whole file */
async function fill(
  download: Download,
  partial: PartialFile,
  size: number,
  partSize: number,
): Promise<string | undefined> {
  const { destination, progress } = download;
  const md5 = download.verify ? await startMd5(partial.path, size) : undefined;
  try {
    let whole = 0;
    const advance = (): void => {
      while (partial.done[whole] === 1) whole += 1;
      md5?.advance(Math.min(whole * partSize, size));
    };
    advance();
    await downloadParts({
      ...download,
      file: partial.file,
      size,
      partSize,
      done: partial.done,
      onBytes: (bytes) => progress.add(bytes),
      onRetry: (error) => progress.retry(error),
      onPart: async (index) => {
        await partial.recordPart(index);
        advance();
      },
    });
    const actual = await md5?.digest();
    verifyMd5(destination, actual, download.md5);
    return actual;
  } finally {
    await md5?.close();
  }
}

function bytesThere(done: Uint8Array, size: number, partSize: number): number {
  const parts = done.reduce((sum, isDone) => sum + isDone, 0);
  const shortBy = done.at(-1) === 1 ? done.length * partSize - size : 0;
  return parts * partSize - shortBy;
}
