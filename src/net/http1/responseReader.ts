import type { Socket } from 'node:net';
import { TimeoutError } from '../../errors.js';
import { StallWatch } from '../stallWatch.js';
import { ChunkReader } from './chunkReader.js';
import type { ReadBuffer } from './readBuffer.js';
import type { Replay } from './replay.js';
import {
  canBecomeHead,
  longestHead,
  parseResponseHead,
  type ResponseHead,
} from './responseHead.js';

const endOfHead = Buffer.from('\r\n\r\n');
const empty = Buffer.alloc(0);

/** Receives the body of a successful response. An exception ends the request. */
export interface ResponseSink {
  /** Called once, before the body. */
  head: (head: ResponseHead) => void;
  /**
   * Receives a piece of the body. Its memory is reused after `release` is called.
   * @returns a promise that resolves when the next piece may be sent
   */
  data: (chunk: Buffer, release: () => void) => Promise<unknown> | undefined;
}

/** A request to send over a connection. */
export interface SocketRequest {
  /** Scheme, host and port: `URL.origin`. */
  origin: string;
  /** Writes the request. @returns a promise for a request that is not written at once */
  write: (socket: Socket, watch: StallWatch | undefined) => Promise<void> | undefined;
  /** Milliseconds. @default no limit */
  stallTimeout?: number | undefined;
  /** Calls `run` when the caller aborts the request, or at once if it is aborted. @returns a function that cancels this */
  onAbort: (run: (reason: unknown) => void) => () => void;
  /** @default a successful response is read into memory, as all others */
  sink?: ResponseSink | undefined;
  /** Maximum bytes of a body that is read into memory. The rest is discarded. */
  longestBody: number;
}

/** The result of a request. */
export interface SocketAnswer {
  head: ResponseHead;
  /** Empty when a sink received it. */
  body: Buffer;
  /** False when the body is longer than `longestBody`. */
  isWhole: boolean;
  /** Whether the connection can be reused. */
  isReusable: boolean;
}

/** The response needs a full parser. None of it has been passed on. */
export class UnsupportedAnswerError extends Error {
  /** The connection, from the first byte of the response on. Without it, the request must be sent again. */
  replay: Replay | undefined;

  /** @param received all that was received of the response */
  constructor(readonly received: Buffer) {
    super('The response needs a full parser.');
  }
}

/** The connection failed, before or after the request was sent. */
export class ConnectionError extends Error {
  constructor(override readonly cause: Error) {
    super('The connection failed.');
  }
}

/** Receives the outcome of a request, once. */
export interface Outcome {
  resolve: (answer: SocketAnswer) => void;
  reject: (error: Error) => void;
}

/** Reads one response from the bytes of a connection. */
export class ResponseReader {
  /** Watches the progress, for a request with a `stallTimeout`. */
  readonly watch: StallWatch | undefined;
  /** Whether the response is read, or will not be read. */
  hasEnded = false;
  readonly #request: SocketRequest;
  readonly #socket: Socket;
  readonly #ignoreAbort: (() => void) | undefined;
  readonly #outcome: Outcome;
  /** The bytes of the head while it is incomplete. */
  #headBytes: Buffer | undefined;
  #headLength = 0;
  #head: ResponseHead | undefined;
  #chunks: ChunkReader | undefined;
  /** Bytes of the body that are missing. */
  #missing = Number.POSITIVE_INFINITY;
  /** All bytes of a response in chunks, for another parser. */
  #received: Buffer[] = [];
  #body: Buffer[] = [];
  #bodyLength = 0;
  #isReusable = true;

