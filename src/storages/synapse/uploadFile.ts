import type { Readable } from 'node:stream';
import { ArgumentError } from '../../errors.js';
import { guessContentType } from '../../transfer/contentType.js';
import { runMultipart, type MultipartJob } from './multipart.js';
import { partRange, type ByteRange } from '../../transfer/partPlan.js';
import { SourceFile } from '../../transfer/sourceFile.js';
import { spoolStream } from '../../transfer/spoolStream.js';
import type { UploadContext } from './synapseContext.js';
import { TransferProgress } from '../../transfer/transferProgress.js';
import { prepareUpload, type PreparedUpload } from '../../transfer/prepareUpload.js';
import { multipartRequest, type UploadFileOptions } from './multipartRequest.js';

const firstConnections = 4;
const mostConnections = 16;

/** The content to upload: a local file, or a stream, which needs a name. */
export type UploadOptions = UploadFileOptions & {
  /** Whether to start again, ignoring the parts of an earlier upload of the same content. @default false */
  forceRestart?: boolean | undefined;
  /** Maximum number of concurrent parts of this file. @default adaptive, up to 16 */
  concurrency?: number | undefined;
} & (
    | { path: string; stream?: undefined }
    | {
        /** Copied to a temporary file first, because Synapse needs the MD5 before the first part. */
        stream: Readable | AsyncIterable<Uint8Array>;
        fileName: string;
        path?: undefined;
      }
  );

/** An uploaded file. */
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
 * Uploading the same file again resumes an interrupted upload, and content that this user has uploaded
 * before is not sent again.
 * @throws ArgumentError when the content is empty, because Synapse does not accept empty files
 * @throws FileSystemError when the file cannot be read
 * @throws UploadError when the file changes during the upload, or parts cannot be sent
 * @see https://rest-docs.synapse.org/rest/POST/file/multipart.html
 */
export async function uploadFile(
  context: UploadContext,
  options: UploadOptions,
): Promise<UploadedFile> {
  options.signal?.throwIfAborted();
  if (options.stream === undefined) return uploadPath(context, options, options.path);
  if (options.fileName === '') throw new ArgumentError('A stream to upload needs a file name.');
  const spool = await spoolStream(options.stream, options.signal);
  try {
    const contentType = options.contentType ?? (await guessContentType(options.fileName));
    return await uploadPath(context, { ...options, contentType }, spool.path);
  } finally {
    await spool.remove();
  }
}

async function uploadPath(
  context: UploadContext,
  options: UploadOptions,
  path: string,
): Promise<UploadedFile> {
  const source = await SourceFile.open(path);
  try {
    const prepared = await prepareUpload(source, options);
    const progress = new TransferProgress('upload', options.path ?? options.fileName, options);
    try {
      const fileHandleId = await runMultipart(
        context,
        await multipartJob(context, { source, prepared, options, progress }),
      );
      progress.done();
      return { fileHandleId, md5: prepared.md5, size: source.size };
    } catch (error) {
      progress.failed(error);
      throw error;
    }
  } finally {
    await source.close();
  }
}

async function multipartJob(
  { storage }: UploadContext,
  upload: {
    source: SourceFile;
    prepared: PreparedUpload;
    options: UploadOptions;
    progress: TransferProgress;
  },
): Promise<MultipartJob> {
  const { source, prepared, options, progress } = upload;
  const { concurrency = mostConnections, forceRestart = false, signal } = options;
  const rangeOf = (number: number): ByteRange =>
    partRange(source.size, prepared.plan.partSize, number);
  return {
    request: await multipartRequest(source, prepared, options),
    partCount: prepared.plan.partCount,
    forceRestart,
    connections: { start: Math.min(firstConnections, concurrency), maximum: concurrency },
    signal,
    send: async ({ url, headers }, number, sending) => {
      const range = rangeOf(number);
      const body = (): AsyncIterable<Uint8Array> => source.pieces(range);
      await storage.put(url, { headers, size: range.end - range.start, body, ...sending });
      return prepared.partMd5s[number - 1] ?? '';
    },
    checkUnchanged: () => source.checkUnchanged(),
    onStart: (present) => {
      const there = present.map(rangeOf).reduce((sum, { start, end }) => sum + end - start, 0);
      progress.start(source.size, there);
    },
    onBytes: (bytes) => progress.add(bytes),
    onRetry: (error) => progress.retry(error),
  };
}
