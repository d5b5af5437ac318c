import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import type * as M from '../../../generated/models.js';
import { fileSystemError, DownloadError, Md5MismatchError } from '../../errors.js';
import { md5OfFile } from '../../files/chasingMd5.js';
import type { DownloadedFile } from '../../transfer/download.js';
import type { DownloadOptions } from '../../transfer/downloadFile.js';
import type { DownloadStreamOptions } from '../../transfer/downloadStream.js';
import { PartialFile } from '../../transfer/partialFile.js';
import { checkFreeSpace, placeFile, prepareDestination } from '../../files/placeFile.js';
import { RetryBudget } from '../../transfer/retryBudget.js';
import { TransferProgress } from '../../transfer/transferProgress.js';
import { openSftpFile, readSftp, withSftpFile } from './sftpFile.js';
import { openSftp, sftpError, withSftp } from './sftpSession.js';
import type { StorageContext } from '../storageContext.js';

/** Bytes asked for together. */
const pieceSize = 1024 * 1024;

/** A file on an SFTP server. */
export type SftpHandle = M.ExternalFileHandle & { externalURL: string };

/**
 * Downloads a file from an SFTP server. Nothing appears under the name of the destination before all of it is there and,
 * where Synapse knows the MD5, that is right.
 *
 * @throws What {@link withSftp} throws.
 * @throws {@link Md5MismatchError} when the bytes are not the ones that Synapse promises.
 * @throws {@link FileSystemError} when the destination cannot be written, is there already, or the disk is full.
 */
export async function downloadSftp(
  ctx: StorageContext,
  handle: SftpHandle,
  options: DownloadOptions,
): Promise<DownloadedFile> {
  const { destination, overwrite = false, elsewhere, verify = true } = options;
  const progress = new TransferProgress('download', destination, options);
  const expected = (options.md5 ?? handle.contentMd5)?.toLowerCase();
  try {
    await prepareDestination(destination, overwrite);
    const partial = await PartialFile.open(destination, {
      fileHandleId: handle.id ?? 'external',
      size: 0,
      partSize: 1,
      md5: undefined,
    });
    try {
      const size = await fetchAll(ctx, { url: handle.externalURL, partial, progress }, options);
      const md5 = verify ? await md5OfFile(partial.path, size) : undefined;
      if (md5 !== undefined && expected !== undefined && md5 !== expected) {
        throw new Md5MismatchError({ path: destination, expected, actual: md5 });
      }
      await partial.checkWhole(size);
      const placement = { overwrite, elsewhere, size, md5 };
      const path = await placeFile(partial.path, destination, placement);
      progress.done(path);
      return { path, bytes: size, md5 };
    } catch (error) {
      throw fileSystemError('Cannot write', partial.path, error);
    } finally {
      await partial.remove();
    }
  } catch (error) {
    progress.failed(error);
    throw error;
  }
}

/** A connection that breaks is taken up again where it broke. @returns the size of the file */
async function fetchAll(
  ctx: StorageContext,
  job: { url: string; partial: PartialFile; progress: TransferProgress },
  { signal }: DownloadOptions,
): Promise<number> {
  const { url, partial, progress } = job;
  const budget = new RetryBudget(ctx.storage, signal);
  const buffer = Buffer.allocUnsafeSlow(pieceSize);
  let position = 0;
  let size: number | undefined;
  for (;;) {
    try {
      return await withSftp(ctx, url, signal, async (session) => {
        const now = (await session.client.stat(session.path)).size;
        if (size === undefined) {
          await checkFreeSpace(dirname(partial.path), now);
          progress.start(now);
        } else if (now !== size) {
          throw new DownloadError('The file was replaced on its server while it was downloaded.');
        }
        size = now;
        return withSftpFile(session, session.path, 'r', async (handle) => {
          for (;;) {
            const bytes = await readSftp(session, handle, buffer, position, signal);
            if (bytes === 0) break;
            await writeLocal(partial, buffer.subarray(0, bytes), position);
            position += bytes;
            progress.add(bytes);
            budget.progress();
            await ctx.storage.pace(bytes, signal);
          }
          if (position !== now)
            throw new DownloadError('The SFTP server sent another number of bytes than it has.');
          return position;
        });
      });
    } catch (error) {
      await budget.afterFailure(error, { canRefresh: false });
      progress.retry(error);
    }
  }
}

/** A disk that is full is no trouble of the connection: it is not tried again. */
async function writeLocal(partial: PartialFile, bytes: Buffer, position: number): Promise<void> {
  try {
    for (let at = 0; at < bytes.length;) {
      const { bytesWritten } = await partial.file.write(
        bytes,
        at,
        bytes.length - at,
        position + at,
      );
      at += bytesWritten;
    }
  } catch (cause) {
    throw fileSystemError('Cannot write', partial.path, cause);
  }
}

/** Streams a file, or a range of it, from an SFTP server. Destroying the stream ends the connection. */
export function streamSftp(
  ctx: StorageContext,
  handle: SftpHandle,
  options: DownloadStreamOptions,
): Readable {
  return Readable.from(piecesOf(ctx, handle, options), { objectMode: false });
}

async function* piecesOf(
  ctx: StorageContext,
  handle: SftpHandle,
  options: DownloadStreamOptions,
): AsyncGenerator<Buffer> {
  const { range: { start, end } = { start: 0, end: undefined }, verify = true, signal } = options;
  const isWhole = start === 0 && end === undefined;
  const name = handle.fileName ?? handle.externalURL;
  const progress = new TransferProgress('download', name, options);
  progress.start(isWhole ? handle.contentSize : undefined);
  const session = await openSftp(ctx, handle.externalURL, signal);
  const hash = createHash('md5');
  try {
    const file = await openSftpFile(session, session.path, 'r');
    for (let position = start; end === undefined || position < end;) {
      const piece = Buffer.allocUnsafe(Math.min(pieceSize, (end ?? Infinity) - position));
      const bytes = await readSftp(session, file, piece, position, signal);
      if (bytes === 0) break;
      position += bytes;
      hash.update(piece.subarray(0, bytes));
      progress.add(bytes);
      await ctx.storage.pace(bytes, signal);
      yield piece.subarray(0, bytes);
    }
    const [actual, expected] = [hash.digest('hex'), handle.contentMd5?.toLowerCase()];
    if (verify && isWhole && expected !== undefined && actual !== expected) {
      throw new Md5MismatchError({ path: name, expected, actual });
    }
    progress.done();
  } catch (cause) {
    const error: unknown = signal?.aborted === true ? signal.reason : sftpError(session, cause);
    progress.failed(error);
    throw error;
  } finally {
    await session.close();
  }
}
