import type * as M from '../../../generated/models.js';
import {
  MalformedResponseError,
  NetworkError,
  SynapseHttpError,
  TimeoutError,
  UploadError,
} from '../../errors.js';
import { asFinal } from '../../net/attempt.js';
import { judgeStorageError } from '../../net/storageError.js';
import { AdaptiveLimit } from '../../transfer/adaptiveLimit.js';
import { attemptTransfer, type TransferAttempt } from '../../transfer/attemptTransfer.js';
import { runPool } from '../../transfer/pool.js';
import { PartUrls, type SignedPart } from './partUrls.js';
import { isPresignedExpired } from './presignedUrl.js';
import type { UploadContext } from './synapseContext.js';

/** Maximum number of restarts of an upload, as in the Python client. */
const maximumRestarts = 7;

/** Maximum number of times that a damaged part is sent again. */
const maximumRefusals = 3;

/** A multipart upload: its request, and how to send a part. */
export interface MultipartJob {
  request: M.MultipartRequest;
  /** Number of parts of the content. */
  partCount: number;
  /** Whether to discard the parts of an earlier upload of the same content. */
  forceRestart: boolean;
  connections: { start: number; maximum: number };
  signal?: AbortSignal | undefined;
  /** Sends a part. @returns its MD5 */
  send: (
    part: SignedPart,
    partNumber: number,
    options: { onSent: (bytes: number) => void; signal: AbortSignal | undefined },
  ) => Promise<string>;
  /** Checks that the content has not changed since the request was made. */
  checkUnchanged: () => Promise<void>;
  /** Called with the numbers (from 1) of the parts that the server already has. */
  onStart: (present: readonly number[]) => void;
  /** Called with the number of bytes sent; negative when they have to be sent again. */
  onBytes: (bytes: number) => void;
  onRetry: (error: unknown) => void;
}

/**
 * Runs a multipart upload. The server recognizes an interrupted upload by its request: only missing
 * parts are sent, and content that the server already has is not sent again.
 * @returns the id of the file handle
 * @throws UploadError when parts are missing at the end; store the same file again to send them
 */
export async function runMultipart(context: UploadContext, job: MultipartJob): Promise<string> {
  for (let restarts = 0; ; restarts += 1) {
    const status = await start(context, job, job.forceRestart && restarts === 0);
    const done = completedHandle(status);
    if (done !== undefined) return done;
    const { uploadId, partsState = '' } = status;
    if (partsState.length !== job.partCount) throw wrongParts(partsState, job.partCount);
    const missing = new Set(partNumbers(partsState, '0'));
    const before = missing.size;
    if (restarts === 0) job.onStart(partNumbers(partsState, '1'));
    try {
      await sendParts(context, job, uploadId, missing);
      await job.checkUnchanged();
      return await complete(context, job, uploadId);
    } catch (error) {
      job.signal?.throwIfAborted();
      const isOver = isCompletedByAnother(error);
      const hasProgress = missing.size < before || before === 0 || isOver;
      if (!isPassing(error) && !isOver) throw error;
      if (restarts === maximumRestarts || !hasProgress) throw stopped(error, uploadId, missing);
      job.onRetry(error);
    }
  }
}

function start(
  { services }: UploadContext,
  { request, signal }: MultipartJob,
  forceRestart: boolean,
): Promise<M.MultipartUploadStatus> {
  return services.file.createMultipartUpload({ body: request, forceRestart }, { signal });
}

async function complete(
  { services }: UploadContext,
  { signal }: MultipartJob,
  uploadId: string,
): Promise<string> {
  const status = await services.file.completeMultipartUpload({ uploadId }, { signal });
  const handle = completedHandle(status);
  if (handle !== undefined) return handle;
  throw new UploadError('Synapse did not complete the upload.', { uploadId });
}

/** Sends parts concurrently. A part that the server has received is removed from `missing`. */
async function sendParts(
  context: UploadContext,
  job: MultipartJob,
  uploadId: string,
  missing: Set<number>,
): Promise<void> {
  const { clock } = context.storage;
  const limit = new AdaptiveLimit(job.connections, clock.now());
  const urls = new PartUrls(context.services.file, uploadId, [...missing], job.signal);
  const send = async (partNumber: number, signal: AbortSignal | undefined): Promise<void> => {
    const upload: Upload = { context, job, uploadId, urls, signal };
    const bytes = await sendPart(upload, partNumber, () => limit.failed(clock.now()));
    missing.delete(partNumber);
    limit.succeeded(bytes, clock.now());
  };
  const [first = 0] = missing;
  // A pool for a single part, which most files have, takes as long as an API call.
  if (missing.size === 1) await send(first, job.signal);
  else await runPool([...missing], { limit: () => limit.current, signal: job.signal }, send);
}

