import type { Clock } from '../net/clock.js';
import { onAbort } from '../net/onAbort.js';

/** Sent when calls wait for a second or more. */
export interface WaitNotice {
  /** `rate`: our own pace is reached; `throttled`: the server said 429; `retry`: an attempt failed and is repeated. */
  kind: 'rate' | 'throttled' | 'retry';
  waitMs: number;
  /** For a person. */
  message: string;
}

export interface GovernorOptions {
  maxConcurrent: number;
  requestsPerMinute: number;
  clock: Clock;
  onWait?: ((notice: WaitNotice) => void) | undefined;
}

/** Leave to have one request under way. */
export interface Slot {
  readonly startedAt: number;
  /** Gives the leave back once the answer is read whole. */
  release(): void;
}

interface Waiter {
  start(): void;
}

/** Half a second over the minute: requests travel at different speeds, and the server counts arrivals. */
const windowMs = 60_500;
const recoveryStepMs = 10_000;
/** Milliseconds of waiting before a notice is sent. */
export const shortestNoticeMs = 1_000;

/**
 * Paces all requests of one client. Synapse serves a user 3 requests at a time and 600 a minute and answers the rest with
 * 429; a client that keeps below is never sent away.
 *
 * First come, first served. No window of 60 s ever sees more than `requestsPerMinute` starts. After a 429 everything waits
 * as long as the server asked, and goes on at half the pace, which grows back by a tenth every ten seconds.
 */
export class Governor {
  readonly #options: GovernorOptions;
  readonly #queue: Waiter[] = [];
  /** When the requests of the last minute started, oldest first. */
  readonly #starts: number[] = [];
  #active = 0;
  #pausedUntil = -Infinity;
  #throttledAt = -Infinity;
  /** The share of the full pace that was left when it was last cut. */
  #share = 1;
  /** Calls off the timer that starts the next one; `undefined` while none runs. */
  #callOff: (() => void) | undefined;

  constructor(options: GovernorOptions) {
    this.#options = options;
  }

  /**
   * Waits for leave to send a request.
   *
   * @param options - `front`: a request that had its turn before, and failed, need not queue again.
   * @throws `signal.reason` when the signal aborts before the turn comes.
   */
  acquire(options: { signal?: AbortSignal; front?: boolean } = {}): Promise<Slot> {
    const { signal, front } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const waiter: Waiter = {
        start: () => {
          ignoreAbort();
          resolve(this.#open());
        },
      };
      const ignoreAbort = onAbort(signal, () => {
        this.#leave(waiter);
        reject(signal?.reason as Error);
      });
      if (front) this.#queue.unshift(waiter);
      else this.#queue.push(waiter);
      this.#pump();
    });
  }

  /** Takes note of a 429: nothing starts for `pauseMs`, and then less. */
  throttled(slot: Slot, pauseMs: number): void {
    const now = this.#options.clock.now();
    // Requests that were already out together bring back a 429 each; the pace is cut once.
    if (slot.startedAt > this.#throttledAt) {
      this.#share = Math.max(this.#shareAt(now) / 2, 1 / 16);
      this.#throttledAt = now;
    }
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs);
    this.#stopSleeping();
    this.#pump();
  }

  #open(): Slot {
    const startedAt = this.#options.clock.now();
    this.#active += 1;
    this.#starts.push(startedAt);
    let open = true;
    return {
      startedAt,
      release: () => {
        if (!open) return;
        open = false;
        this.#active -= 1;
        this.#pump();
      },
    };
  }

  #leave(waiter: Waiter): void {
    const at = this.#queue.indexOf(waiter);
    if (at >= 0) this.#queue.splice(at, 1);
    // A timer without waiting requests would keep the process alive.
    if (this.#queue.length === 0) this.#stopSleeping();
  }

  #pump(): void {
    while (this.#queue.length > 0) {
      const now = this.#options.clock.now();
      const share = this.#shareAt(now);
      if (this.#active >= Math.max(1, Math.floor(this.#options.maxConcurrent * share))) return;
      const wait = Math.max(this.#pausedUntil - now, this.#windowWait(now, share));
      if (wait > 0) {
        this.#sleep(wait, this.#pausedUntil - now >= wait ? 'throttled' : 'rate');
        return;
      }
      this.#queue.shift()?.start();
    }
  }

  #windowWait(now: number, share: number): number {
    while (this.#starts.length > 0 && now - (this.#starts[0] ?? now) >= windowMs)
      this.#starts.shift();
    const limit = Math.max(1, Math.floor(this.#options.requestsPerMinute * share));
    const blocking = this.#starts[this.#starts.length - limit];
    return blocking === undefined ? 0 : blocking + windowMs - now;
  }

  #shareAt(now: number): number {
    if (this.#share === 1) return 1;
    const sincePause = now - Math.max(this.#throttledAt, this.#pausedUntil);
    const steps = Math.max(0, Math.floor(sincePause / recoveryStepMs));
    return Math.min(1, this.#share + steps / 10);
  }

  #sleep(ms: number, kind: 'rate' | 'throttled'): void {
    if (this.#callOff !== undefined) return;
    this.#callOff = this.#options.clock.after(ms, () => {
      this.#callOff = undefined;
      this.#pump();
    });
    if (ms >= shortestNoticeMs) this.#notify(ms, kind);
  }

  #stopSleeping(): void {
    this.#callOff?.();
    this.#callOff = undefined;
  }

  #notify(waitMs: number, kind: 'rate' | 'throttled'): void {
    const why =
      kind === 'throttled'
        ? 'Synapse asks to slow down'
        : `${this.#options.requestsPerMinute} requests a minute are reached`;
    const message = `${why}: waiting ${Math.ceil(waitMs / 1000)} s`;
    this.#options.onWait?.({ kind, waitMs, message });
  }
}
