import type { Socket } from 'node:net';
import { TimeoutError } from '../../errors.js';
import { onAbort } from '../onAbort.js';
import { StallWatch } from '../stallWatch.js';
import { storageNetworkError } from '../storageError.js';
import { ChunkReader } from './chunkReader.js';
import type { ReadBuffer } from './readBuffer.js';
import {
  canBecomeHead,
  longestHead,
  parseResponseHead,
  type ResponseHead,
} from './responseHead.js';

/** Maximum bytes that are read of the body of an error response. The rest is discarded. */
const longestText = 64 * 1024;

const endOfHead = Buffer.from('\r\n\r\n');

/** A GET to send over a connection. */
export interface SocketRequest {
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** Milliseconds. */
  stallTimeout: number;
  signal?: AbortSignal | undefined;
  /** Called once with the head of a successful response, before its body. An exception ends the request. */
  head: (head: ResponseHead) => void;
  /**
   * Receives a piece of the body of a successful response. Its memory is reused after `release` is called.
   * @returns a promise that resolves when the next piece may be sent
   */
  data: (chunk: Buffer, release: () => void) => Promise<unknown> | undefined;
}

/** The result of a request. */
export interface SocketAnswer {
  head: ResponseHead;
  /** The body of an error response. */
  text: string;
  /** Whether the connection can be reused. */
  isReusable: boolean;
}

/** The response needs a full parser. None of it has been passed on. */
export class UnsupportedAnswerError extends Error {
  constructor() {
    super('The response needs a full parser.');
  }
}

/** Reads one response from the bytes of a connection. */
export class ResponseReader {
  readonly answer: Promise<SocketAnswer>;
  readonly #request: SocketRequest;
  readonly #socket: Socket;
  readonly #watch: StallWatch;
  readonly #ignoreAbort: () => void;
  #settle: { resolve: (answer: SocketAnswer) => void; reject: (error: Error) => void };
  /** The bytes of the head while it is incomplete. */
  #headBytes: Buffer | undefined;
  #headLength = 0;
  #head: ResponseHead | undefined;
  #chunks: ChunkReader | undefined;
  /** Bytes of the body that are missing. */
  #missing = Number.POSITIVE_INFINITY;
  #text: Buffer[] = [];
  #textLength = 0;
  #isReusable = true;

  constructor(request: SocketRequest, socket: Socket) {
    this.#request = request;
    this.#socket = socket;
    this.#settle = { resolve: () => undefined, reject: () => undefined };
    this.answer = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    const { stallTimeout, signal, url } = request;
    this.#watch = new StallWatch(stallTimeout, () => {
      this.#reject(new TimeoutError(`No bytes came from ${url.host} for ${stallTimeout} ms.`));
    });
    this.#ignoreAbort = onAbort(signal, () => this.#reject(signal?.reason as Error));
  }

  /** The connection failed. */
  fail(cause: unknown): void {
    this.#reject(storageNetworkError(this.#request.url.href, cause));
  }

  /**
   * Reads the next bytes.
   * @param buffer the memory that contains them
   * @returns false to pause reading
   */
  accept(piece: Buffer, buffer: ReadBuffer): boolean {
    this.#watch.moved(piece.length);
    try {
      const body = this.#head === undefined ? this.#acceptHead(piece) : piece;
      if (body === undefined || this.#head === undefined) return true;
      return isSuccess(this.#head) ? this.#acceptBody(body, buffer) : this.#acceptText(body);
    } catch (error) {
      this.#reject(error as Error);
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
        throw new UnsupportedAnswerError();
      }
      this.#headLength = bytes.length;
      return undefined;
    }
    const head =
      end > longestHead ? undefined : parseResponseHead(bytes.toString('latin1', 0, end));
    // Files have a content length; error responses of S3 do not.
    if (head === undefined || (head.length === 'chunked' && isSuccess(head))) {
      throw new UnsupportedAnswerError();
    }
    this.#head = head;
    if (head.length === 'chunked') this.#chunks = new ChunkReader((data) => this.#keepText(data));
    else this.#missing = head.length;
    if (isSuccess(head)) this.#request.head(head);
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

  #acceptBody(bytes: Buffer, buffer: ReadBuffer): boolean {
    const body = bytes.subarray(0, this.#missing);
    if (body.length < bytes.length) this.#isReusable = false;
    this.#missing -= body.length;
    if (body.length > 0) {
      const hold = this.#request.data(body, buffer.use());
      if (hold !== undefined) {
        this.#holdFor(hold);
        return false;
      }
    }
    if (this.#missing === 0) this.#resolve();
    return true;
  }

  #acceptText(bytes: Buffer): boolean {
    if (this.#chunks === undefined) {
      this.#keepText(bytes.subarray(0, this.#missing));
      if (bytes.length > this.#missing) this.#isReusable = false;
      this.#missing -= Math.min(bytes.length, this.#missing);
    } else {
      const rest = this.#chunks.read(bytes);
      if (rest === 'invalid') throw new UnsupportedAnswerError();
      if (rest !== 'more') {
        this.#missing = 0;
        this.#isReusable &&= rest.length === 0;
      }
    }
    if (this.#missing > 0 && this.#textLength < longestText) return true;
    this.#isReusable &&= this.#missing === 0;
    this.#resolve();
    return true;
  }

  /** Releases the memory of the piece. */
  #keepText(piece: Buffer): void {
    this.#text.push(Buffer.from(piece));
    this.#textLength += piece.length;
  }

  #holdFor(hold: Promise<unknown>): void {
    this.#watch.holdFor(hold).then(
      () => {
        if (this.#missing === 0) this.#resolve();
        this.#socket.resume();
      },
      (error: unknown) => this.#reject(error as Error),
    );
  }

  #resolve(): void {
    this.#stop();
    if (this.#head === undefined) return;
    this.#settle.resolve({
      head: this.#head,
      text: Buffer.concat(this.#text).toString('utf8'),
      isReusable: this.#isReusable && this.#head.keepAlive,
    });
  }

  #reject(error: Error): void {
    this.#stop();
    this.#settle.reject(error);
  }

  #stop(): void {
    this.#watch.stop();
    this.#ignoreAbort();
  }
}

function isSuccess({ status }: ResponseHead): boolean {
  return status >= 200 && status <= 299;
}
