/** More connections are kept only when they make a round faster by this factor. */
const worthwhile = 1.1;

/**
 * Adapts the number of concurrent parts of a file: it increases as long as that makes the transfer faster, and decreases
 * after a failure.
 */
export class AdaptiveLimit {
  readonly #maximum: number;
  #current: number;
  #bytes = 0;
  #parts = 0;
  #since: number;
  #bestRate = 0;

  /** @param now milliseconds */
  constructor(options: { start: number; maximum: number }, now: number) {
    this.#maximum = Math.max(1, options.maximum);
    this.#current = Math.min(Math.max(1, options.start), this.#maximum);
    this.#since = now;
  }

  get current(): number {
    return this.#current;
  }

  /** Counts a complete part. A round has twice as many parts as are transferred concurrently. */
  succeeded(bytes: number, now: number): void {
    this.#bytes += bytes;
    this.#parts += 1;
    if (this.#parts < this.#current * 2) return;
    const rate = this.#bytes / Math.max(1, now - this.#since);
    if (rate > this.#bestRate * worthwhile) {
      this.#bestRate = rate;
      this.#current = Math.min(this.#current + 2, this.#maximum);
    }
    this.#startRound(now);
  }

  failed(now: number): void {
    this.#current = Math.max(1, Math.floor(this.#current / 2));
    this.#bestRate = 0;
    this.#startRound(now);
  }

  #startRound(now: number): void {
    this.#bytes = 0;
    this.#parts = 0;
    this.#since = now;
  }
}
