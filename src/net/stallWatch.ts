/** A connection slower than this many bytes a second, over the time of a stall, has stalled. */
const slowestRate = 1024;

/** Checks, once in every `stallTimeout`, how much moved since the last check. */
export class StallWatch {
  readonly #timer: NodeJS.Timeout;
  readonly #floor: number;
  #moved = 0;
  #holds = 0;
  /** Number of checks to skip. */
  #allowance = 0;

  /** @param stallTimeout milliseconds */
  constructor(stallTimeout: number, onStall: () => void) {
    this.#floor = Math.ceil((stallTimeout / 1000) * slowestRate);
    this.#timer = setInterval(() => {
      const moved = this.#moved;
      this.#moved = 0;
      if (moved >= this.#floor || this.#holds > 0) return;
      if (this.#allowance > 0) this.#allowance -= 1;
      else onStall();
    }, stallTimeout);
  }

  moved(bytes: number): void {
    this.#moved += bytes;
  }

  /** Waits for a pause on the client side, which does not count as a stall. */
  async holdFor(reason: Promise<unknown>): Promise<void> {
    this.#holds += 1;
    await reason;
    this.#holds -= 1;
    // The next check must not count the paused time.
    this.#moved += this.#floor;
  }

  /** Allows a longer time without bytes. @param checks number of additional stall timeouts */
  allowLonger(checks: number): void {
    this.#allowance = checks;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
