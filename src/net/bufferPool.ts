/**
 * A pool of buffers of one size. Reusing a buffer is faster than allocating a new one, and a transfer of any size needs only a
 * few at a time.
 */
export class BufferPool {
  readonly #size: number;
  readonly #maximum: number;
  readonly #isShared: boolean;
  readonly #free: Buffer[] = [];

  /**
   * @param size bytes of a buffer
   * @param maximum buffers to keep; further buffers are left to the garbage collector
   * @param options.shared whether threads can use the buffers without a copy. @default false
   */
  constructor(size: number, maximum: number, { shared = false }: { shared?: boolean } = {}) {
    this.#size = size;
    this.#maximum = maximum;
    this.#isShared = shared;
  }

  take(): Buffer {
    return this.#free.pop() ?? this.#allocate();
  }

  #allocate(): Buffer {
    return this.#isShared
      ? Buffer.from(new SharedArrayBuffer(this.#size))
      : Buffer.allocUnsafeSlow(this.#size);
  }

  /** @param buffer a buffer from the pool, or a view of one, that is no longer in use */
  release(buffer: Buffer): void {
    if (this.#free.length < this.#maximum) {
      this.#free.push(Buffer.from(buffer.buffer, 0, this.#size));
    }
  }
}
