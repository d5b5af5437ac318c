/** Number of unused buffers that are kept. */
const capacity = 16;

/**
 * Buffers of one size that are used again. New memory for each file that is sent would keep the
 * garbage collector busy.
 */
export class BufferPool {
  /** Bytes of each buffer. */
  readonly size: number;
  readonly #free: Buffer[] = [];

  constructor(size: number) {
    this.size = size;
  }

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.size);
  }

  /** Ends the use of a buffer. Must be called at most once for each {@link BufferPool.take}. */
  give(buffer: Buffer): void {
    if (this.#free.length < capacity) this.#free.push(buffer);
  }
}
