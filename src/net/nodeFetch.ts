import http from 'node:http';
import https from 'node:https';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { systemCode } from '../errors.js';
import { Connections } from './connections.js';
import type { Environment } from './environment.js';
import { onAbort } from './onAbort.js';
import type { WireFetch, WireHeaders, WireRequest, WireResponse } from './wireFetch.js';

const defaultLongestBody = 64 * 1024 * 1024;

type Decode = (packed: Buffer, options: zlib.ZlibOptions) => Promise<Buffer>;

const inflate = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate);
const inflateRaw = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);

const decoders: Readonly<Record<string, Decode | undefined>> = {
  gzip: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip),
  'x-gzip': promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip),
  deflate: (packed, options) => (hasZlibHeader(packed) ? inflate : inflateRaw)(packed, options),
  br: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.brotliDecompress),
};

export interface NodeFetchOptions {
  /** Maximum bytes of a response, both compressed and decompressed. No response of the API is longer. @default 64 MiB */
  longestBody?: number;
  /** Names the proxies and the certificates, see docs/proxies.md. @default process.env */
  env?: Environment;
}

/** A {@link WireFetch} and its connections. */
export interface NodeFetch {
  fetch: WireFetch;
  /** Closes the connections. */
  close(): Promise<void>;
}

/**
 * Sends requests with `node:http`, over persistent connections, with the proxy and the certificates that the environment
 * names. Behaves like the `fetch` of Node.js for API calls, with a fifth of its CPU time.
 */
export function createNodeFetch({
  longestBody = defaultLongestBody,
  env = process.env,
}: NodeFetchOptions = {}): NodeFetch {
  const connections = new Connections(env);
  return {
    fetch: async (address, init) => {
      const url = new URL(address);
      const agent = await connections.agentFor(url);
      return sendRequest(url, init, { agent, longestBody });
    },
    close: () => connections.close(),
  };
}

function sendRequest(
  url: URL,
  init: WireRequest,
  { agent, longestBody }: { agent: http.Agent; longestBody: number },
): Promise<WireResponse> {
  const { method, body } = init;
  return new Promise((resolve, reject: (error: Error) => void) => {
    throwIfAborted(init);
    const send = url.protocol === 'https:' ? https.request : http.request;
    const outgoing = send(url, {
      method,
      agent,
      headers: {
        ...(init.light?.headers ?? Object.fromEntries(init.headers)),
        'accept-encoding': 'gzip, deflate, br',
        ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
      },
    });
    const settle = whenAborted(init, (reason) => {
      outgoing.destroy();
      reject(reason as Error);
    });
    const fail = (error: Error): void => {
      settle();
      reject(error);
    };
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

function throwIfAborted(init: WireRequest): void {
  if (init.light === undefined) init.signal.throwIfAborted();
  else if (init.light.scope.reason !== undefined) throw init.light.scope.reason as Error;
}

/** @returns a function that cancels this */
function whenAborted(init: WireRequest, run: (reason: unknown) => void): () => void {
  if (init.light !== undefined) return init.light.scope.onAbort(run);
  const { signal } = init;
  return onAbort(signal, () => run(signal.reason));
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
  // The last encoding of a list was applied last.
  const encodings = (incoming.headers['content-encoding'] ?? '').toLowerCase().split(',').reverse();
  let body = packed;
  for (const encoding of encodings.map((name) => name.trim())) {
    if (encoding === 'identity' || encoding === '' || body.length === 0) continue;
    body = await decode(encoding, body, longestBody);
  }
  return body.toString('utf8');
}

async function decode(encoding: string, packed: Buffer, longestBody: number): Promise<Buffer> {
  const decoder = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined;
  if (decoder === undefined) {
    throw Object.assign(new Error('The response has an unknown content encoding.'), {
      code: 'CONTENT_ENCODING',
    });
  }
  try {
    return await decoder(packed, { maxOutputLength: longestBody });
  } catch (error) {
    throw systemCode(error) === 'ERR_BUFFER_TOO_LARGE' ? tooLong(longestBody) : error;
  }
}

/** `deflate` means the zlib format, but some servers send raw deflate data. */
function hasZlibHeader(packed: Buffer): boolean {
  return ((packed[0] ?? 0) & 0x0f) === 0x08;
}

function tooLong(longestBody: number): Error {
  return Object.assign(new Error(`The response is longer than ${longestBody} bytes.`), {
    code: 'ANSWER_TOO_LONG',
  });
}
