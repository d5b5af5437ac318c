import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import { ArgumentError, DownloadError } from '../errors.js';
import { systemClock, type Clock } from '../net/clock.js';
import { Connections, idleTimeout } from '../net/connections.js';
import { decodeBody, decodingError, encodingsOf } from '../net/contentDecoder.js';
import { credentialsOf } from '../net/credentials.js';
import { shortAddress } from '../net/requestLine.js';
import { observed, type OnRequest } from '../net/requestNotice.js';
import { parseServerUrl } from '../net/serverUrl.js';
import { Gate } from './gate.js';
import { RateLimit } from './rateLimit.js';
import { canFormat } from '../net/http1/formatRequest.js';
import { UnsupportedAnswerError, type SocketAnswer } from '../net/http1/responseReader.js';
import { SocketPool } from '../net/http1/socketPool.js';
import { storageHttpError } from '../net/storageError.js';
import { exchange, readBody, readText, type StorageRequest } from './storageExchange.js';
import { readOverSocket, writeOverSocket } from './storageSockets.js';

/** Settings of a {@link StorageWire}. */
export interface StorageWireOptions {
  /** Maximum number of connections to file stores, over all transfers. @default 16 */
  maxConnections?: number;
  /** Milliseconds without progress after which a connection is closed. @default 30000 */
  stallTimeout?: number;
  /** Milliseconds for which a part is retried without progress. @default 120000 */
  retryFor?: number;
  /** Maximum total transfer rate in bytes per second. @default no limit */
  limitRate?: number;
  /** Names the proxies and the certificates, see docs/proxies.md. @default process.env */
  env?: NodeJS.ProcessEnv;
  clock?: Clock;
  /** Called after each request. */
  onRequest?: OnRequest | undefined;
  /** Whether to use the HTTP/1.1 client of this package where possible. @default true @internal */
  useSockets?: boolean;
}

/** The head of a response. */
export interface ResponseHead {
  status: number;
  headers: IncomingHttpHeaders;
}

/** Receives the body of a GET. An exception ends the request, which rejects with it. */
export interface BodySink {
  /** Called with the successful response before its body. */
  head(head: ResponseHead): void;
  /**
   * Receives a piece of the body. Its memory may be reused after `release` is called; a sink that
   * keeps the piece does not call it.
   * @returns a promise that resolves when the next piece may be sent
   */
  data(chunk: Buffer, release: () => void): Promise<void> | undefined;
}

/** The range to read, and its condition. */
export interface GetOptions {
  /** Without `end`: to the end of the object. */
  range?: { start: number; end?: number | undefined } | undefined;
  /** An ETag. The store refuses when the object has a different one. */
  ifMatch?: string | undefined;
  /**
   * Whether to undo a content encoding, which external servers may use though they are asked not to: the names of the file, see
   * {@link encodingsOf}. File stores keep the encoding that the owner of an object has given to its bytes, and it is not undone.
   */
  decode?: { names: readonly string[] } | undefined;
  signal?: AbortSignal | undefined;
}

/** The server sent a range of an encoded file, which cannot be decoded. */
export class EncodedRangeError extends DownloadError {}

/** The content to write. */
export interface PutOptions {
  headers: Readonly<Record<string, string>>;
  size: number;
  /**
   * Yields `size` bytes. The memory of a piece may be reused when the next piece is requested.
   * @default nothing is sent
   */
  body?: () => AsyncIterable<Uint8Array>;
  onSent?: (bytes: number) => void;
  signal?: AbortSignal | undefined;
}

/** A response with its body as text; empty when a sink received the body. */
export interface StorageAnswer extends ResponseHead {
  body: string;
}

/** Bodies up to this many bytes are sent without `expect: 100-continue`, which takes a network round trip. */
const largestUnasked = 256 * 1024;

const maximumRedirects = 10;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/**
 * Sends HTTP/1.1 requests to file stores and external URLs. They never contain the access token of Synapse.
 * It also contains the limits that all transfers share, over HTTP or not: the connections and the transfer rate.
 */
export class StorageWire {
  readonly slots: Gate;
  readonly clock: Clock;
  readonly retryFor: number;
  /** Milliseconds without progress after which a connection is closed. */
  readonly stallTimeout: number;
  readonly #limit: RateLimit | undefined;
  readonly #useSockets: boolean;
  readonly #onRequest: OnRequest | undefined;
  readonly #sockets: SocketPool;
  /** Servers whose responses need the full parser of `node:http`. */
  readonly #unsupported = new Set<string>();
  /** Hosts that have responded: their names are not misspelt. */
  readonly #answered = new Set<string>();
  readonly #connections: Connections;

  constructor(options: StorageWireOptions = {}) {
    this.clock = options.clock ?? systemClock;
    this.slots = new Gate(options.maxConnections ?? 16);
    this.retryFor = options.retryFor ?? 120_000;
    this.stallTimeout = options.stallTimeout ?? 30_000;
    this.#connections = new Connections(options.env ?? process.env);
    this.#useSockets = options.useSockets ?? true;
    this.#onRequest = options.onRequest;
    this.#sockets = new SocketPool(() => this.#connections.secureContext(), idleTimeout);
    this.#limit =
      options.limitRate === undefined ? undefined : new RateLimit(options.limitRate, this.clock);
  }

