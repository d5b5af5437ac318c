import type { FileHandle } from 'node:fs/promises';
import { DownloadError, NetworkError } from '../errors.js';
import { AdaptiveLimit } from './adaptiveLimit.js';
import { judgeStorageError } from '../net/storageError.js';
import { attemptTransfer, type AttemptSettings, type TransferAttempt } from './attemptTransfer.js';
import { checkSize, ObjectChangedError } from './objectChangedError.js';
import { partRange, type ByteRange } from './partPlan.js';
import { PartWriter } from './partWriter.js';
import { runPool } from './pool.js';
import type { ObjectHead, ObjectSink, ReadOptions, StoredObject } from './storedObject.js';

/** The parts of one file to fetch. */
export interface PartsJob {
  storage: AttemptSettings;
  object: StoredObject;
  file: FileHandle;
  size: number;
  partSize: number;
  /** One byte for each part: 1 when it is complete. */
  done: Uint8Array;
  /** The initial and the maximum number of concurrent parts. */
  connections: { start: number; maximum: number };
  signal?: AbortSignal | undefined;
  /** Called with the number of bytes received; negative when they have to be received again. */
  onBytes: (bytes: number) => void;
  onRetry: (error: unknown) => void;
  /** Called when a part is complete and written to the file. */
  onPart: (index: number) => Promise<void> | void;
}

/** The server responds to a range with the whole object. */
class RangeIgnoredError extends DownloadError {}

/** The properties that must be equal in all responses of one download. */
interface Pin {
  etag: string | undefined;
}

/**
 * Fetches the missing parts of a file concurrently and writes them to their positions.
 * @throws ObjectChangedError, or the error of a part after its last retry
 */
export async function downloadParts(job: PartsJob): Promise<void> {
  const pin: Pin = { etag: undefined };
  try {
    await fetchParts(job, pin);
  } catch (error) {
    if (!(error instanceof RangeIgnoredError)) throw error;
    await fetchWhole(job, pin);
  }
}

function fetchParts(job: PartsJob, pin: Pin): Promise<void> {
  const { clock } = job.storage;
  const limit = new AdaptiveLimit(job.connections, clock.now());
  const options = { limit: () => limit.current, signal: job.signal };
  return runPool(missingParts(job.done), options, async (index, signal) => {
    const range = partRange(job.size, job.partSize, index + 1);
    await fetchRange({ ...job, signal }, range, pin, () => limit.failed(clock.now()));
    limit.succeeded(range.end - range.start, clock.now());
    await job.onPart(index);
  });
}

function* missingParts(done: Uint8Array): Generator<number> {
  for (let index = done.indexOf(0); index >= 0; index = done.indexOf(0, index + 1)) yield index;
}

/** Fetches one range. A retry fetches only the missing bytes. */
function fetchRange(
  job: PartsJob,
  range: ByteRange,
  pin: Pin,
  onTrouble: () => void,
): Promise<void> {
  const missing = { ...range };
  const onRetry = (error: unknown): void => {
    onTrouble();
    job.onRetry(error);
  };
  return attemptTransfer(
    async (attempt) => {
      if (missing.start >= missing.end) return;
      const sink = new RangeSink(job, { ...missing }, pin);
      try {
        await read(job, sink, attempt, { range: missing, ifMatch: pin.etag });
      } finally {
        if (sink.received > 0) attempt.progress();
        await sink.flush();
        missing.start += sink.received;
      }
    },
    { ...job, canRenew: job.object.canRenew, onRetry },
  );
}

/** Fetches the whole file with one request, because the server does not support ranges. */
async function fetchWhole(job: PartsJob, pin: Pin): Promise<void> {
  const range = { start: 0, end: job.size };
  await attemptTransfer(
    async (attempt) => {
      const sink = new RangeSink(job, range, pin);
      try {
        await read(job, sink, attempt, { ifMatch: pin.etag });
        await sink.flush();
      } catch (error) {
        await sink.flush();
        job.onBytes(-sink.received);
        throw error;
      }
    },
    { ...job, canRenew: job.object.canRenew },
  );
  for (let index = 0; index < job.done.length; index += 1) await job.onPart(index);
}

async function read(
  { object, signal }: PartsJob,
  sink: RangeSink,
  { failures }: TransferAttempt,
  options: ReadOptions,
): Promise<void> {
  try {
    await object.get(sink, { ...options, failures, signal });
    sink.checkEnd();
  } catch (error) {
    if (judgeStorageError(error) !== 'changed') throw error;
    throw new ObjectChangedError('The file was replaced in its store while it was downloaded.', {
      cause: error,
    });
  }
}

/** Checks that a response contains the requested bytes, and writes them to their position. */
class RangeSink implements ObjectSink {
  received = 0;
  readonly #job: PartsJob;
  readonly #range: ByteRange;
  readonly #pin: Pin;
  readonly #writer: PartWriter;

  constructor(job: PartsJob, range: ByteRange, pin: Pin) {
    this.#job = job;
    this.#range = range;
    this.#pin = pin;
    this.#writer = new PartWriter(job.file, range.start);
  }

  head({ isRange, start, end, size, etag }: ObjectHead): void {
    const range = this.#range;
    const isWhole = range.start === 0 && range.end === this.#job.size;
    if (!isRange && !isWhole) throw new RangeIgnoredError('The file store ignores ranges.');
    checkSize(size, this.#job.size);
    if (isRange && (start !== range.start || end !== range.end)) {
      throw new NetworkError('The file store returned a different range than requested.');
    }
    if (etag === undefined) return;
    this.#pin.etag ??= etag;
    if (etag !== this.#pin.etag) {
      throw new ObjectChangedError('The file was replaced in its store while it was downloaded.');
    }
  }

  data(chunk: Buffer, release: () => void): Promise<void> | undefined {
    if (this.received + chunk.length > this.#range.end - this.#range.start) {
      throw new NetworkError('The file store sent more bytes than requested.');
    }
    const pressure = this.#writer.push(chunk, release);
    this.received += chunk.length;
    this.#job.onBytes(chunk.length);
    return pressure;
  }

  checkEnd(): void {
    if (this.received < this.#range.end - this.#range.start) {
      throw new NetworkError('The file store sent fewer bytes than requested.');
    }
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }
}
