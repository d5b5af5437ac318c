/** A connection slower than this many bytes a second, over the time of a stall, has stalled. */
const slowestRate = 1024;

/** Checks, once in every `stallTimeout`, how much moved since the last check. */
export class StallWatch {
  readonly #timer: NodeJS.Timeout;
  readonly #floor: number;
  #moved = 0;
  #holds = 0;
  /** Checks to let pass, whatever they show. */
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

  /** Waits for what holds up the bytes on our side: that is no stall. */
  async holdFor(reason: Promise<unknown>): Promise<void> {
    this.#holds += 1;
    await reason;
    this.#holds -= 1;
    // The time held up must not count against the store at the next check.
    this.#moved += this.#floor;
  }

  /** Lets the connection be quiet for longer. @param checks how many stall times it gets on top of the usual one */
  allowLonger(checks: number): void {
    this.#allowance = checks;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
