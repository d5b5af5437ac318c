import { createHash, randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { ArgumentError, UploadError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { RetryBudget } from '../transfer/retryBudget.js';
import { SourceFile } from '../transfer/sourceFile.js';
import { TransferProgress } from '../transfer/transferProgress.js';
import { sftpUrl } from './sftpAddress.js';
import type { Answer } from './sftpRequests.js';
import { withSftpFile, writeSftp } from './sftpFile.js';
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
  // One name for all attempts: after a broken connection the next one writes over what is there.
  const temporaryName = `.${randomUUID()}.part`;
  try {
    for (let isStarted = false; ; isStarted = true) {
      try {
        const uploaded = await withSftp(ctx, folderUrl, signal, (session) =>
          put(session, { ...options, temporaryName }, isStarted ? undefined : progress),
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
  {
    path,
    fileName,
    folderUrl,
    temporaryName,
    signal,
  }: UploadSftpOptions & { temporaryName: string },
  progress: TransferProgress | undefined,
): Promise<UploadedObject & { url: string }> {
  const { client, requests } = session;
  const folder = session.path.replace(/\/+$/, '') || '/';
  const target = posix.join(folder, fileName);
  const temporary = posix.join(folder, temporaryName);
  if ((await client.exists(folder)) === false) await client.mkdir(folder, true);
  const file = await SourceFile.open(path);
  try {
    const { atime, mtime } = await stat(path);
    progress?.start(file.size);
    const md5 = await send(session, { file, temporary, signal }, progress);
    await file.checkUnchanged();
    const { size } = await client.stat(temporary);
    if (size !== file.size) {
      throw new UploadError(
        `The SFTP server has ${size} bytes of ${path} instead of ${file.size}.`,
      );
    }
    await requests.send((wire, answer: Answer<void>) => {
      wire.utimes(temporary, atime, mtime, answer);
    });
    await client.rename(temporary, target);
    return { md5, size, url: sftpUrl(folderUrl, target) };
  } catch (error) {
    await client.delete(temporary, true).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

/** @returns the MD5 of what was sent */
async function send(
  session: SftpSession,
  source: { file: SourceFile; temporary: string; signal: AbortSignal | undefined },
  progress: TransferProgress | undefined,
): Promise<string> {
  const { file, temporary, signal } = source;
  const hash = createHash('md5');
  await withSftpFile(session, temporary, 'w', async (handle) => {
    let position = 0;
    for await (const piece of file.pieces({ start: 0, end: file.size })) {
      hash.update(piece);
      await writeSftp(session, handle, piece, position, signal);
      position += piece.length;
      progress?.add(piece.length);
    }
  });
  return hash.digest('hex');
}
