import pRetry from 'p-retry';
import type { Clock } from './clock.js';

/** Whether and when to make another attempt. */
export interface AttemptDecision {
  retry: boolean;
  /** Milliseconds to wait before the next attempt. */
  delay: number;
}

/** Options of {@link attempt}. */
export interface AttemptOptions {
  clock: Clock;
  /** Ends the attempts with its reason, also during a pause. */
  signal?: AbortSignal | undefined;
  /**
   * Decides whether to retry after a failed attempt.
   * @param number of the attempt that failed, from 1
   */
  decide: (error: unknown, number: number) => AttemptDecision;
  /** Called before the wait for another attempt. */
  onRetry?: ((error: unknown, delay: number) => void) | undefined;
}

/** Errors that are final regardless of `decide`. */
const finalErrors = new WeakSet<object>();

/**
 * Marks an error as final, so that there is no further attempt. For work that has already been retried.
 * @returns the same error
 */
export function asFinal(error: unknown): unknown {
  if (typeof error === 'object' && error !== null) finalErrors.add(error);
  return error;
}

function isFinal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && finalErrors.has(error);
}

/** Wraps any failure, because p-retry handles a `TypeError` and a value that is not an `Error` differently. */
class FailedAttempt extends Error {
  constructor(readonly reason: unknown) {
    super('An attempt failed.');
  }
}

/**
 * Runs a task, and repeats it as long as `decide` allows.
 *
 * @param work - Called with the number of the attempt, from 1.
 * @returns The result of the first attempt that succeeds.
 * @throws The error of the last attempt, or the reason of the signal.
 */
export async function attempt<T>(
  work: (number: number) => Promise<T>,
  options: AttemptOptions,
): Promise<T> {
  try {
    // The first attempt runs without p-retry, which takes as long as the rest of a small call. Most attempts succeed.
    return await work(1);
  } catch (error) {
    await waitForNext(error, 1, options);
  }
  return again(work, options);
}

async function again<T>(work: (number: number) => Promise<T>, options: AttemptOptions): Promise<T> {
  try {
    return await pRetry(
      (number) =>
        work(number + 1).catch((error: unknown) => {
          throw new FailedAttempt(error);
        }),
      {
        // `decide` sets the number of attempts and the pauses, and the clock does the waiting.
        retries: Infinity,
        minTimeout: 0,
        onFailedAttempt: ({ error, attemptNumber }) =>
          waitForNext(reasonOf(error), attemptNumber + 1, options),
      },
    );
  } catch (error) {
    throw reasonOf(error);
  }
}

function reasonOf(error: unknown): unknown {
  return error instanceof FailedAttempt ? error.reason : error;
}

/** @throws when there is no next attempt */
async function waitForNext(
  error: unknown,
  number: number,
  { clock, signal, decide, onRetry }: AttemptOptions,
): Promise<void> {
  signal?.throwIfAborted();
  if (isFinal(error)) throw error;
  const { retry, delay } = decide(error, number);
  if (!retry) throw error;
  onRetry?.(error, delay);
  if (delay > 0) await clock.sleep(delay, signal);
}
