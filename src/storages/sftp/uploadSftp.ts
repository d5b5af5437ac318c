import { createHash, randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { ArgumentError, fileSystemError, NetworkError, UploadError } from '../../errors.js';
import type { CommonOptions } from '../../options.js';
import { RetryBudget } from '../../transfer/retryBudget.js';
import { SourceFile } from '../../transfer/sourceFile.js';
import { TransferProgress } from '../../transfer/transferProgress.js';
import { openPendingUpload, type PendingUpload } from '../pendingUploads.js';
import { sftpUrl } from './sftpAddress.js';
import type { Answer } from './sftpRequests.js';
import { withSftpFile, writeSftp } from './sftpFile.js';
import { sftpError, withSftp, type SftpSession } from './sftpSession.js';
import type { StorageContext } from '../storageContext.js';
import type { UploadedObject } from '../s3/uploadS3.js';

/** A file to put on an SFTP server. */
export interface UploadSftpOptions extends CommonOptions {
  path: string;
  fileName: string;
  /** The folder to put it in, which is made, unless an upload that was interrupted has begun in another one. */
  folderUrl: string;
  /** The folder in Synapse that the file is for. */
  parentId: string;
}

/**
 * Puts a local file on an SFTP server. Nothing appears there under the name of the file before all of it has arrived.
 * After a broken connection or a crash, the next attempt goes on where the last one was.
 *
 * @throws What {@link withSftp} throws.
 * @throws {@link UploadError} when the file changes meanwhile.
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
  /** Whether another process has begun it. */
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
  const budget = new RetryBudget(ctx.storage, signal);
  let sent: number | undefined;
  const moved = async (bytes: number): Promise<void> => {
    sent = (sent ?? 0) + bytes;
    progress.add(bytes);
    budget.progress();
    await ctx.storage.pace(bytes, signal);
  };
  const started = (there: number): void => {
    if (sent === undefined) progress.start(upload.file.size, there);
    else progress.add(there - sent);
    sent = there;
  };
  for (;;) {
    try {
      const uploaded = await withSftp(ctx, folderUrl, signal, (session) =>
        put(session, upload, { started, moved }),
      );
      await pending.forget();
      return uploaded;
    } catch (error) {
      try {
        await budget.afterFailure(error, { canRefresh: false });
      } catch (last) {
        if (last instanceof NetworkError) pending.leave();
        else await pending.forget();
        throw last;
      }
      progress.retry(error);
    }
  }
}

/** Told of what goes out. */
interface SendReport {
  /** So much is there from before. */
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
  const folder = session.path.replace(/\/+$/, '') || '/';
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
    // That process may have come as far as this, in a folder that nothing else is put into.
    if (upload.isResumed) await client.remove(target);
    await client.rename(temporary, target);
    return { md5, size, url: sftpUrl(folderUrl, target) };
  } catch (cause) {
    const isStopped = upload.signal?.aborted === true;
    // What a broken connection leaves there, the next attempt goes on with.
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

/** Sends what is not there yet. @returns the MD5 of the whole file */
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

/** Pieces go out one after the other, none of them longer than this: what is further from the end has been confirmed. */
const unconfirmed = 1024 * 1024;

/** How much of the file an earlier attempt has brought there for certain. */
async function wholeBytes(
  { client }: SftpSession,
  temporary: string,
  size: number,
): Promise<number> {
  if (!(await client.exists(temporary))) return 0;
  const there = Math.min((await client.stat(temporary)).size, size);
  return Math.max(0, there - unconfirmed);
}
