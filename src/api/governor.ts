import type { Clock } from '../net/clock.js';
import { onAbort } from '../net/onAbort.js';
import { Pace, type PaceOptions } from './pace.js';
import type { Throttle } from './throttle.js';

/** Sent when calls wait for a second or more. */
export interface WaitNotice {
  /**
   * `rate`: the limit of requests per minute is reached, either that of the service or `requestsPerMinute`; `throttled`: the
   * service responded with 429; `retry`: an attempt failed and is repeated.
   */
  kind: 'rate' | 'throttled' | 'retry';
  waitMs: number;
  /** A readable description. */
  message: string;
}

export interface GovernorOptions extends PaceOptions {
  clock: Clock;
  onWait?: ((notice: WaitNotice) => void) | undefined;
}

/** Permission to have one request in progress. */
export interface Slot {
  readonly startedAt: number;
  /** Releases the slot. Call it when the whole response has been read. */
  release(): void;
}

interface Waiter {
  start(): void;
}

/** Milliseconds by which the window of the client is longer than that of the server: the server counts when requests arrive, and
 * latency varies. */
const spareMs = 500;
/** Pauses after a 429 that the requests of this client do not explain: another client uses the quota of the same user. */
const firstPauseMs = 1_000;
const longestPauseMs = 15_000;
/** Milliseconds of waiting before a notice is sent. */
export const shortestNoticeMs = 1_000;

/**
 * Schedules all requests of one client in order, within the limits of its {@link Pace}. The limits are learned from
 * 429 answers and remembered for the life of the client.
 */
export class Governor {
  readonly #options: GovernorOptions;
  readonly #pace: Pace;
  readonly #queue: Waiter[] = [];
  /** When the requests of the last window that were not refused started, oldest first. */
  readonly #starts = new StartLog();
  /** Slots whose request got a 429. */
  readonly #refused = new Set<Slot>();
  #active = 0;
  #pausedUntil = -Infinity;
  #throttledAt = -Infinity;
  /** Consecutive refusals that the requests of this client do not explain. */
  #unexplained = 0;
  /** Cancels the timer that starts the next request; `undefined` while no timer runs. */
  #callOff: (() => void) | undefined;

  constructor(options: GovernorOptions) {
    this.#options = options;
    this.#pace = new Pace(options);
  }

  /**
   * Waits until a request may be sent.
   *
   * @param options - `front`: puts the request at the front of the queue, for a retry of a request that has already waited.
   * @throws `signal.reason` when the signal aborts before the request may be sent.
   */
  acquire(options: { signal?: AbortSignal; front?: boolean } = {}): Promise<Slot> {
    const { signal, front } = options;
    // The usual case, without a listener.
    if (signal?.aborted !== true && this.#queue.length === 0 && this.#isOpen()) {
      return Promise.resolve(this.#open());
    }
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

  /**
   * Records a 429 response to the request of a slot.
   *
   * @param pauseMs - Milliseconds during which no request starts, from the server or the retry policy.
   */
  throttled(slot: Slot, throttle: Throttle, pauseMs: number): void {
    const now = this.#options.clock.now();
    // The service does not count refused requests.
    this.#starts.remove(slot.startedAt);
    this.#refused.add(slot);
    const isFrequency = throttle.kind === 'frequency';
    this.#pace.responded(isFrequency);
    const isOneMachine = isFrequency && !this.#pace.isUsedUp;
    // Requests that were in progress at the same time get a 429 each; the pace is reduced once.
    if (slot.startedAt > this.#throttledAt && !isOneMachine) {
      this.#throttledAt = now;
      this.#pace.refused({ throttle, accepted: this.#startsUntil(now), now });
      if (isFrequency && this.#windowWait(now) <= 0) this.#backOff(now);
    }
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs);
    this.#stopSleeping();
    this.#pump();
  }

  #backOff(now: number): void {
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** this.#unexplained);
    this.#unexplained += 1;
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pause);
  }

  #open(): Slot {
    const startedAt = this.#options.clock.now();
    this.#active += 1;
    this.#starts.push(startedAt);
    let open = true;
    const slot: Slot = {
      startedAt,
      release: () => {
        if (!open) return;
        open = false;
        if (!this.#refused.delete(slot)) this.#answered(startedAt);
        this.#active -= 1;
        this.#pump();
      },
    };
    return slot;
  }

  #answered(startedAt: number): void {
    this.#pace.responded(false);
    if (startedAt <= this.#throttledAt) return;
    this.#unexplained = 0;
    this.#pace.answered(this.#options.clock.now(), this.#active >= this.#pace.concurrent);
  }

  #leave(waiter: Waiter): void {
    const at = this.#queue.indexOf(waiter);
    if (at >= 0) this.#queue.splice(at, 1);
    // A timer without waiting requests would keep the process alive.
    if (this.#queue.length === 0) this.#stopSleeping();
  }

  /** Whether a request may start now. */
  #isOpen(): boolean {
    const now = this.#options.clock.now();
    return (
      this.#active < this.#pace.concurrent && this.#pausedUntil <= now && this.#windowWait(now) <= 0
    );
  }

  #pump(): void {
    while (this.#queue.length > 0) {
      const now = this.#options.clock.now();
      if (this.#active >= this.#pace.concurrent) return;
      const windowWait = this.#windowWait(now);
      const pause = this.#pausedUntil - now;
      if (windowWait > 0) this.#pace.heldBack();
      if (windowWait > 0 || pause > 0) {
        this.#sleep(Math.max(windowWait, pause), pause >= windowWait ? 'throttled' : 'rate');
        return;
      }
      this.#queue.shift()?.start();
    }
  }

  /** Milliseconds until the window has room for one more request. */
  #windowWait(now: number): number {
    const count = this.#startsUntil(now);
    const { perWindow, windowMs } = this.#pace;
    const blocking = this.#starts.at(count - perWindow);
    return blocking === undefined ? 0 : blocking + windowMs + spareMs - now;
  }

  /** The number of requests started in the window that ends now. */
  #startsUntil(now: number): number {
    this.#starts.forgetBefore(now - this.#pace.windowMs - spareMs);
    return this.#starts.count;
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
    const message = `${this.#reason(kind)}: waiting ${Math.ceil(waitMs / 1000)} s`;
    this.#options.onWait?.({ kind, waitMs, message });
  }

  #reason(kind: 'rate' | 'throttled'): string {
    if (kind === 'throttled') return 'Synapse limits the request rate';
    const { perWindow, windowMs, isRateSet } = this.#pace;
    return isRateSet
      ? `The limit of ${perWindow} requests a minute is reached`
      : `Synapse allows ${perWindow} requests in ${windowMs / 1000} s`;
  }
}

/** Times in ascending order. The oldest are removed. */
class StartLog {
  #times: number[] = [];
  /** Times before this index are removed. */
  #first = 0;

  get count(): number {
    return this.#times.length - this.#first;
  }

  /** @param index of the oldest time: 0 */
  at(index: number): number | undefined {
    return index < 0 ? undefined : this.#times[this.#first + index];
  }

  push(time: number): void {
    this.#times.push(time);
  }

  remove(time: number): void {
    const index = this.#times.lastIndexOf(time);
    if (index >= this.#first) this.#times.splice(index, 1);
  }

  /** Removes times up to and including this one. */
  forgetBefore(time: number): void {
    while ((this.#times[this.#first] ?? Infinity) <= time) this.#first += 1;
    // Moving the rest at every call would take quadratic time.
    if (this.#first <= this.count) return;
    this.#times = this.#times.slice(this.#first);
    this.#first = 0;
  }
}
