import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { ArgumentError, DownloadError, NetworkError, SynapseHttpError } from '../errors.js';
import { openScope, type Scope } from '../net/clock.js';
import { judgeStorageError } from '../net/storageError.js';
import { onAbort } from '../net/onAbort.js';
import type { CommonOptions } from '../options.js';
import { attemptTransfer, type AttemptSettings, type TransferAttempt } from './attemptTransfer.js';
import type { DownloadOrigin } from './downloadFile.js';
import type { ObjectHead, ObjectSink, StoredObject } from './storedObject.js';
import { TransferProgress } from './transferProgress.js';
import { verifyMd5 } from './verifyMd5.js';

/** The bytes to stream. */
export interface DownloadStreamOptions extends CommonOptions {
  /** From `start` (inclusive) to `end` (exclusive); without `end`, to the end of the file. @default the whole file */
  range?: { start: number; end?: number | undefined } | undefined;
  /** Whether to compare the MD5 of a whole file with the one in Synapse. @default true */
  verify?: boolean | undefined;
}

/**
 * Streams an object from any storage, or a range of it. After a broken connection, the download resumes at the same
 * position. Destroying the stream ends the download.
 *
 * The stream fails at its end with Md5MismatchError when the MD5 of the bytes does not match.
 * @throws ArgumentError when the range is invalid
 * @throws the errors of `open`
 */
export async function downloadStream(
  { storage }: { storage: AttemptSettings },
  options: DownloadOrigin & DownloadStreamOptions,
): Promise<Readable> {
  const { range = { start: 0 }, signal, verify = true } = options;
  const { start, end } = range;
  const isRange =
    Number.isSafeInteger(start) &&
    start >= 0 &&
    (end === undefined || (Number.isSafeInteger(end) && end >= start));
  if (!isRange) throw new ArgumentError(`Invalid range of bytes: ${start}-${end ?? ''}.`);
  const object = await options.open();
  const isWhole = start === 0 && end === undefined;
  const md5 = verify && isWhole ? object.handle?.contentMd5?.toLowerCase() : undefined;
  const progress = new TransferProgress('download', object.handle?.fileName ?? object.id, options);
  progress.start(isWhole ? object.handle?.contentSize : undefined);
  return new DownloadReadable({ storage, object, start, end, md5, progress }, openScope(signal));
}

interface StreamJob {
  storage: AttemptSettings;
  object: StoredObject;
  start: number;
  end: number | undefined;
  md5: string | undefined;
  progress: TransferProgress;
}

/** Reads the bytes over one connection at a time, with backpressure. */
class DownloadReadable extends Readable implements ObjectSink {
  readonly #job: StreamJob;
  readonly #scope: Scope;
  readonly #hash: Hash | undefined;
  /** The position of the next byte to push. */
  #position: number;
  /** The end of the requested range, once it is known. */
  #end: number | undefined;
  /** Bytes of the response that were already pushed. */
  #skip = 0;
  #etag: string | undefined;
  #isStarted = false;
  #drained: (() => void) | undefined;

  constructor(job: StreamJob, scope: Scope) {
    super();
    this.#job = job;
    this.#scope = scope;
    this.#hash = job.md5 === undefined ? undefined : createHash('md5');
    this.#position = job.start;
    this.#end = job.end;
  }

  override _read(): void {
    this.#drained?.();
    this.#drained = undefined;
    if (this.#isStarted) return;
    this.#isStarted = true;
    // A reader that has paused learns of an abort too.
    const { signal } = this.#scope;
    onAbort(signal, () => this.destroy(signal.reason as Error));
    this.#run().catch((error: unknown) => {
      this.#job.progress.failed(error);
      this.destroy(error as Error);
    });
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#scope.abort(error ?? new DownloadError('The stream was closed.'));
    this.#scope.end();
    this.#drained?.();
    const end = (): void => callback(error);
    this.#closeObject().then(end, end);
  }

  async #closeObject(): Promise<void> {
    await this.#job.object.close?.();
  }

  async #run(): Promise<void> {
    const { storage, object, progress, md5 } = this.#job;
    await attemptTransfer((attempt) => this.#read(attempt), {
      storage,
      canRenew: object.canRenew,
      signal: this.#scope.signal,
      onRetry: (error) => progress.retry(error),
    });
    verifyMd5(object.id, this.#hash?.digest('hex'), md5);
    progress.done();
    this.push(null);
  }

  /** Makes one attempt to read the missing bytes. */
  async #read(attempt: TransferAttempt): Promise<void> {
    if (this.#end !== undefined && this.#position >= this.#end) return;
    const before = this.#position;
    try {
      await this.#request(attempt.failures);
    } catch (error) {
      if (error instanceof Enough || this.#isPastEnd(error)) return;
      if (this.#position > before) attempt.progress();
      throw judgeStorageError(error) === 'changed' ? this.#changed(error) : error;
    }
  }

  async #request(failures: number): Promise<void> {
    const { signal } = this.#scope;
    const isFromStart = this.#position === 0 && this.#end === undefined;
    await this.#job.object.get(this, {
      signal,
      failures,
      ifMatch: this.#etag,
      range: isFromStart ? undefined : { start: this.#position, end: this.#end },
    });
    if (this.#end !== undefined && this.#position < this.#end) {
      throw new NetworkError('The file store sent fewer bytes than requested.');
    }
  }

  head({ isRange, start, size, etag }: ObjectHead): void {
    if (etag !== undefined) {
      this.#etag ??= etag;
      if (etag !== this.#etag) throw this.#changed();
    }
    if (isRange && start !== this.#position) {
      throw new NetworkError('The file store returned a different range than requested.');
    }
    this.#skip = isRange ? 0 : this.#position;
    if (size !== undefined) this.#endBy(size);
  }

  /** A range may extend past the end of the file. */
  #endBy(size: number): void {
    this.#end = Math.min(this.#end ?? size, size);
  }

  data(chunk: Buffer): Promise<void> | undefined {
    const skipped = Math.min(this.#skip, chunk.length);
    this.#skip -= skipped;
    const room = (this.#end ?? Number.POSITIVE_INFINITY) - this.#position;
    const piece = chunk.subarray(skipped, Math.min(chunk.length, skipped + room));
    if (piece.length > 0) {
      this.#position += piece.length;
      this.#hash?.update(piece);
      this.#job.progress.add(piece.length);
    }
    const hasRoom = piece.length === 0 || this.push(piece);
    // A server that ignores ranges also sends the rest of the file.
    if (this.#position === this.#end && chunk.length > skipped + piece.length) throw new Enough();
    return hasRoom ? undefined : new Promise((resolve) => (this.#drained = resolve));
  }

  /** 416 to the first request: the range starts at or after the end of the file. */
  #isPastEnd(error: unknown): boolean {
    const isEmpty = this.#position === this.#job.start && this.#etag === undefined;
    return isEmpty && error instanceof SynapseHttpError && error.status === 416;
  }

  #changed(cause?: unknown): DownloadError {
    return new DownloadError('The file was replaced in its store while it was streamed.', {
      cause,
    });
  }
}

/** Ends a request whose remaining bytes are not needed. */
class Enough extends Error {}
