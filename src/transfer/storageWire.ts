import { HttpProxyAgent, HttpsProxyAgent } from 'hpagent';
import http from 'node:http';
import https from 'node:https';
import { ArgumentError, DownloadError, NetworkError, redactUrl } from '../errors.js';
import { systemClock, type Clock } from '../http/clock.js';
import { readCertificates } from '../http/environmentFetch.js';
import { Gate } from './gate.js';
import { proxyFor } from './proxy.js';
import { RateLimit } from './rateLimit.js';
import { storageHttpError } from './storageError.js';
import { exchange, readText, type Watch } from './storageExchange.js';

/** Settings of a {@link StorageWire}. */
export interface StorageWireOptions {
  /** Connections to file stores at a time, over all transfers. @default 16 */
  maxConnections?: number;
  /** Milliseconds in which a connection must move some bytes, else it is given up. @default 30000 */
  stallTimeout?: number;
  /** Milliseconds for which a part is tried again without a byte moving. @default 120000 */
  retryFor?: number;
  /** Bytes a second that all transfers together may move. @default no limit */
  limitRate?: number;
  /** Where the proxy settings are. @default process.env */
  env?: NodeJS.ProcessEnv;
  clock?: Clock;
}

/** The start of an answer. */
export interface ResponseHead {
  status: number;
  headers: http.IncomingHttpHeaders;
}

/** Takes the body of a GET. What it throws ends the request and is what the request rejects with. */
export interface BodySink {
  /** Looks at the answer, a success, before its body. */
  head(head: ResponseHead): void;
  /** Takes a piece of the body for good. @returns a promise to wait for before the next piece */
  data(chunk: Buffer): Promise<void> | undefined;
}

/** What to read, and on what condition. */
export interface GetOptions {
  /** Without `end`: to the end of the object. */
  range?: { start: number; end?: number | undefined } | undefined;
  /** An ETag: the store is to refuse when the object has another. */
  ifMatch?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** What to write. */
export interface PutOptions {
  headers: Readonly<Record<string, string>>;
  size: number;
  /**
   * Yields `size` bytes. The memory of a piece may be used again when the next piece is asked for.
   * @default nothing is sent
   */
  body?: () => AsyncIterable<Uint8Array>;
  onSent?: (bytes: number) => void;
  signal?: AbortSignal | undefined;
}

/** The answer to a PUT. */
export interface PutAnswer extends ResponseHead {
  body: string;
}

/** Up to this many bytes are sent without asking whether they are wanted. */
const largestUnasked = 64 * 1024;

const maximumRedirects = 10;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/**
 * The only way in which bytes of files travel: HTTP/1.1 to file stores and to whatever external
 * URLs name. No request of it carries the access token of Synapse.
 */
export class StorageWire {
  readonly slots: Gate;
  readonly clock: Clock;
  readonly retryFor: number;
  readonly #stallTimeout: number;
  readonly #env: NodeJS.ProcessEnv;
  readonly #limit: RateLimit | undefined;
  readonly #agents = new Map<string, Promise<http.Agent>>();

  constructor(options: StorageWireOptions = {}) {
    this.clock = options.clock ?? systemClock;
    this.slots = new Gate(options.maxConnections ?? 16);
    this.retryFor = options.retryFor ?? 120_000;
    this.#stallTimeout = options.stallTimeout ?? 30_000;
    this.#env = options.env ?? process.env;
    this.#limit =
      options.limitRate === undefined ? undefined : new RateLimit(options.limitRate, this.clock);
  }

