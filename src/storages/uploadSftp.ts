import { createHash, randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { ArgumentError, UploadError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { filePieces } from '../transfer/filePieces.js';
import { RetryBudget } from '../transfer/retryBudget.js';
import { TransferProgress } from '../transfer/transferProgress.js';
import { changedWhileUploading, openForReading } from '../transfer/uploadRequest.js';
import { sftpUrl } from './sftpAddress.js';
import { settled, withSftpFile, writeSftp } from './sftpFile.js';
import { withSftp, type SftpSession } from './sftpSession.js';
import type { StorageContext } from './storageContext.js';
import type { UploadedObject } from './uploadS3.js';

/** A file to put on an SFTP server. */
export interface UploadSftpOptions extends CommonOptions {
  path: string;
  fileName: string;
  /** The folder to put it in, which is made. */
  folderUrl: string;
}

/**
 * Puts a local file on an SFTP server. Nothing appears there under the name of the file before all of it has arrived.
 *
 * @throws What {@link withSftp} throws.
 * @throws {@link UploadError} when the file changes meanwhile.
 */
export async function uploadSftp(
  ctx: StorageContext,
  options: UploadSftpOptions,
): Promise<UploadedObject & { url: string }> {
  const { path, fileName, folderUrl, signal } = options;
  if (fileName.includes('/') || fileName === '..' || fileName === '.') {
    throw new ArgumentError(`${JSON.stringify(fileName)} cannot be a file name on an SFTP server.`);
  }
  const progress = new TransferProgress('upload', path, options);
  const budget = new RetryBudget(ctx.storage, signal);
  try {
    for (let isStarted = false; ; isStarted = true) {
      try {
        const uploaded = await withSftp(ctx, folderUrl, signal, (session) =>
          put(session, options, isStarted ? undefined : progress),
        );
        progress.done();
        return uploaded;
      } catch (error) {
        await budget.afterFailure(error, { canRefresh: false });
        progress.retry(error);
      }
    }
  } catch (error) {
    progress.failed(error);
    throw error;
  }
}

async function put(
  session: SftpSession,
  { path, fileName, folderUrl, signal }: UploadSftpOptions,
  progress: TransferProgress | undefined,
): Promise<UploadedObject & { url: string }> {
  const { client, wire } = session;
  const folder = session.path.replace(/\/+$/, '') || '/';
  const target = posix.join(folder, fileName);
  const temporary = posix.join(folder, `.${randomUUID()}.part`);
  if ((await client.exists(folder)) === false) await client.mkdir(folder, true);
  try {
    const before = await stat(path);
    progress?.start(before.size);
    const sent = await send(session, { path, temporary, size: before.size, signal }, progress);
    const after = await stat(path);
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
      throw changedWhileUploading(path);
    }
    const { size } = await client.stat(temporary);
    if (size !== sent.size) {
      throw new UploadError(
        `The SFTP server has ${size} bytes of ${path} instead of ${sent.size}.`,
      );
    }
    await settled((callback) => wire.utimes(temporary, before.atime, before.mtime, callback));
    await client.rename(temporary, target);
    return { ...sent, url: sftpUrl(folderUrl, target) };
  } catch (error) {
    await client.delete(temporary, true).catch(() => undefined);
    throw error;
  }
}

async function send(
  session: SftpSession,
  source: { path: string; temporary: string; size: number; signal: AbortSignal | undefined },
  progress: TransferProgress | undefined,
): Promise<UploadedObject> {
  const { path, temporary, size, signal } = source;
  const hash = createHash('md5');
  const file = await openForReading(path);
  try {
    await withSftpFile(session, temporary, 'w', async (handle) => {
      let position = 0;
      for await (const piece of filePieces(file, { start: 0, end: size }, () =>
        changedWhileUploading(path),
      )) {
        hash.update(piece);
        await writeSftp(session, handle, piece, position, signal);
        position += piece.length;
        progress?.add(piece.length);
      }
    });
    return { md5: hash.digest('hex'), size };
  } finally {
    await file.close();
  }
}
