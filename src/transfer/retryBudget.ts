import { SynapseHttpError } from '../errors.js';
import type { Clock } from '../net/clock.js';
import { judgeStorageError } from '../net/storageError.js';

const firstPause = 100;
const longestPause = 10_000;

/** However long the trouble lasts, this many attempts are made. */
const minimumAttempts = 5;

/** A new presigned URL refused this often in a row is not refused for its age. */
const maximumRefusals = 3;

/**
 * Decides whether a transfer that failed is tried again. What counts is progress: a long transfer
 * over a bad line may fail any number of times as long as bytes move in between.
 */
export class RetryBudget {
  readonly #clock: Clock;
  readonly #retryFor: number;
  readonly #signal: AbortSignal | undefined;
  #failures = 0;
  #refusals = 0;
  #since: number;

  /** @param options.retryFor milliseconds without progress after which to give up */
  constructor(options: { clock: Clock; retryFor: number }, signal?: AbortSignal) {
    this.#clock = options.clock;
    this.#retryFor = options.retryFor;
    this.#signal = signal;
    this.#since = this.#clock.now();
  }

  /** Says that bytes moved. */
  progress(): void {
    this.#failures = 0;
    this.#refusals = 0;
    this.#since = this.#clock.now();
  }

  /**
   * Waits until it is time to try again.
   * @returns whether a new presigned URL is needed for that
   * @throws the error itself when trying again would not help
   */
  async afterFailure(
    error: unknown,
    options: { canRefresh: boolean },
  ): Promise<'retry' | 'refresh'> {
    this.#signal?.throwIfAborted();
    const verdict = judgeStorageError(error);
    if (verdict === 'refresh' && options.canRefresh) {
      this.#refusals += 1;
      if (this.#refusals > maximumRefusals) throw error;
      // The first refusal is most likely the expiry of the URL: nothing to wait for.
      if (this.#refusals > 1) await this.#pause(this.#refusals);
      return 'refresh';
    }
    if (verdict !== 'retry') throw error;
    this.#failures += 1;
    const elapsed = this.#clock.now() - this.#since;
    if (this.#failures >= minimumAttempts && elapsed >= this.#retryFor) throw error;
    const asked = error instanceof SynapseHttpError ? retryAfter(error) : 0;
    await this.#pause(this.#failures, asked);
    // A connection that breaks may be how a store refuses a URL before it has read the request.
    return this.#failures > 1 && options.canRefresh ? 'refresh' : 'retry';
  }

  #pause(count: number, atLeast = 0): Promise<void> {
    const ceiling = Math.min(longestPause, firstPause * 2 ** (count - 1));
    const pause = ceiling * (0.5 + this.#clock.random() / 2);
    return this.#clock.sleep(Math.max(pause, atLeast), this.#signal);
  }
}

function retryAfter(error: SynapseHttpError): number {
  const value = 'retryAfter' in error ? error.retryAfter : undefined;
  return typeof value === 'number' ? Math.min(value, 60_000) : 0;
}
