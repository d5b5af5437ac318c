/**
 * Pieces of memory that are used again: to get fresh ones from the system, page by page, takes longer than to fill them,
 * and a transfer of any size gets by with what a few seconds need.
 */
export class SpareMemory {
  readonly #size: number;
  readonly #most: number;
  readonly #spare: Buffer[] = [];

  /**
   * @param size bytes of a piece
   * @param most pieces to keep; what is more is left to the garbage collector
   */
  constructor(size: number, most: number) {
    this.#size = size;
    this.#most = most;
  }

  take(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.#size);
  }

  /** @param piece one that was taken, or a part of one, which nobody uses any more */
  giveBack(piece: Buffer): void {
    if (this.#spare.length < this.#most) this.#spare.push(Buffer.from(piece.buffer, 0, this.#size));
  }
}
