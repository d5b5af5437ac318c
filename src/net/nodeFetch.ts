import http from 'node:http';
import https from 'node:https';
import { createSecureContext } from 'node:tls';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { systemCode } from '../errors.js';
import type { WireFetch, WireHeaders, WireRequest, WireResponse } from './wireFetch.js';

const defaultLongestBody = 64 * 1024 * 1024;

/** Milliseconds: servers and load balancers close idle connections, and a request may not meet that. */
const idleTimeout = 4_000;

type Decode = (packed: Buffer, options: zlib.ZlibOptions) => Promise<Buffer>;

const decoders: Readonly<Record<string, Decode | undefined>> = {
  gzip: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip),
  'x-gzip': promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip),
  deflate: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate),
  br: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.brotliDecompress),
};

export interface NodeFetchOptions {
  /** Bytes of an answer, as sent and as unpacked: nothing that answers with more is a call of the API. @default 64 MiB */
  longestBody?: number;
  /** Certificates to trust, in PEM. @default those of Node */
  ca?: string[] | undefined;
}

/** A {@link WireFetch} and its connections. */
export interface NodeFetch {
  fetch: WireFetch;
  /** Closes the connections. */
  close(): void;
}

/**
 * Sends requests with `node:http`, over connections that are kept: the same as Node's own `fetch` for a call of the API,
 * for a fifth of its processor time.
 */
export function createNodeFetch({
  longestBody = defaultLongestBody,
  ca,
}: NodeFetchOptions = {}): NodeFetch {
  const options = { keepAlive: true, scheduling: 'lifo', timeout: idleTimeout } as const;
  const plain = new http.Agent(options);
  let secure: https.Agent | undefined;
  // Made once, and only where it is needed: to read a hundred certificates takes longer than a call.
  const makeSecure = (): https.Agent => {
    const trust = ca === undefined ? {} : { secureContext: createSecureContext({ ca }) };
    return new https.Agent({ ...options, ...trust });
  };
  return {
    fetch: (url, init) =>
      url.startsWith('https:')
        ? sendRequest(https.request, url, {
            ...init,
            agent: (secure ??= makeSecure()),
            longestBody,
          })
        : sendRequest(http.request, url, { ...init, agent: plain, longestBody }),
    close: () => {
      plain.destroy();
      secure?.destroy();
    },
  };
}

type Sending = WireRequest & { agent: http.Agent; longestBody: number };

function sendRequest(
  request: typeof http.request,
  url: string,
  { method, headers, body, signal, agent, longestBody }: Sending,
): Promise<WireResponse> {
  return new Promise((resolve, reject: (error: Error) => void) => {
    signal.throwIfAborted();
    const outgoing = request(url, {
      method,
      agent,
      headers: {
        ...Object.fromEntries(headers),
        'accept-encoding': 'gzip, deflate, br',
        ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
      },
    });
    const onAbort = (): void => {
      outgoing.destroy();
      reject(signal.reason as Error);
    };
    const settle = (): void => signal.removeEventListener('abort', onAbort);
    const fail = (error: Error): void => {
      settle();
      reject(error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    outgoing.on('error', fail);
    outgoing.on('response', (incoming) => {
      readAll(incoming, longestBody).then((packed) => {
        settle();
        resolve(toWireResponse(incoming, packed, longestBody));
      }, fail);
    });
    outgoing.end(body);
  });
}

function readAll(incoming: http.IncomingMessage, longestBody: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    incoming.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > longestBody) incoming.destroy(tooLong(longestBody));
    });
    incoming.on('end', () => resolve(Buffer.concat(chunks)));
    incoming.on('error', reject);
  });
}

function toWireResponse(
  incoming: http.IncomingMessage,
  packed: Buffer,
  longestBody: number,
): WireResponse {
  return {
    status: incoming.statusCode ?? 0,
    headers: new IncomingHeaders(incoming),
    text: () => unpack(incoming, packed, longestBody),
  };
}

class IncomingHeaders implements WireHeaders {
  readonly #incoming: http.IncomingMessage;

  constructor(incoming: http.IncomingMessage) {
    this.#incoming = incoming;
  }

  get(name: string): string | null {
    return this.#incoming.headersDistinct[name.toLowerCase()]?.join(', ') ?? null;
  }

  *[Symbol.iterator](): Generator<[string, string]> {
    const { rawHeaders } = this.#incoming;
    for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
      yield [rawHeaders[at] ?? '', rawHeaders[at + 1] ?? ''];
    }
  }
}

async function unpack(
  incoming: http.IncomingMessage,
  packed: Buffer,
  longestBody: number,
): Promise<string> {
  const encoding = incoming.headers['content-encoding']?.toLowerCase().trim() ?? 'identity';
  if (encoding === 'identity' || packed.length === 0) return packed.toString('utf8');
  const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined;
  if (decode === undefined) {
    throw Object.assign(new Error('The answer is packed in an unknown way.'), {
      code: 'CONTENT_ENCODING',
    });
  }
  try {
    return (await decode(packed, { maxOutputLength: longestBody })).toString('utf8');
  } catch (error) {
    throw systemCode(error) === 'ERR_BUFFER_TOO_LARGE' ? tooLong(longestBody) : error;
  }
}

function tooLong(longestBody: number): Error {
  return Object.assign(new Error(`The answer is longer than ${longestBody} bytes.`), {
    code: 'ANSWER_TOO_LONG',
  });
}