  constructor(request: SocketRequest, socket: Socket, outcome: Outcome) {
    this.#request = request;
    this.#socket = socket;
    this.#outcome = outcome;
    const { stallTimeout } = request;
    if (stallTimeout !== undefined) {
      this.watch = new StallWatch(stallTimeout, () => this.reject(this.#stalled(stallTimeout)));
    }
    this.#ignoreAbort = request.onAbort((reason) => this.reject(reason as Error));
  }

  /** The connection failed. */
  fail(cause: Error): void {
    this.reject(new ConnectionError(cause));
  }

  /** The connection has closed. */
  finish(): void {
    this.fail(Object.assign(new Error('The connection closed early.'), { code: 'ECONNRESET' }));
  }

  /**
   * Reads the next bytes.
   * @param buffer the memory that contains them
   * @returns false to pause reading
   */
  accept(piece: Buffer, buffer: ReadBuffer): boolean {
    if (this.hasEnded) {
      // Bytes without a request: the server does not follow HTTP/1.1.
      this.#socket.destroy();
      return false;
    }
    this.watch?.moved(piece.length);
    try {
      const body = this.#head === undefined ? this.#acceptHead(piece) : piece;
      if (body === undefined || this.#head === undefined) return true;
      const sink = this.#sinkFor(this.#head);
      return sink === undefined ? this.#keep(body) : this.#pass(sink, body, buffer);
    } catch (error) {
      this.reject(error as Error);
      return false;
    }
  }

  /** @returns the start of the body, once the head is complete */
  #acceptHead(piece: Buffer): Buffer | undefined {
    const bytes = this.#collectHead(piece);
    const before = this.#headLength;
    const end = bytes.indexOf(endOfHead, Math.max(0, before - endOfHead.length));
    if (end < 0) {
      if (bytes.length > longestHead || !canBecomeHead(bytes, before)) {
        throw new UnsupportedAnswerError(Buffer.from(bytes));
      }
      this.#headLength = bytes.length;
      return undefined;
    }
    const head =
      end > longestHead ? undefined : parseResponseHead(bytes.toString('latin1', 0, end));
    const sink = head && this.#sinkFor(head);
    // Files have a content length; error responses of S3 do not.
    if (head === undefined || (head.length === 'chunked' && sink !== undefined)) {
      throw new UnsupportedAnswerError(Buffer.from(bytes));
    }
    this.#head = head;
    if (head.length === 'chunked') {
      this.#received.push(Buffer.from(bytes.subarray(0, end + endOfHead.length)));
      this.#chunks = new ChunkReader((data) => this.#body.push(data));
    } else {
      this.#missing = head.length;
    }
    sink?.head(head);
    return bytes.subarray(end + endOfHead.length);
  }

  /** @returns the head so far, and possibly the start of the body; a single piece is not copied */
  #collectHead(piece: Buffer): Buffer {
    if (this.#headBytes === undefined && piece.indexOf(endOfHead) >= 0) return piece;
    const length = this.#headLength + piece.length;
    if (this.#headBytes === undefined || this.#headBytes.length < length) {
      const grown = Buffer.allocUnsafe(Math.max(2 * length, longestHead));
      this.#headBytes?.copy(grown, 0, 0, this.#headLength);
      this.#headBytes = grown;
    }
    piece.copy(this.#headBytes, this.#headLength);
    return this.#headBytes.subarray(0, length);
  }

  #sinkFor({ status }: ResponseHead): ResponseSink | undefined {
    return status >= 200 && status <= 299 ? this.#request.sink : undefined;
  }

  #pass(sink: ResponseSink, bytes: Buffer, buffer: ReadBuffer): boolean {
    const body = bytes.subarray(0, this.#missing);
    if (body.length < bytes.length) this.#isReusable = false;
    this.#missing -= body.length;
    if (body.length > 0) {
      const hold = sink.data(body, buffer.use());
      if (hold !== undefined) {
        this.#holdFor(hold);
        return false;
      }
    }
    if (this.#missing === 0) this.#resolve();
    return true;
  }

  /** Keeps a copy of a piece: its memory is reused. */
  #keep(bytes: Buffer): boolean {
    if (this.#chunks === undefined) {
      const body = Buffer.from(bytes.subarray(0, this.#missing));
      if (bytes.length > this.#missing) this.#isReusable = false;
      this.#missing -= body.length;
      this.#bodyLength += body.length;
      this.#body.push(body);
    } else {
      const piece = Buffer.from(bytes);
      this.#received.push(piece);
      // With the lines between the chunks, which can be longer than the chunks.
      this.#bodyLength += piece.length;
      const rest = this.#chunks.read(piece);
      if (rest === 'invalid') throw new UnsupportedAnswerError(Buffer.concat(this.#received));
      if (rest !== 'more') {
        this.#missing = 0;
        this.#isReusable &&= rest.length === 0;
      }
    }
    if (this.#missing === 0 || this.#bodyLength > this.#request.longestBody) this.#resolve();
    return true;
  }

  #holdFor(hold: Promise<unknown>): void {
    (this.watch?.holdFor(hold) ?? hold).then(
      () => {
        if (this.#missing === 0) this.#resolve();
        this.#socket.resume();
      },
      (error: unknown) => this.reject(error as Error),
    );
  }

  #resolve(): void {
    if (this.hasEnded || this.#head === undefined) return;
    this.#stop();
    const [body = empty] = this.#body;
    const isWhole = this.#missing === 0 && this.#bodyLength <= this.#request.longestBody;
    this.#outcome.resolve({
      head: this.#head,
      body: this.#body.length > 1 ? Buffer.concat(this.#body) : body,
      isWhole,
      isReusable: isWhole && this.#isReusable && this.#head.keepAlive,
    });
  }

  /** Ends the request with an error. */
  reject(error: Error): void {
    if (this.hasEnded) return;
    this.#stop();
    this.#outcome.reject(error);
  }

  #stalled(stallTimeout: number): TimeoutError {
    const { host } = new URL(this.#request.origin);
    return new TimeoutError(`No bytes moved to or from ${host} for ${stallTimeout} ms.`);
  }

  #stop(): void {
    this.hasEnded = true;
    this.watch?.stop();
    this.#ignoreAbort?.();
  }
}