  /**
   * Reads an object, or a range of it, into a sink. Redirects are followed, but never from https
   * to http.
   * @throws SynapseHttpError when the answer is not a success
   * @throws NetworkError when the connection fails or the body ends early
   * @throws TimeoutError when it stalls
   */
  async get(url: string, sink: BodySink, options: GetOptions = {}): Promise<void> {
    const { range, ifMatch } = options;
    const headers: Record<string, string> = {
      // The bytes are wanted as they are stored: the MD5 is over those.
      'accept-encoding': 'identity',
      'user-agent': 'synapseclient',
    };
    if (range !== undefined) {
      const last = range.end === undefined ? '' : range.end - 1;
      headers['range'] = `bytes=${range.start}-${last}`;
    }
    if (ifMatch !== undefined) headers['if-match'] = ifMatch;
    await this.#follow('GET', url, { headers, signal: options.signal }, (response, watch) => {
      sink.head({ status: response.statusCode ?? 0, headers: response.headers });
      return this.#readBody(response, sink, watch, options.signal);
    });
  }

  /**
   * Writes an object.
   * @throws the same errors as {@link get}
   */
  async put(url: string, options: PutOptions): Promise<PutAnswer> {
    const { body, onSent, signal, size } = options;
    const headers: Record<string, string> = {
      ...options.headers,
      'content-length': String(size),
      'user-agent': 'synapseclient',
    };
    // A store that refuses an expired URL closes the connection on a body that it did not ask for.
    if (size > largestUnasked) headers['expect'] = '100-continue';
    const request = { headers, onSent, signal, ...(body === undefined ? {} : { body }) };
    return this.#follow('PUT', url, request, async (response) => ({
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: await readText(response),
    }));
  }

  /** Closes idle connections. */
  async close(): Promise<void> {
    const agents = [...this.#agents.values()];
    this.#agents.clear();
    for (const agent of agents) (await agent.catch(() => undefined))?.destroy();
  }

  async #follow<T>(
    method: 'GET' | 'PUT',
    start: string,
    options: {
      headers: Readonly<Record<string, string>>;
      body?: () => AsyncIterable<Uint8Array>;
      onSent?: ((bytes: number) => void) | undefined;
      signal?: AbortSignal | undefined;
    },
    read: (response: http.IncomingMessage, watch: Watch) => Promise<T>,
  ): Promise<T> {
    let url = storageUrl(start);
    for (let hops = 0; hops <= maximumRedirects; hops += 1) {
      const request = {
        ...options,
        method,
        url,
        agent: await this.#agentFor(url),
        body: options.body?.(),
        stallTimeout: this.#stallTimeout,
        pace: (bytes: number) => this.#pace(bytes, options.signal),
      };
      const result = await exchange(request, async (response, watch) => {
        const { headers, statusCode: status = 0 } = response;
        if (redirectStatuses.has(status) && headers.location !== undefined) {
          response.resume();
          return { next: headers.location, value: undefined };
        }
        if (status < 200 || status > 299) {
          const answer = { status, headers, body: await readText(response) };
          throw storageHttpError(method, url.href, answer);
        }
        return { value: await read(response, watch), next: undefined };
      });
      if (result.next === undefined) return result.value;
      url = redirected(url, result.next);
    }
    throw new DownloadError(`${redactUrl(start)} redirects more than ${maximumRedirects} times.`);
  }

  #readBody(
    response: http.IncomingMessage,
    sink: BodySink,
    watch: Watch,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    return new Promise((resolve, reject: (error: Error) => void) => {
      response.on('data', (chunk: Buffer) => {
        watch.moved(chunk.length);
        try {
          const holds = [sink.data(chunk), this.#pace(chunk.length, signal)].filter(
            (hold) => hold !== undefined,
          );
          if (holds.length === 0) return;
          response.pause();
          watch.holdFor(Promise.all(holds)).then(() => response.resume(), reject);
        } catch (error) {
          reject(error as Error);
        }
      });
      response.on('end', resolve);
      response.on('close', () => reject(new NetworkError('The connection ended early.')));
    });
  }

  #pace(bytes: number, signal: AbortSignal | undefined): Promise<void> | undefined {
    const pause = this.#limit?.take(bytes) ?? 0;
    return pause > 1 ? this.clock.sleep(pause, signal) : undefined;
  }

  #agentFor(url: URL): Promise<http.Agent> {
    const proxy = proxyFor(url, this.#env);
    const key = `${url.protocol} ${proxy ?? ''}`;
    let agent = this.#agents.get(key);
    if (agent === undefined) {
      agent = createAgent(url.protocol, proxy, this.#env);
      this.#agents.set(key, agent);
    }
    return agent;
  }
}

async function createAgent(
  protocol: string,
  proxy: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<http.Agent> {
  const options = { keepAlive: true, scheduling: 'lifo' } as const;
  if (protocol === 'http:') {
    return proxy === undefined
      ? new http.Agent(options)
      : new HttpProxyAgent({ ...options, proxy });
  }
  const ca = await readCertificates(env);
  const tls = ca === undefined ? options : { ...options, ca };
  return proxy === undefined ? new https.Agent(tls) : new HttpsProxyAgent({ ...tls, proxy });
}

function storageUrl(text: string): URL {
  if (!URL.canParse(text)) {
    throw new ArgumentError(`Not a URL that a file can be fetched from: ${redactUrl(text)}`);
  }
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ArgumentError(
      `Files cannot be fetched from ${url.protocol}// URLs: ${redactUrl(text)}`,
    );
  }
  return url;
}

function redirected(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href)) {
    throw new DownloadError(`${redactUrl(from.href)} redirects to something that is no URL.`);
  }
  const to = storageUrl(new URL(location, from).href);
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw new DownloadError(
      `${redactUrl(from.href)} redirects from https to http (${to.host}): not followed, as anyone on the way could read or change the file.`,
    );
  }
  return to;
}
