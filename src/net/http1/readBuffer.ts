import { BufferPool } from '../bufferPool.js';

/** Number of buffers for a few connections. */
const memory = new BufferPool(256 * 1024, 64);

/** A buffer that a connection reads into. It is reused once everything that was read into it is released. */
export class ReadBuffer {
  readonly #buffer = memory.take();
  #end = 0;
  /** The number of users: the connection itself, and the pieces in use. */
  #users = 1;

  /** The free space, for the next bytes. */
  get space(): Buffer {
    return this.#buffer.subarray(this.#end);
  }

  /** Marks bytes of the free space as read. @returns them; they have no user yet */
  fill(length: number): Buffer {
    this.#end += length;
    return this.#buffer.subarray(this.#end - length, this.#end);
  }

  /** Adds a user of the memory. @returns a function that removes it */
  use(): () => void {
    this.#users += 1;
    return () => this.release();
  }

  /** Removes one user. */
  release(): void {
    this.#users -= 1;
    if (this.#users === 0) memory.release(this.#buffer);
  }
}
