import { validateHeaderValue } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { TimeoutError } from '../../errors.js';
import { decodeChunks, longestHead, parsePlainHead, type PlainHead } from './responseHead.js';
import { Slab } from './slabs.js';
import { StallWatch } from '../stallWatch.js';
import { storageNetworkError } from '../storageError.js';

/** Below this much space the next read gets fresh memory. */
const leastSpace = 16 * 1024;

const longestText = 64 * 1024;

const endOfHead = Buffer.from('\r\n\r\n');

/** A GET to send over a connection. */
export interface SocketRequest {
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** Milliseconds. */
  stallTimeout: number;
  signal?: AbortSignal | undefined;
  /** Called with the head. @returns whether the body is to go to `data`; otherwise it is read as text */
  head: (head: PlainHead) => boolean;
  /** Takes a piece of the body until it calls `release`. @returns a promise to wait for before the next piece */
  data: (chunk: Buffer, release: () => void) => Promise<unknown> | undefined;
}

/** The answer is not of the plain kind that these connections read. */
export class NotPlainError extends Error {
  /** Whether it is a file that came so: more of them will. */
  readonly isFile: boolean;

  constructor(options: { isFile: boolean }) {
    super('The answer is for a full parser.');
    this.isFile = options.isFile;
  }
}

/**
 * A connection that reads answers straight into memory of ours. `node:http` allocates each 64 KiB
 * anew and takes about twice the processor time, which on a fast line is the time of the download.
 */
export class SocketConnection {
  /** Called once the connection cannot be used any more. */
  onClose: (() => void) | undefined;
  readonly #socket: Socket;
  #slab = new Slab();
  #reader: AnswerReader | undefined;

