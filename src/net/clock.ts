import { onAbort } from './onAbort.js';

/** Time and chance, so that a test can own both. */
export interface Clock {
  /** Milliseconds that only ever grow; no date. */
  now(): number;
  /** Milliseconds since 1970: a server's dates are compared with it. */
  epoch(): number;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** Resolves after `ms`; rejects with `signal.reason` as soon as the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `run` after `ms`. @returns what calls that off */
  after(ms: number, run: () => void): () => void;
}

/** `setTimeout` takes no more than a 32-bit number and fires at once above it. */
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

/** A signal that aborts with its parent, or with a reason of its own when its time is up. */
export interface Scope {
  readonly signal: AbortSignal;
  /** Lets go of the parent and of the timer. Call it when the work is over, whatever came of it. */
  end(): void;
  abort(reason: unknown): void;
}

/**
 * Opens a {@link Scope} under `parent`.
 * `AbortSignal.any` would do the first half, but keeps every child alive as long as the parent lives (Node 20).
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
