/**
 * Buffers of one size that are used again. Filling a buffer is quicker than getting a fresh one from the system, page by page,
 * and a transfer of any size needs only as many as it fills in a moment.
 */
export class BufferPool {
  readonly #size: number;
  readonly #maximum: number;
  readonly #free: Buffer[] = [];

  /**
   * @param size bytes of a buffer
   * @param maximum buffers to keep; the garbage collector gets the others
   */
  constructor(size: number, maximum: number) {
    this.#size = size;
    this.#maximum = maximum;
  }

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#size);
  }

  /** @param buffer one that was taken, or a part of one, which nobody uses any more */
  release(buffer: Buffer): void {
    if (this.#free.length < this.#maximum) {
      this.#free.push(Buffer.from(buffer.buffer, 0, this.#size));
    }
  }
}