  /** @param ca certificates to trust, where not the usual ones */
  constructor(origin: URL, ca: string[] | undefined) {
    const isTls = origin.protocol === 'https:';
    const host = origin.hostname.replace(/^\[|\]$/g, '');
    const options = {
      host,
      port: origin.port === '' ? (isTls ? 443 : 80) : Number(origin.port),
      noDelay: true,
      keepAlive: true,
      onread: {
        buffer: () => this.#slab.space,
        callback: (length: number) => this.#read(length),
      },
    };
    this.#socket = isTls
      ? connectTls({
          ...options,
          servername: isIP(host) === 0 ? host : '',
          ALPNProtocols: ['http/1.1'],
          ...(ca === undefined ? {} : { ca }),
        })
      : connect(options);
    this.#socket.on('error', (error) => this.#reader?.fail(error));
    this.#socket.on('end', () => this.destroy());
    this.#socket.on('close', () => {
      this.#reader?.fail(Object.assign(new Error('closed early'), { code: 'ECONNRESET' }));
      this.onClose?.();
    });
  }

  /**
   * Sends a request and reads its answer.
   * @throws NotPlainError when `node:http` should have a try; NetworkError, TimeoutError; what
   * `head` and `data` throw
   */
  async get(request: SocketRequest): Promise<SocketAnswer> {
    const text = formatRequest(request);
    this.#socket.ref();
    const reader = new AnswerReader(request, this.#socket);
    this.#reader = reader;
    this.#socket.write(text, 'latin1');
    try {
      const answer = await reader.answer;
      if (!answer.isReusable) this.destroy();
      return answer;
    } catch (error) {
      this.destroy();
      throw error;
    } finally {
      this.#reader = undefined;
      this.#socket.unref();
    }
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** @returns false to read no more for now */
  #read(length: number): boolean {
    const piece = this.#slab.fill(length);
    const goesOn = this.#reader?.accept(piece, this.#slab) ?? false;
    // Bytes that nobody asked for: whatever this is, it is no HTTP that we speak.
    if (this.#reader === undefined) this.destroy();
    if (this.#slab.space.length < leastSpace) {
      this.#slab.done();
      this.#slab = new Slab();
    }
    return goesOn;
  }
}

/** What came of a request. */
export interface SocketAnswer {
  head: PlainHead;
  /** The body, where it was to be read as text. */
  text: string;
  isReusable: boolean;
}

/** Reads one answer. */
class AnswerReader {
  readonly answer: Promise<SocketAnswer>;
  readonly #request: SocketRequest;
  readonly #socket: Socket;
  readonly #watch: StallWatch;
  #settle: { resolve: (answer: SocketAnswer) => void; reject: (error: Error) => void };
  #headBytes = Buffer.alloc(0);
  #head: PlainHead | undefined;
  #takesBody = false;
  #text: Buffer = Buffer.alloc(0);
  #missing = Number.POSITIVE_INFINITY;
  #isClean = true;

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
    if (signal?.aborted === true) this.#onAbort();
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  readonly #onAbort = (): void => this.#reject(this.#request.signal?.reason as Error);

  /** The connection failed. */
  fail(cause: unknown): void {
    this.#reject(storageNetworkError(this.#request.url.href, cause));
  }

  /** @returns false to read no more for now */
  accept(piece: Buffer, slab: Slab): boolean {
    this.#watch.moved(piece.length);
    try {
      const body = this.#head === undefined ? this.#acceptHead(piece) : piece;
      return body === undefined || this.#acceptBody(body, slab);
    } catch (error) {
      this.#reject(error as Error);
      return false;
    }
  }

  /** @returns the start of the body, once the head is whole */
  #acceptHead(piece: Buffer): Buffer | undefined {
    const bytes = this.#headBytes.length === 0 ? piece : Buffer.concat([this.#headBytes, piece]);
    const end = bytes.indexOf(endOfHead);
    if (end < 0) {
      if (bytes.length > longestHead) throw new NotPlainError({ isFile: false });
      this.#headBytes = Buffer.from(bytes);
      return undefined;
    }
    const head = parsePlainHead(bytes.toString('latin1', 0, end));
    if (head === undefined) throw new NotPlainError({ isFile: false });
    this.#head = head;
    this.#takesBody = this.#request.head(head);
    if (head.length !== 'chunked') this.#missing = head.length;
    // Files come with their length; the reasons of S3 for refusing one do not.
    else if (this.#takesBody) throw new NotPlainError({ isFile: true });
    return bytes.subarray(end + endOfHead.length);
  }

  #acceptBody(bytes: Buffer, slab: Slab): boolean {
    const body = bytes.subarray(0, this.#missing);
    if (body.length < bytes.length) this.#isClean = false;
    this.#missing -= body.length;
    if (!this.#takesBody) this.#acceptText(body);
    else if (body.length > 0) {
      const hold = this.#request.data(body, slab.use());
      if (hold !== undefined) {
        this.#holdFor(hold);
        return false;
      }
    }
    if (this.#missing === 0) this.#resolve();
    return true;
  }

  #acceptText(body: Buffer): void {
    // The memory of the piece is used again.
    this.#text = Buffer.concat([this.#text, body]);
    if (this.#head?.length === 'chunked') {
      const text = decodeChunks(this.#text);
      if (text === undefined && this.#text.length < longestText) return;
      this.#text = text ?? Buffer.alloc(0);
      this.#missing = 0;
      this.#isClean = text !== undefined;
    } else if (this.#text.length >= longestText) {
      this.#missing = 0;
      this.#isClean = false;
    }
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
      text: this.#text.toString('utf8'),
      isReusable: this.#isClean && this.#head.keepAlive,
    });
  }

  #reject(error: Error): void {
    this.#stop();
    this.#settle.reject(error);
  }

  #stop(): void {
    this.#watch.stop();
    this.#request.signal?.removeEventListener('abort', this.#onAbort);
  }
}

function formatRequest({ url, headers }: SocketRequest): string {
  const lines = [`GET ${url.pathname}${url.search} HTTP/1.1`, `host: ${url.host}`];
  if (url.username !== '' || url.password !== '') {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    lines.push(`authorization: Basic ${Buffer.from(credentials).toString('base64')}`);
  }
  for (const [name, value] of Object.entries(headers)) {
    // An ETag comes from the store: it must not end the line.
    validateHeaderValue(name, value);
    lines.push(`${name}: ${value}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}