  /**
   * Reads an object, or a range of it, into a sink. Redirects are followed, but never from https
   * to http.
   * @throws SynapseHttpError when the response is an error
   * @throws NetworkError when the connection fails or the body ends early
   * @throws TimeoutError when it stalls
   */
  async get(url: string, sink: BodySink, options: GetOptions = {}): Promise<void> {
    const { range, ifMatch, decode } = options;
    const headers: Record<string, string> = {
      // No content encoding: the MD5 is that of the stored bytes.
      'accept-encoding': 'identity',
      'user-agent': 'synapseclient',
    };
    if (range !== undefined) {
      const last = range.end === undefined ? '' : range.end - 1;
      headers['range'] = `bytes=${range.start}-${last}`;
    }
    if (ifMatch !== undefined) headers['if-match'] = checkEtag(ifMatch);
    const { signal } = options;
    // External servers often send a body of unknown length, which needs the full parser: no request is made in vain.
    const mayHaveNoLength = decode !== undefined && range?.end === undefined;
    await this.#follow('GET', url, signal, async (target) => {
      if (!mayHaveNoLength && this.#usesSockets(target)) {
        try {
          return await this.#readSocket(target, headers, sink, options);
        } catch (error) {
          if (!(error instanceof UnsupportedAnswerError)) throw error;
          // Its next responses will also need the full parser.
          this.#unsupported.add(target.origin);
        }
      }
      return this.#readHttp(target, headers, sink, options);
    });
  }

  /**
   * Writes an object.
   * @throws the same errors as {@link get}
   */
  async put(url: string, options: PutOptions): Promise<StorageAnswer> {
    const { body, onSent, signal, size } = options;
    const userAgent = { 'user-agent': 'synapseclient' };
    const headers: Record<string, string> = {
      ...inLowerCase(options.headers),
      'content-length': String(size),
      ...userAgent,
    };
    // A store that refuses an expired URL closes the connection when the body is sent anyway.
    if (size > largestUnasked) headers['expect'] = '100-continue';
    return this.#follow('PUT', url, signal, async (target, method) => {
      if (method === 'GET') {
        return this.#askHttp(this.#request(method, target, userAgent, signal));
      }
      const request = { ...this.#request(method, target, headers, signal), onSent };
      return canFormat(headers) && this.#usesSockets(target)
        ? this.#writeSocket({ ...request, body: body?.() })
        : this.#askHttp({ ...request, body: body?.() });
    });
  }

  /** Closes idle connections. */
  async close(): Promise<void> {
    this.#sockets.close();
    await this.#connections.close();
  }

  /** Sends a request and follows redirects. */
  async #follow(
    firstMethod: 'GET' | 'PUT',
    start: string,
    signal: AbortSignal | undefined,
    send: (url: URL, method: 'GET' | 'PUT') => Promise<StorageAnswer>,
  ): Promise<StorageAnswer> {
    let method = firstMethod;
    let url = storageUrl(start);
    for (let hops = 0; hops <= maximumRedirects; hops += 1) {
      signal?.throwIfAborted();
      const answer = await observed(
        { onRequest: this.#onRequest, clock: this.clock },
        { method, url: url.href },
        // `url` and `method` change in the loop: this keeps their current values.
        send.bind(undefined, url, method),
        ({ status, body }) => ({ status, ...(!isSuccess(status) && { text: body }) }),
      );
      this.#answered.add(url.host);
      const { status, headers } = answer;
      if (isSuccess(status)) return answer;
      if (!redirectStatuses.has(status) || headers.location === undefined) {
        throw storageHttpError(method, url.href, answer);
      }
      url = redirected(url, headers.location);
      // As in fetch: the server has received the body, and the response is at another URL.
      if (status === 303) method = 'GET';
    }
    throw new DownloadError(
      `${shortAddress(start)} redirects more than ${maximumRedirects} times.`,
    );
  }

  hasAnswered(url: string): boolean {
    return URL.canParse(url) && this.#answered.has(new URL(url).host);
  }

  #usesSockets(url: URL): boolean {
    const isDirect = this.#connections.proxyFor(url) === undefined;
    return this.#useSockets && isDirect && !this.#unsupported.has(url.origin);
  }

  async #readSocket(
    url: URL,
    headers: Readonly<Record<string, string>>,
    sink: BodySink,
    { decode, signal }: GetOptions,
  ): Promise<StorageAnswer> {
    const answer = await readOverSocket(this.#sockets, this.#request('GET', url, headers, signal), {
      head: (received) => {
        if (encodingsToUndo(url, received, decode).length > 0) {
          throw new UnsupportedAnswerError(Buffer.alloc(0));
        }
        sink.head({ status: received.status, headers: received.headers });
      },
      data: (chunk, release) => this.#hold(sink, chunk, release, signal),
    });
    return toStorageAnswer(answer);
  }

  async #writeSocket(request: StorageRequest): Promise<StorageAnswer> {
    try {
      return toStorageAnswer(await writeOverSocket(this.#sockets, request));
    } catch (error) {
      if (!(error instanceof UnsupportedAnswerError) || error.replay === undefined) throw error;
      this.#unsupported.add(request.url.origin);
      return this.#askHttp({ ...request, body: undefined }, error.replay);
    }
  }

  /**
   * Sends a request over `node:http`, and reads the response as text.
   * @param sent a connection that has sent the request already
   */
  async #askHttp(request: StorageRequest, sent?: Duplex): Promise<StorageAnswer> {
    const connection =
      sent === undefined
        ? { agent: await this.#connections.agentFor(request.url) }
        : { createConnection: () => sent };
    return exchange({ ...request, ...connection }, async (response) => ({
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: await readText(response),
    }));
  }

  async #readHttp(
    url: URL,
    headers: Readonly<Record<string, string>>,
    sink: BodySink,
    { decode, signal }: GetOptions,
  ): Promise<StorageAnswer> {
    const agent = await this.#connections.agentFor(url);
    const request = { ...this.#request('GET', url, headers, signal), agent };
    return exchange(request, async (response, watch) => {
      const head = { status: response.statusCode ?? 0, headers: response.headers };
      if (!isSuccess(head.status)) return { ...head, body: await readText(response) };
      const take = (chunk: Buffer): Promise<unknown> | undefined =>
        this.#hold(sink, chunk, () => undefined, signal);
      const encodings = encodingsToUndo(url, head, decode);
      if (encodings.length === 0) {
        sink.head(head);
        await readBody(response, watch, take);
      } else {
        sink.head(decodedHead(head));
        const body = await decodeBody(response, encodings);
        await readBody(body, watch, take).catch((error: unknown) => {
          throw decodingError(error);
        });
      }
      return { ...head, body: '' };
    });
  }

  #request(
    method: 'GET' | 'PUT',
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): StorageRequest {
    return {
      method,
      url,
      headers,
      signal,
      stallTimeout: this.stallTimeout,
      pace: (bytes) => this.pace(bytes, signal),
    };
  }

  /** Passes a piece to the sink. @returns a promise that delays the next piece: of the sink, or of the rate limit */
  #hold(
    sink: BodySink,
    chunk: Buffer,
    release: () => void,
    signal: AbortSignal | undefined,
  ): Promise<unknown> | undefined {
    const { length } = chunk;
    const pressure = sink.data(chunk, release);
    const pace = this.pace(length, signal);
    return pressure === undefined || pace === undefined
      ? (pressure ?? pace)
      : Promise.all([pressure, pace]);
  }

  /** Counts bytes for the rate limit. @returns a promise to wait for before they are transferred, if any */
  pace(bytes: number, signal: AbortSignal | undefined): Promise<void> | undefined {
    const pause = this.#limit?.take(bytes) ?? 0;
    return pause > 1 ? this.clock.sleep(pause, signal) : undefined;
  }
}

