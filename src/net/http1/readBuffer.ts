import { BufferPool } from '../bufferPool.js';

/** Enough for a few connections. */
const memory = new BufferPool(256 * 1024, 64);

/** Memory that a connection reads into. It is used again once all that was read into it is released. */
export class ReadBuffer {
  readonly #buffer = memory.take();
  #end = 0;
  /** The connection itself, and the pieces that are in use. */
  #users = 1;

  /** Where the next bytes go. */
  get space(): Buffer {
    return this.#buffer.subarray(this.#end);
  }

  /** Says that bytes came into the space. @returns them, without a user yet */
  fill(length: number): Buffer {
    this.#end += length;
    return this.#buffer.subarray(this.#end - length, this.#end);
  }

  /** Counts a user of the memory. @returns ends the use */
  use(): () => void {
    this.#users += 1;
    return () => this.release();
  }

  /** Ends one use. */
  release(): void {
    this.#users -= 1;
    if (this.#users === 0) memory.release(this.#buffer);
  }
}
