import type { Clock } from '../net/clock.js';

/** Maximum milliseconds of unused time to compensate for, because timers fire late. */
const credit = 200;

/** Limits all transfers of a client together to a number of bytes a second. */
export class RateLimit {
  readonly #bytesPerSecond: number;
  readonly #clock: Clock;
  /** The time at which the bytes so far are within the limit, in milliseconds of the clock. */
  #paidUntil = 0;

  constructor(bytesPerSecond: number, clock: Clock) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#clock = clock;
  }

  /**
   * Counts bytes.
   * @returns milliseconds to wait before they are transferred. The wait is for the bytes counted before, so that there is no wait after
   * the last ones
   */
  take(bytes: number): number {
    const now = this.#clock.now();
    const start = Math.max(this.#paidUntil, now - credit);
    this.#paidUntil = start + (bytes / this.#bytesPerSecond) * 1000;
    return Math.max(start - now, 0);
  }
}
