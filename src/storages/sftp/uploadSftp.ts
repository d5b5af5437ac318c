import { createHash, randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { ArgumentError, fileSystemError, NetworkError, UploadError } from '../../errors.js';
import type { CommonOptions } from '../../options.js';
import { attemptTransfer, type TransferAttempt } from '../../transfer/attemptTransfer.js';
import { SourceFile } from '../../transfer/sourceFile.js';
import { TransferProgress } from '../../transfer/transferProgress.js';
import { withoutTrailing } from '../../values/whitespace.js';
import { openPendingUpload, type PendingUpload } from '../pendingUploads.js';
import { sftpUrl } from './sftpAddress.js';
import type { Answer } from './sftpRequests.js';
import { withSftpFile, writeSftp } from './sftpFile.js';
import { sftpError, withSftp, type SftpSession } from './sftpSession.js';
import type { StorageContext } from '../storageContext.js';
import type { UploadedObject } from '../s3/uploadS3.js';

/** A file to upload to an SFTP server. */
export interface UploadSftpOptions extends CommonOptions {
  path: string;
  fileName: string;
  /** The folder for the file, created if missing. A resumed upload stays in its original folder. */
  folderUrl: string;
  /** The Synapse folder of the file. */
  parentId: string;
}

/**
 * Uploads a local file to an SFTP server. The file gets its name after the whole content has arrived. After a broken connection or
 * a crash, the next attempt resumes.
 *
 * @throws The errors of {@link withSftp}.
 * @throws {@link UploadError} when the file changes during the upload.
 */
export async function uploadSftp(
  ctx: StorageContext,
  options: UploadSftpOptions,
): Promise<UploadedObject & { url: string }> {
  const { path, fileName, parentId } = options;
  if (fileName.includes('/') || fileName === '..' || fileName === '.') {
    throw new ArgumentError(`${JSON.stringify(fileName)} cannot be a file name on an SFTP server.`);
  }
  const progress = new TransferProgress('upload', path, options);
  const file = await SourceFile.open(path);
  try {
    const { root, isUsed } = ctx.cache;
    const { host } = new URL(options.folderUrl);
    const pending = await openPendingUpload(isUsed ? join(root, '.uploads') : undefined, [
      host,
      parentId,
      fileName,
      file.identity,
    ]);
    const place = pending.found ?? {
      folderUrl: options.folderUrl,
      temporaryName: `.${randomUUID()}.part`,
    };
    await pending.keep(place);
    const { folderUrl = options.folderUrl, temporaryName = '' } = place;
    const isResumed = pending.found !== undefined;
    const upload = { ...options, folderUrl, temporaryName, isResumed, file, progress };
    const uploaded = await putUntilThere(ctx, upload, pending);
    progress.done();
    return uploaded;
  } catch (error) {
    progress.failed(error);
    throw error;
  } finally {
    await file.close();
  }
}

interface SftpUpload extends UploadSftpOptions {
  temporaryName: string;
  /** Whether another process started it. */
  isResumed: boolean;
  file: SourceFile;
  progress: TransferProgress;
}

async function putUntilThere(
  ctx: StorageContext,
  upload: SftpUpload,
  pending: PendingUpload,
): Promise<UploadedObject & { url: string }> {
  const { folderUrl, signal, progress } = upload;
  let sent: number | undefined;
  const started = (there: number): void => {
    if (sent === undefined) progress.start(upload.file.size, there);
    else progress.add(there - sent);
    sent = there;
  };
  const putOnce = (attempt: TransferAttempt): Promise<UploadedObject & { url: string }> => {
    const moved = async (bytes: number): Promise<void> => {
      sent = (sent ?? 0) + bytes;
      progress.add(bytes);
      attempt.progress();
      await ctx.storage.pace(bytes, signal);
    };
    return withSftp(ctx, folderUrl, signal, (session) => put(session, upload, { started, moved }));
  };
  const onRetry = (error: unknown): void => progress.retry(error);
  try {
    const uploaded = await attemptTransfer(putOnce, {
      storage: ctx.storage,
      canRenew: false,
      signal,
      onRetry,
    });
    await pending.forget();
    return uploaded;
  } catch (error) {
    if (error instanceof NetworkError) pending.leave();
    else await pending.forget();
    throw error;
  }
}

/** Callbacks of an upload. */
interface SendReport {
  /** Called with the number of bytes that an earlier attempt sent. */
  started: (there: number) => void;
  moved: (bytes: number) => Promise<void>;
}

async function put(
  session: SftpSession,
  upload: SftpUpload,
  report: SendReport,
): Promise<UploadedObject & { url: string }> {
  const { client, requests } = session;
  const { file, fileName, folderUrl, temporaryName } = upload;
  const folder = withoutTrailing(session.path, '/') || '/';
  const target = posix.join(folder, fileName);
  const temporary = posix.join(folder, temporaryName);
  await client.makeFolder(folder);
  try {
    const md5 = await send(session, upload, temporary, report);
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
    // The earlier process may have already renamed the file. The folder contains nothing else.
    if (upload.isResumed) await client.remove(target);
    await client.rename(temporary, target);
    return { md5, size, url: sftpUrl(folderUrl, target) };
  } catch (cause) {
    const isStopped = upload.signal?.aborted === true;
    // After a broken connection, the next attempt resumes from the existing bytes.
    if (isStopped || !(sftpError(session, cause) instanceof NetworkError)) {
      await client.remove(temporary).catch(() => undefined);
    }
    throw cause;
  }
}

async function timesOf(path: string): Promise<{ atime: Date; mtime: Date }> {
  try {
    return await stat(path);
  } catch (cause) {
    throw fileSystemError('Cannot read', path, cause);
  }
}

/** Sends the missing bytes. @returns the MD5 of the whole file */
async function send(
  session: SftpSession,
  { file, signal }: SftpUpload,
  temporary: string,
  { started, moved }: SendReport,
): Promise<string> {
  const hash = createHash('md5');
  const there = await wholeBytes(session, temporary, file.size);
  started(there);
  await withSftpFile(session, temporary, there === 0 ? 'w' : 'r+', async (handle) => {
    let position = 0;
    for (const range of [
      { start: 0, end: there },
      { start: there, end: file.size },
    ]) {
      for await (const piece of file.pieces(range)) {
        hash.update(piece);
        if (position >= there) {
          await writeSftp(session, handle, piece, position, signal);
          await moved(piece.length);
        }
        position += piece.length;
      }
    }
  });
  return hash.digest('hex');
}

/** Bytes at the end of the file that the server may not have confirmed: one piece of the maximum length. */
const unconfirmed = 1024 * 1024;

/** The number of bytes of an earlier attempt that the server has certainly stored. */
async function wholeBytes(
  { client }: SftpSession,
  temporary: string,
  size: number,
): Promise<number> {
  if (!(await client.exists(temporary))) return 0;
  const there = Math.min((await client.stat(temporary)).size, size);
  return Math.max(0, there - unconfirmed);
}
