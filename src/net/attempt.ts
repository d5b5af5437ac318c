import pRetry from 'p-retry';
import type { Clock } from './clock.js';

/** Whether there is another attempt, and when. */
export interface AttemptDecision {
  retry: boolean;
  /** Milliseconds to wait before the next attempt. */
  delay: number;
}

/** When to make another attempt, and whom to tell. */
export interface AttemptOptions {
  clock: Clock;
  /** Ends the attempts with its reason, also while they wait. */
  signal?: AbortSignal | undefined;
  /**
   * Decides what follows a failed attempt.
   * @param number of the attempt that failed, from 1
   */
  decide: (error: unknown, number: number) => AttemptDecision;
  /** Called before the wait for another attempt. */
  onRetry?: ((error: unknown, delay: number) => void) | undefined;
}

/** Failures that are final, whatever `decide` would say. */
const finalErrors = new WeakSet<object>();

/**
 * Marks what a piece of work failed with as final: there is no other attempt. For work that was tried again already.
 * @returns the same error
 */
export function asFinal(error: unknown): unknown {
  if (typeof error === 'object' && error !== null) finalErrors.add(error);
  return error;
}

function isFinal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && finalErrors.has(error);
}

/** Carries any failure through p-retry, which treats a `TypeError` and what is no `Error` in ways of its own. */
class FailedAttempt extends Error {
  constructor(readonly reason: unknown) {
    super('An attempt failed.');
  }
}

/**
 * Runs a piece of work, and runs it again for as long as `decide` says so.
 *
 * @param work - Called with the number of the attempt, from 1.
 * @returns The result of the first attempt that succeeds.
 * @throws What the last attempt failed with, or the reason of the signal.
 */
export async function attempt<T>(
  work: (number: number) => Promise<T>,
  options: AttemptOptions,
): Promise<T> {
  try {
    // Most work succeeds at once, and p-retry would cost as much time as the rest of a small call.
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
        // How often and how long is decided by `decide`, and the waits are those of the clock.
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
