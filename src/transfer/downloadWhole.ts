import { dirname } from 'node:path';
import { fileSystemError } from '../errors.js';
import { fileMd5 } from '../files/fileMd5.js';
import { checkFreeSpace, placeFile } from '../files/placeFile.js';
import type { Download, DownloadedFile } from './download.js';
import { PartialFile } from './partialFile.js';
import { PartWriter } from './partWriter.js';
import { readObject } from './readObject.js';
import { verifyMd5 } from './verifyMd5.js';

/**
 * Downloads a file with one request: its size is unknown, or its storage does not support ranges. After a failure, it starts
 * again.
 *
 * @param expectedSize - Bytes, if the storage reports them.
 */
export async function downloadWhole(
  download: Download,
  expectedSize: number | undefined,
): Promise<DownloadedFile> {
  const { destination, progress, object, overwrite, elsewhere, signal } = download;
  progress.start(expectedSize);
  await checkFreeSpace(dirname(destination), expectedSize ?? 0);
  const partial = await PartialFile.open(destination, {
    fileHandleId: object.id,
    size: 0,
    partSize: 1,
    md5: undefined,
  });
  try {
    const size = await fetchAll(download, partial);
    const md5 = download.verify ? await fileMd5(partial.path, signal) : undefined;
    verifyMd5(destination, md5, download.md5);
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

/** @returns the number of bytes */
function fetchAll(download: Download, { file }: PartialFile): Promise<number> {
  const { object, signal, progress } = download;
  return readObject(download, async ({ failures }) => {
    const writer = new PartWriter(file, 0);
    let received = 0;
    try {
      await file.truncate(0);
      await object.get(
        {
          head: () => undefined,
          data: (chunk, release) => {
            received += chunk.length;
            progress.add(chunk.length);
            return writer.push(chunk, release);
          },
        },
        { failures, signal },
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
