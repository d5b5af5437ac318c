import { onAbort } from './onAbort.js';

/** Time and random numbers, so that tests can control both. */
export interface Clock {
  /** Milliseconds of a monotonic clock, not a date. */
  now(): number;
  /** Milliseconds since 1970, for comparison with dates of a server. */
  epoch(): number;
  /** A random number from 0 (inclusive) to 1 (exclusive). */
  random(): number;
  /** Resolves after `ms`; rejects with `signal.reason` as soon as the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `run` after `ms`. @returns a function that cancels the call */
  after(ms: number, run: () => void): () => void;
}

/** The longest delay of `setTimeout`. A longer one fires at once. */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  epoch: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const stopTimer = systemClock.after(ms, () => {
        ignoreAbort();
        resolve();
      });
      const ignoreAbort = onAbort(signal, () => {
        stopTimer();
        reject(signal?.reason as Error);
      });
    }),
  after: (ms, run) => {
    const timer = setTimeout(run, Math.min(ms, longestTimer));
    return () => clearTimeout(timer);
  },
};

/** A signal that aborts with its parent, or with its own reason after a timeout. */
export interface Scope {
  readonly signal: AbortSignal;
  /** Removes the listener on the parent and the timer. Always call it when the work ends, also after a failure. */
  end(): void;
  abort(reason: unknown): void;
}

/**
 * Opens a {@link Scope} under `parent`.
 * `AbortSignal.any` could follow the parent, but in Node.js 20 it keeps every child in memory as long as the parent.
 */
export function openScope(
  parent: AbortSignal | undefined,
  limit?: { clock: Clock; ms: number; reason: () => unknown },
): Scope {
  const controller = new AbortController();
  const inherit = (): void => controller.abort(parent?.reason);
  if (parent?.aborted) inherit();
  const leaveParent = onAbort(parent, inherit);
  const stopTimer =
    limit === undefined || controller.signal.aborted
      ? undefined
      : limit.clock.after(limit.ms, () => controller.abort(limit.reason()));
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    end: () => {
      leaveParent();
      stopTimer?.();
    },
  };
}
