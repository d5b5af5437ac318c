import type * as M from '../../../generated/models.js';
import type { TransferService } from './transferService.js';
import { DownloadError } from '../../errors.js';
import { systemClock, type Clock } from '../../net/clock.js';
import { onAbort } from '../../net/onAbort.js';
import { fileHandleBatchSize } from './fileHandleBatchSize.js';

/** Maximum age of prefetched responses in milliseconds. Presigned URLs expire after 30 seconds. */
const freshFor = 20_000;

/** Concurrent calls. Further requests wait for the next call. */
const maximumCalls = 2;

interface Waiting {
  association: M.FileHandleAssociation;
  resolve: (result: M.FileResult) => void;
  reject: (error: Error) => void;
  isAborted: () => boolean;
}

/**
 * Requests file handles and presigned URLs. Concurrent requests share a call, so that many
 * small files do not reach the rate limit of Synapse.
 */
export class FileHandleBatch {
  readonly #files: Pick<TransferService, 'getFileHandleBatch'>;
  readonly #clock: Pick<Clock, 'now'>;
  /** Prefetched responses. */
  readonly #ahead = new Map<string, { result: Promise<M.FileResult>; since: number }>();
  #waiting: Waiting[] = [];
  #calls = 0;
  #isScheduled = false;

  constructor(
    files: Pick<TransferService, 'getFileHandleBatch'>,
    clock: Pick<Clock, 'now'> = systemClock,
  ) {
    this.#files = files;
    this.#clock = clock;
  }

  /** Prefetches files that are needed in the next seconds, with one call per hundred files. */
  fetchAhead(associations: readonly M.FileHandleAssociation[], signal?: AbortSignal): void {
    const since = this.#clock.now();
    for (const [key, ahead] of this.#ahead) {
      if (since - ahead.since > freshFor) this.#ahead.delete(key);
    }
    for (const association of associations) {
      const result = this.#ask(association, signal);
      // The failure is reported by `get`.
      result.catch(() => undefined);
      this.#ahead.set(keyOf(association), { result, since });
    }
  }

  /** Reads a file, and keeps the response for the {@link get} that follows. Rejects with `signal.reason`. */
  async peek(association: M.FileHandleAssociation, signal?: AbortSignal): Promise<M.FileResult> {
    const key = keyOf(association);
    const ahead = this.#ahead.get(key);
    if (ahead !== undefined && this.#clock.now() - ahead.since <= freshFor) {
      const result = await ahead.result.catch(() => undefined);
      if (result !== undefined) return result;
    }
    this.fetchAhead([association], signal);
    return this.#ahead.get(key)?.result ?? this.#ask(association, signal);
  }

  /** Rejects with `signal.reason`. The call itself may continue for other requests. */
  async get(association: M.FileHandleAssociation, signal?: AbortSignal): Promise<M.FileResult> {
    const key = keyOf(association);
    const ahead = this.#ahead.get(key);
    if (ahead === undefined) return this.#ask(association, signal);
    // A second request for the same file needs a new URL.
    this.#ahead.delete(key);
    if (this.#clock.now() - ahead.since > freshFor) return this.#ask(association, signal);
    return ahead.result.catch(() => this.#ask(association, signal));
  }

  #ask(association: M.FileHandleAssociation, signal?: AbortSignal): Promise<M.FileResult> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const settle = onAbort(signal, () => reject(signal?.reason as Error));
      this.#waiting.push({
        association,
        isAborted: () => signal?.aborted ?? false,
        resolve: (result) => {
          settle();
          resolve(result);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#calls >= maximumCalls) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      void this.#send();
    });
  }

  async #send(): Promise<void> {
    this.#waiting = this.#waiting.filter(({ isAborted }) => !isAborted());
    const batch = this.#waiting.splice(0, fileHandleBatchSize);
    if (batch.length === 0) return;
    if (this.#waiting.length > 0) this.#schedule();
    this.#calls += 1;
    try {
      const { requestedFiles } = await this.#files.getFileHandleBatch({
        body: {
          requestedFiles: batch.map(({ association }) => association),
          includeFileHandles: true,
          includePreSignedURLs: true,
        },
      });
      batch.forEach(({ association, resolve, reject }, index) => {
        // Responses are in the order of the requests.
        const result = requestedFiles[index];
        if (result !== undefined && result.fileHandleId === association.fileHandleId)
          resolve(result);
        else reject(new DownloadError('Synapse returned other files than requested.'));
      });
    } catch (error) {
      for (const { reject } of batch) reject(error as Error);
    } finally {
      this.#calls -= 1;
      if (this.#waiting.length > 0) this.#schedule();
    }
  }
}

function keyOf(association: M.FileHandleAssociation): string {
  const { fileHandleId, associateObjectId, associateObjectType } = association;
  return [fileHandleId, associateObjectId, associateObjectType].join(' ');
}