function toStorageAnswer({ head, body }: SocketAnswer): StorageAnswer {
  return { status: head.status, headers: head.headers, body: body.toString('utf8') };
}

/** Names that differ only in case are the same: the last one counts. */
function inLowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function encodingsToUndo(
  url: URL,
  { headers }: Pick<ResponseHead, 'headers'>,
  decode: GetOptions['decode'],
): string[] {
  if (decode === undefined) return [];
  return encodingsOf(headers['content-encoding'], [...decode.names, url.pathname]);
}

/**
 * The head of a response whose encoding is undone: neither its length nor its ETag are those of the file.
 * @throws EncodedRangeError unless the response has the whole file
 */
function decodedHead({ status, headers }: ResponseHead): ResponseHead {
  const range = /^bytes 0-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '');
  const isWhole = status !== 206 || (range !== null && Number(range[1]) + 1 === Number(range[2]));
  if (!isWhole) throw new EncodedRangeError('The server sent a range of an encoded file.');
  return { status: 200, headers: {} };
}

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

function storageUrl(text: string): URL {
  const url = parseServerUrl(text, 'file');
  credentialsOf(url);
  return url;
}

/** @throws ArgumentError for an ETag with a line break */
function checkEtag(etag: string): string {
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(etag)) {
    throw new ArgumentError('The ETag of the file has a character that HTTP cannot carry.');
  }
  return etag;
}

function redirected(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href)) {
    throw new DownloadError(`${shortAddress(from.href)} redirects to an invalid URL.`);
  }
  const to = storageUrl(new URL(location, from).href);
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw new DownloadError(
      `${shortAddress(from.href)} redirects from https to http (${to.host}): not followed, because others on the network could read or change the file.`,
    );
  }
  return to;
}