/** An upload that the server has started. */
interface Upload {
  context: UploadContext;
  job: MultipartJob;
  uploadId: string;
  urls: PartUrls;
  signal: AbortSignal | undefined;
}

/** Sends a part until the server has it. @returns the number of bytes sent */
async function sendPart(
  upload: Upload,
  partNumber: number,
  onTrouble: () => void,
): Promise<number> {
  const { context, job, uploadId, urls, signal } = upload;
  for (let refusals = 0; ; refusals += 1) {
    const { md5, bytes } = await putPart(upload, partNumber, onTrouble);
    const answer = await context.services.file.addMultipartUploadPart(
      { uploadId, partNumber, partMD5Hex: md5 },
      { signal },
    );
    if (answer.addPartState === 'ADD_SUCCESS') {
      urls.sent(partNumber);
      return bytes;
    }
    // The content at the store differs from the file at the time of the request.
    job.onBytes(-bytes);
    await job.checkUnchanged();
    const error = new UploadError(
      `Part ${partNumber} of the upload was damaged in transit: ${answer.errorMessage ?? 'no reason given'}`,
      { uploadId, missingParts: [partNumber] },
    );
    if (refusals === maximumRefusals) throw error;
    job.onRetry(error);
  }
}

function putPart(
  { context: { storage }, job, urls, signal }: Upload,
  partNumber: number,
  onTrouble: () => void,
): Promise<{ md5: string; bytes: number }> {
  const put = async ({ failures }: TransferAttempt): Promise<{ md5: string; bytes: number }> => {
    const signed = await urls.get(partNumber).catch((error: unknown) => {
      throw asFinal(error);
    });
    let bytes = 0;
    const onSent = (count: number): void => {
      bytes += count;
      job.onBytes(count);
    };
    try {
      return { md5: await job.send(signed, partNumber, { onSent, signal }), bytes };
    } catch (error) {
      job.onBytes(-bytes);
      // A store that refuses a URL may close the connection before its response arrives.
      const isSuspect =
        judgeStorageError(error) === 'refresh' ||
        failures > 0 ||
        isPresignedExpired(signed.url, new Date(storage.clock.epoch()));
      if (isSuspect) urls.refused(partNumber, signed);
      throw error;
    }
  };
  const onRetry = (error: unknown): void => {
    onTrouble();
    job.onRetry(error);
  };
  return attemptTransfer(put, { storage, canRenew: true, signal, onRetry });
}

function wrongParts(partsState: string, partCount: number): MalformedResponseError {
  return new MalformedResponseError({
    operation: 'file.createMultipartUpload',
    field: 'partsState',
    expected: `one character for each of ${partCount} parts`,
    actual: `${partsState.length} characters`,
  });
}

function completedHandle({
  state,
  resultFileHandleId,
}: M.MultipartUploadStatus): string | undefined {
  return state === 'COMPLETED' ? resultFileHandleId : undefined;
}

/** `partsState` has one character for each part: 1 when the server has it. */
function partNumbers(partsState: string, state: '0' | '1'): number[] {
  return Array.from(partsState).flatMap((each, index) => (each === state ? [index + 1] : []));
}

/**
 * Whether starting the same upload again may help. The response shows whether a call with a lost response
 * succeeded, and which parts are missing (`PUT .../complete` responds with 400 for missing parts).
 */
function isPassing(error: unknown): boolean {
  if (error instanceof SynapseHttpError) {
    return error.status >= 500 || (error.status === 400 && /^Missing \d+ part/.test(error.reason));
  }
  return (
    error instanceof NetworkError ||
    error instanceof TimeoutError ||
    (error instanceof UploadError && error.missingParts !== undefined)
  );
}

/**
 * Whether another upload of the same content under the same name has completed meanwhile: all of them are one upload to the
 * server. Starting it again then returns the file handle.
 */
function isCompletedByAnother(error: unknown): boolean {
  return (
    error instanceof SynapseHttpError &&
    error.status === 400 &&
    /completed file upload/i.test(error.reason)
  );
}

function stopped(error: unknown, uploadId: string, missing: ReadonlySet<number>): UploadError {
  const reason = error instanceof Error ? error.message : String(error);
  return new UploadError(
    `The upload stopped with ${missing.size} parts missing: ${reason} Store the same file again to resume.`,
    { uploadId, missingParts: [...missing], cause: error },
  );
}
