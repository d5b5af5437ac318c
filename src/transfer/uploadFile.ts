import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ArgumentError } from '../errors.js';
import { guessContentType } from './contentType.js';
import { filePieces } from './filePieces.js';
import { runMultipart } from './multipart.js';
import { partRange } from './partPlan.js';
import { spoolStream } from './spoolStream.js';
import type { TransferContext } from './transferContext.js';
import { expectListeners } from './transferScope.js';
import { TransferProgress } from './transferProgress.js';
import {
  changedWhileUploading,
  openForReading,
  prepareUpload,
  type PreparedUpload,
  type UploadFileOptions,
} from './uploadRequest.js';

const firstConnections = 4;
const mostConnections = 16;

/** What to upload: a local file, or a stream, which needs a name. */
export type UploadOptions = Omit<UploadFileOptions, 'path'> & {
  /** Sends everything anew, whatever the server has of an earlier upload of the same content. @default false */
  forceRestart?: boolean | undefined;
  /** Parts of this file to send at a time, at most. @default as many as make it faster, up to 16 */
  concurrency?: number | undefined;
} & (
    | { path: string; stream?: undefined }
    | {
        /** Copied to a temporary file first: Synapse wants the MD5 before the first part. */
        stream: Readable | AsyncIterable<Uint8Array>;
        fileName: string;
        path?: undefined;
      }
  );

/** A file that Synapse has. */
export interface UploadedFile {
  fileHandleId: string;
  /** Lower-case hexadecimal. */
  md5: string;
  /** Bytes. */
  size: number;
}

/**
 * Uploads a file to the storage of Synapse, or to an S3 or Google bucket that Synapse writes to.
 *
 * An interrupted upload goes on where it stopped when the same file is uploaded again, and content
 * that this user has uploaded before is not sent again.
 * @throws ArgumentError when there is nothing to upload: Synapse accepts no empty files
 * @throws FileSystemError when the file cannot be read
 * @throws UploadError when the file changes meanwhile, or parts cannot be sent
 * @see https://rest-docs.synapse.org/rest/POST/file/multipart.html
 */
export async function uploadFile(
  context: TransferContext,
  options: UploadOptions,
): Promise<UploadedFile> {
  expectListeners(options.signal);
  if (options.stream === undefined) {
    const { path } = options;
    return send(context, options, await prepareUpload({ ...options, path }), path);
  }
  if (options.fileName === '') throw new ArgumentError('A stream to upload needs a file name.');
  const spool = await spoolStream(options.stream, options.signal);
  try {
    const { path } = spool;
    const contentType = options.contentType ?? guessContentType(options.fileName);
    const prepared = await prepareUpload({ ...options, path, contentType });
    return await send(context, options, prepared, path);
  } finally {
    await spool.remove();
  }
}

async function send(
  context: TransferContext,
  options: UploadOptions,
  prepared: PreparedUpload,
  path: string,
): Promise<UploadedFile> {
  const { md5, size, plan, request, checkUnchanged } = prepared;
  const { signal, concurrency = mostConnections, forceRestart = false } = options;
  const progress = new TransferProgress('upload', options.path ?? options.fileName, options);
  const file = await openForReading(path);
  try {
    const fileHandleId = await runMultipart(context, {
      request,
      forceRestart,
      connections: { start: Math.min(firstConnections, concurrency), maximum: concurrency },
      signal,
      send: (part, number, { onSent, signal: partSignal }) =>
        sendPart(
          context,
          { prepared, file, path, number },
          { ...part, onSent, signal: partSignal },
        ),
      checkUnchanged,
      onStart: (present) => {
        const sizes = present.map((number) => sizeOf(size, plan.partSize, number));
        progress.start(
          size,
          sizes.reduce((sum, each) => sum + each, 0),
        );
      },
      onBytes: (bytes) => progress.add(bytes),
      onRetry: (error) => progress.retry(error),
    });
    progress.done();
    return { fileHandleId, md5, size };
  } catch (error) {
    progress.failed(error);
    throw error;
  } finally {
    await file.close();
  }
}

async function sendPart(
  { storage }: TransferContext,
  part: { prepared: PreparedUpload; file: FileHandle; path: string; number: number },
  options: {
    url: string;
    headers: Readonly<Record<string, string>>;
    onSent: (bytes: number) => void;
    signal: AbortSignal;
  },
): Promise<string> {
  const { prepared, file, path, number } = part;
  const { url, headers, onSent, signal } = options;
  const range = partRange(prepared.size, prepared.plan.partSize, number);
  await storage.put(url, {
    headers,
    size: range.end - range.start,
    body: () => filePieces(file, range, () => changedWhileUploading(path)),
    onSent,
    signal,
  });
  return prepared.partMd5s[number - 1] ?? '';
}

function sizeOf(size: number, partSize: number, number: number): number {
  const { start, end } = partRange(size, partSize, number);
  return end - start;
}
