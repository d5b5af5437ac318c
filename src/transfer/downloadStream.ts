import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import {
  ArgumentError,
  DownloadError,
  fileSystemError,
  Md5MismatchError,
  NetworkError,
  SynapseHttpError,
} from '../errors.js';
import type { Scope } from '../net/clock.js';
import type { CommonOptions } from '../options.js';
import { openDownloadSource, type DownloadSource, type DownloadTarget } from './downloadSource.js';
import { localPath } from './localFile.js';
import { RetryBudget } from './retryBudget.js';
import { judgeStorageError } from '../net/storageError.js';
import type { BodySink, ResponseHead, StorageWire } from './storageWire.js';
import type { TransferContext } from './transferContext.js';
import { TransferProgress } from './transferProgress.js';
import { openTransferScope } from './transferScope.js';

/** Which bytes to stream. */
export interface DownloadStreamOptions extends CommonOptions {
  /** From `start` up to, not including, `end`; without `end`, to the end of the file. @default the whole file */
  range?: { start: number; end?: number | undefined } | undefined;
  /** Compares the MD5 of a whole file with the one that Synapse has. @default true */
  verify?: boolean | undefined;
}

/**
 * Streams a file, or a range of it, byte for byte. A connection that breaks is taken up again where
 * it broke. Destroying the stream ends the download.
 *
 * The stream fails at its very end with Md5MismatchError when the bytes were not the right ones.
 * @throws NotFoundError, AuthorizationError when Synapse does not give the file
 * @throws ArgumentError when the range is none
 */
export async function downloadStream(
  context: TransferContext,
  options: DownloadTarget & DownloadStreamOptions,
): Promise<Readable> {
  const { range = { start: 0 }, signal, verify = true } = options;
  const { start, end } = range;
  const isRange =
    Number.isSafeInteger(start) &&
    start >= 0 &&
    (end === undefined || (Number.isSafeInteger(end) && end >= start));
  if (!isRange) throw new ArgumentError(`Not a range of bytes: ${start}-${end ?? ''}.`);
  const source = await openDownloadSource(context, options, signal);
  const url = await source.url();
  if (url.startsWith('file:')) return openLocal(localPath(url), range);
  const isWhole = start === 0 && end === undefined;
  const md5 = verify && isWhole ? source.handle?.contentMd5?.toLowerCase() : undefined;
  const progress = new TransferProgress('download', source.handle?.fileName ?? source.id, options);
  progress.start(isWhole ? source.handle?.contentSize : undefined);
  return new DownloadReadable(
    { storage: context.storage, source, start, end, md5, progress },
    openTransferScope(signal),
  );
}

async function openLocal(
  path: string,
  { start, end }: { start: number; end?: number | undefined },
): Promise<Readable> {
  const info = await stat(path).catch((cause: unknown) => {
    throw fileSystemError('Cannot use the external file', path, cause);
  });
  if (start >= info.size || end === start) return Readable.from([]);
  return createReadStream(path, { start, ...(end === undefined ? {} : { end: end - 1 }) });
}

interface StreamJob {
  storage: StorageWire;
  source: DownloadSource;
  start: number;
  end: number | undefined;
  md5: string | undefined;
  progress: TransferProgress;
}

/** Pulls the bytes through one connection at a time, no faster than they are read. */
class DownloadReadable extends Readable implements BodySink {
  readonly #job: StreamJob;
  readonly #scope: Scope;
  readonly #hash: Hash | undefined;
  /** Where in the file the next byte to hand on is. */
  #position: number;
  /** The end of what is wanted, once it is known. */
  #end: number | undefined;
  /** Bytes of the answer that were handed on before. */
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
    this.#run().catch((error: unknown) => {
      this.#job.progress.failed(error);
      this.destroy(error as Error);
    });
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#scope.abort(error ?? new DownloadError('The stream was closed.'));
    this.#scope.end();
    callback(error);
  }

  async #run(): Promise<void> {
    const { storage, source, progress, md5 } = this.#job;
    const { signal } = this.#scope;
    const budget = new RetryBudget(storage, signal);
    while (this.#end === undefined || this.#position < this.#end) {
      const url = await source.url();
      const leaveGate = await storage.slots.enter(signal);
      const before = this.#position;
      try {
        await this.#request(url);
        break;
      } catch (error) {
        leaveGate();
        if (error instanceof Enough || this.#isPastEnd(error)) break;
        signal.throwIfAborted();
        if (this.#position > before) budget.progress();
        if (judgeStorageError(error) === 'changed') throw this.#changed(error);
        if ((await budget.afterFailure(error, source)) === 'refresh') source.refused(url);
        progress.retry(error);
      } finally {
        leaveGate();
      }
    }
    const actual = this.#hash?.digest('hex');
    if (md5 !== undefined && actual !== undefined && actual !== md5) {
      throw new Md5MismatchError({ path: source.id, expected: md5, actual });
    }
    progress.done();
    this.push(null);
  }

  async #request(url: string): Promise<void> {
    const { signal } = this.#scope;
    const isFromStart = this.#position === 0 && this.#end === undefined;
    await this.#job.storage.get(url, this, {
      signal,
      ifMatch: this.#etag,
      range: isFromStart ? undefined : { start: this.#position, end: this.#end },
    });
    if (this.#end !== undefined && this.#position < this.#end) {
      throw new NetworkError('The file store sent fewer bytes than it was asked for.');
    }
  }

  head({ status, headers }: ResponseHead): void {
    const { etag } = headers;
    if (etag?.startsWith('"') === true) {
      this.#etag ??= etag;
      if (etag !== this.#etag) throw this.#changed();
    }
    this.#skip = status === 206 ? 0 : this.#position;
    const length = Number(headers['content-length'] ?? Number.NaN);
    if (status !== 206) {
      if (Number.isFinite(length)) this.#endBy(length);
      return;
    }
    const [, start, total] =
      /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? [];
    if (Number(start) !== this.#position) {
      throw new NetworkError('The file store answered with another range than it was asked for.');
    }
    if (total !== '*') this.#endBy(Number(total));
  }

  /** A range may reach past the end of the file. */
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
    // A server that ignores ranges sends the rest of the file too.
    if (this.#position === this.#end && chunk.length > skipped + piece.length) throw new Enough();
    return hasRoom ? undefined : new Promise((resolve) => (this.#drained = resolve));
  }

  /** 416 to the first request: the range begins where the file has ended. */
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

/** Ends a request whose remaining bytes are not wanted. */
class Enough extends Error {}
