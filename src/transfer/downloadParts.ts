import type { FileHandle } from 'node:fs/promises';
import { DownloadError, NetworkError } from '../errors.js';
import { AdaptiveLimit } from './adaptiveLimit.js';
import type { DownloadSource } from './downloadSource.js';
import { ObjectChangedError } from './objectChangedError.js';
import { partRange, type ByteRange } from './partPlan.js';
import { PartWriter } from './partWriter.js';
import { RetryBudget } from './retryBudget.js';
import { judgeStorageError } from '../net/storageError.js';
import type { BodySink, ResponseHead, StorageWire } from './storageWire.js';
import { openTransferScope } from './transferScope.js';

/** The parts of one file to fetch. */
export interface PartsJob {
  storage: StorageWire;
  source: DownloadSource;
  file: FileHandle;
  size: number;
  partSize: number;
  /** One byte a part: 1 when there is nothing to do. */
  done: Uint8Array;
  /** Parts at a time: how many at first, and at most. */
  connections: { start: number; maximum: number };
  signal?: AbortSignal | undefined;
  /** Bytes arrived; negative when they have to come again. */
  onBytes: (bytes: number) => void;
  onRetry: (error: unknown) => void;
  /** A part is whole and in the file. */
  onPart: (index: number) => Promise<void> | void;
}

/** The server answers a range with the whole object. */
class RangeIgnoredError extends DownloadError {}

/** What all requests of one download must agree on. */
interface Pin {
  etag: string | undefined;
}

/**
 * Fetches the missing parts of a file, several at a time, into their places.
 * @throws ObjectChangedError, or what a part failed with when trying again did not help
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

async function fetchParts(job: PartsJob, pin: Pin): Promise<void> {
  const { clock } = job.storage;
  const limit = new AdaptiveLimit(job.connections, clock.now());
  const scope = openTransferScope(job.signal);
  const active = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const fetchOne = async (index: number): Promise<void> => {
    try {
      const range = partRange(job.size, job.partSize, index + 1);
      await fetchRange({ ...job, signal: scope.signal }, range, pin, () =>
        limit.failed(clock.now()),
      );
      limit.succeeded(range.end - range.start, clock.now());
      await job.onPart(index);
    } catch (error) {
      failures.push(error);
      scope.abort(error);
    }
  };
  let next = job.done.indexOf(0);
  try {
    while (failures.length === 0 && (next >= 0 || active.size > 0)) {
      while (next >= 0 && active.size < limit.current) {
        const task = fetchOne(next).finally(() => active.delete(task));
        active.add(task);
        next = job.done.indexOf(0, next + 1);
      }
      await Promise.race(active);
    }
    await Promise.all(active);
  } finally {
    scope.end();
  }
  job.signal?.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}

/** Fetches one range; after a failure only what is missing of it. */
async function fetchRange(
  job: PartsJob,
  range: ByteRange,
  pin: Pin,
  onTrouble: () => void,
): Promise<void> {
  const { storage, source, signal } = job;
  const budget = new RetryBudget(storage, signal);
  const missing = { ...range };
  while (missing.start < missing.end) {
    const leaveGate = await storage.slots.enter(signal);
    try {
      const url = await source.url();
      const sink = new RangeSink(job, { ...missing }, pin);
      try {
        await storage.get(url, sink, { range: missing, ifMatch: pin.etag, signal });
        sink.checkEnd();
      } catch (error) {
        if (sink.received > 0) budget.progress();
        leaveGate();
        await recover(job, budget, error, url);
        onTrouble();
      } finally {
        await sink.flush();
        missing.start += sink.received;
      }
    } finally {
      leaveGate();
    }
  }
}

/** Fetches everything in one go, from the start: the server knows no ranges. */
async function fetchWhole(job: PartsJob, pin: Pin): Promise<void> {
  const { storage, source, signal } = job;
  const budget = new RetryBudget(storage, signal);
  const range = { start: 0, end: job.size };
  for (;;) {
    const leaveGate = await storage.slots.enter(signal);
    const sink = new RangeSink(job, range, pin);
    const url = await source.url();
    try {
      await storage.get(url, sink, { ifMatch: pin.etag, signal });
      sink.checkEnd();
      await sink.flush();
      for (let index = 0; index < job.done.length; index += 1) await job.onPart(index);
      return;
    } catch (error) {
      leaveGate();
      await sink.flush();
      job.onBytes(-sink.received);
      await recover(job, budget, error, url);
    } finally {
      leaveGate();
    }
  }
}

async function recover(
  { source, onRetry, signal }: PartsJob,
  budget: RetryBudget,
  error: unknown,
  url: string,
): Promise<void> {
  signal?.throwIfAborted();
  if (judgeStorageError(error) === 'changed') {
    throw new ObjectChangedError('The file was replaced in its store while it was downloaded.', {
      cause: error,
    });
  }
  const next = await budget.afterFailure(error, { canRefresh: source.canRefresh });
  if (next === 'refresh') source.refused(url);
  onRetry(error);
}

/** Checks that an answer holds the bytes that were asked for, and writes them to their place. */
class RangeSink implements BodySink {
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

  head({ status, headers }: ResponseHead): void {
    const { size } = this.#job;
    const isWhole = this.#range.start === 0 && this.#range.end === size;
    if (status === 206) checkContentRange(headers['content-range'], this.#range, size);
    else if (!isWhole) throw new RangeIgnoredError('The file store ignores ranges.');
    else checkLength(headers['content-length'], size);
    this.#checkEtag(headers.etag);
  }

  /** A weak ETag does not promise the same bytes. */
  #checkEtag(etag: string | undefined): void {
    if (etag === undefined || !etag.startsWith('"')) return;
    this.#pin.etag ??= etag;
    if (etag !== this.#pin.etag) {
      throw new ObjectChangedError('The file was replaced in its store while it was downloaded.');
    }
  }

  data(chunk: Buffer, release: () => void): Promise<void> | undefined {
    if (this.received + chunk.length > this.#range.end - this.#range.start) {
      throw new NetworkError('The file store sent more bytes than it was asked for.');
    }
    const pressure = this.#writer.push(chunk, release);
    this.received += chunk.length;
    this.#job.onBytes(chunk.length);
    return pressure;
  }

  checkEnd(): void {
    if (this.received < this.#range.end - this.#range.start) {
      throw new NetworkError('The file store sent fewer bytes than it was asked for.');
    }
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }
}

function checkContentRange(header: string | undefined, range: ByteRange, size: number): void {
  const [, start, last, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(header ?? '') ?? [];
  if (total !== undefined && total !== '*' && Number(total) !== size) throw wrongSize(total, size);
  if (Number(start) !== range.start || Number(last) !== range.end - 1) {
    throw new NetworkError('The file store answered with another range than it was asked for.');
  }
}

function checkLength(header: string | undefined, size: number): void {
  if (header !== undefined && Number(header) !== size) throw wrongSize(header, size);
}

function wrongSize(actual: string, expected: number): ObjectChangedError {
  return new ObjectChangedError(
    `The file has ${actual} bytes in its store, but Synapse says that it has ${expected}.`,
  );
}
