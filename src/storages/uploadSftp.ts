import { createHash, randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { ArgumentError, fileSystemError, UploadError } from '../errors.js';
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
  const file = await SourceFile.open(path);
  // One name for all attempts: after a broken connection the next one writes over what is there.
  const temporaryName = `.${randomUUID()}.part`;
  try {
    progress.start(file.size);
    for (;;) {
      let sent = 0;
      const onSent = (bytes: number): void => {
        sent += bytes;
        progress.add(bytes);
      };
      try {
        const uploaded = await withSftp(ctx, folderUrl, signal, (session) =>
          put(session, { file, fileName, folderUrl, temporaryName, signal, onSent }),
        );
        progress.done();
        return uploaded;
      } catch (error) {
        await budget.afterFailure(error, { canRefresh: false });
        progress.add(-sent);
        progress.retry(error);
      }
    }
  } catch (error) {
    progress.failed(error);
    throw error;
  } finally {
    await file.close();
  }
}

interface SftpUpload {
  file: SourceFile;
  fileName: string;
  folderUrl: string;
  temporaryName: string;
  signal: AbortSignal | undefined;
  onSent: (bytes: number) => void;
}

async function put(
  session: SftpSession,
  upload: SftpUpload,
): Promise<UploadedObject & { url: string }> {
  const { client, requests } = session;
  const { file, fileName, folderUrl, temporaryName } = upload;
  const folder = session.path.replace(/\/+$/, '') || '/';
  const target = posix.join(folder, fileName);
  const temporary = posix.join(folder, temporaryName);
  if ((await client.exists(folder)) === false) await client.mkdir(folder, true);
  try {
    const md5 = await send(session, upload, temporary);
    await file.checkUnchanged();
    const { size } = await client.stat(temporary);
    if (size !== file.size) {
      throw new UploadError(
        `The SFTP server has ${size} bytes of ${file.path} instead of ${file.size}.`,
      );
    }
    const { atime, mtime } = await timesOf(file.path);
    await requests.send((wire, answer: Answer<void>) => {
      wire.utimes(temporary, atime, mtime, answer);
    });
    await client.rename(temporary, target);
    return { md5, size, url: sftpUrl(folderUrl, target) };
  } catch (error) {
    await client.delete(temporary, true).catch(() => undefined);
    throw error;
  }
}

async function timesOf(path: string): Promise<{ atime: Date; mtime: Date }> {
  try {
    return await stat(path);
  } catch (cause) {
    throw fileSystemError('Cannot read', path, cause);
  }
}

/** @returns the MD5 of what was sent */
async function send(
  session: SftpSession,
  { file, signal, onSent }: SftpUpload,
  temporary: string,
): Promise<string> {
  const hash = createHash('md5');
  await withSftpFile(session, temporary, 'w', async (handle) => {
    let position = 0;
    for await (const piece of file.pieces({ start: 0, end: file.size })) {
      hash.update(piece);
      await writeSftp(session, handle, piece, position, signal);
      position += piece.length;
      onSent(piece.length);
    }
  });
  return hash.digest('hex');
}
