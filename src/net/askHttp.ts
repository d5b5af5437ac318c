import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { bodyTooLong } from './bodyText.js';
import type { WireHeaders } from './wireFetch.js';

/** A request of the API. */
export interface ApiRequest {
  method: string;
  url: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  /** Calls `run` when the caller aborts the request, or at once if it is aborted. @returns a function that cancels this */
  onAbort: (run: (reason: unknown) => void) => () => void;
  /** Maximum bytes of the response. */
  longestBody: number;
}

/** A response of the API, as it was received. */
export interface ApiAnswer {
  status: number;
  headers: WireHeaders;
  /** The body with its content encodings. */
  packed: Buffer;
}

/** An agent, or a connection that has sent the request already. */
export type HttpConnection = { agent: http.Agent } | { createConnection: () => Duplex };

/** Sends a request with `node:http` and reads the whole response. */
export function askHttp(
  { method, url, headers, body, onAbort, longestBody }: ApiRequest,
  connection: HttpConnection,
): Promise<ApiAnswer> {
  return new Promise((resolve, reject: (error: Error) => void) => {
    const send = new URL(url).protocol === 'https:' ? https.request : http.request;
    const outgoing = send(url, { method, headers, ...connection });
    const settle = onAbort((reason) => {
      outgoing.destroy();
      reject(reason as Error);
    });
    const fail = (error: Error): void => {
      settle();
      reject(error);
    };
    let answer: http.IncomingMessage | undefined;
    outgoing.on('error', (error) => {
      // Bytes after the response make the connection unusable, but the response is valid.
      if (answer?.complete !== true) fail(error);
    });
    outgoing.on('response', (incoming) => {
      answer = incoming;
      readAll(incoming, longestBody).then((packed) => {
        settle();
        const status = incoming.statusCode ?? 0;
        resolve({ status, headers: new IncomingHeaders(incoming), packed });
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
      if (length > longestBody) incoming.destroy(bodyTooLong(longestBody));
    });
    incoming.on('end', () => resolve(Buffer.concat(chunks)));
    incoming.on('error', reject);
  });
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
