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
  now: monotonicNow,
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

/** The `performance` of Node.js takes more than a millisecond to load, and `hrtime` is there already. */
function monotonicNow(): number {
  if (typeof process === 'undefined') return performance.now();
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** A signal that aborts with its parent, or with its own reason after a timeout. */
export interface Scope {
  /** Created when it is read for the first time: creating a signal takes longer than the rest of a scope. */
  readonly signal: AbortSignal;
  /** Why it was aborted; `undefined` before. */
  readonly reason: unknown;
  /** Calls a function when the scope aborts, or at once if it has. @returns a function that cancels this */
  onAbort(run: (reason: unknown) => void): () => void;
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
  const scope = new LazyScope();
  if (parent?.aborted) scope.abort(parent.reason);
  else scope.follow(parent, limit);
  return scope;
}

class LazyScope implements Scope {
  readonly #waiting = new Set<(reason: unknown) => void>();
  #controller: AbortController | undefined;
  #aborted: { reason: unknown } | undefined;
  #leaveParent: (() => void) | undefined;
  #stopTimer: (() => void) | undefined;

  follow(
    parent: AbortSignal | undefined,
    limit: { clock: Clock; ms: number; reason: () => unknown } | undefined,
  ): void {
    this.#leaveParent = onAbort(parent, () => this.abort(parent?.reason));
    this.#stopTimer = limit?.clock.after(limit.ms, () => this.abort(limit.reason()));
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason);
    }
    return this.#controller.signal;
  }

  get reason(): unknown {
    return this.#aborted?.reason;
  }

  onAbort(run: (reason: unknown) => void): () => void {
    if (this.#aborted !== undefined) run(this.#aborted.reason);
    else this.#waiting.add(run);
    return () => this.#waiting.delete(run);
  }

  abort(reason: unknown): void {
    if (this.#aborted !== undefined) return;
    this.#aborted = { reason };
    this.#controller?.abort(reason);
    for (const run of this.#waiting) run(reason);
  }

  end(): void {
    this.#leaveParent?.();
    this.#stopTimer?.();
  }
}
