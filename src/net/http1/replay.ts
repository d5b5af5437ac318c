import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/**
 * A connection in the middle of a response, for the parser of `node:http`. It repeats what was received, and goes on with what
 * the connection receives. The request has been sent, so what is written is discarded.
 */
export class Replay extends Duplex {
  readonly #socket: Socket;

  constructor(received: Buffer, socket: Socket) {
    super();
    this.#socket = socket;
    this.push(received);
    if (socket.destroyed) this.finish();
  }

  /** @returns false to pause reading */
  accept(piece: Buffer): boolean {
    return this.push(Buffer.from(piece));
  }

  /** The connection failed. */
  fail(cause: Error): void {
    this.destroy(cause);
  }

  /** The connection has closed. */
  finish(): void {
    this.push(null);
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }

  /** `node:http` ends a connection that it does not keep. */
  override _final(done: () => void): void {
    done();
    this.destroy();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
