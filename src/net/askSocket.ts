import type { IncomingHttpHeaders } from 'node:http';
import type { ApiAnswer, ApiRequest } from './askHttp.js';
import { bodyTooLong } from './bodyText.js';
import { formatRequest } from './http1/formatRequest.js';
import { ConnectionError } from './http1/responseReader.js';
import type { SocketPool } from './http1/socketPool.js';
import type { WireHeaders } from './wireFetch.js';

/** Where a request over a socket goes. */
export interface SocketTarget {
  pool: SocketPool;
  origin: string;
  /** With the port, unless it is that of the scheme. */
  host: string;
  /** With the query. */
  path: string;
}

/**
 * Sends a request over a socket and reads the whole response.
 * @throws UnsupportedAnswerError when `node:http` has to read the response; the same errors as `askHttp`
 */
export async function askSocket(
  request: ApiRequest,
  { pool, origin, host, path }: SocketTarget,
): Promise<ApiAnswer> {
  const { method, headers, body = '', onAbort, longestBody } = request;
  const text = formatRequest({ method, host, path, headers });
  try {
    const answer = await pool.send({
      origin,
      write: (socket) => void socket.write(withBody(text, body), 'latin1'),
      onAbort,
      longestBody,
    });
    if (!answer.isWhole) throw bodyTooLong(longestBody);
    const { status } = answer.head;
    return { status, headers: new ParsedHeaders(answer.head.headers), packed: answer.body };
  } catch (error) {
    throw error instanceof ConnectionError ? error.cause : error;
  }
}

/** The head is latin1, and the body UTF-8. */
function withBody(head: string, body: string): string | Buffer {
  const isAscii = Buffer.byteLength(body) === body.length;
  return isAscii ? head + body : Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]);
}

class ParsedHeaders implements WireHeaders {
  readonly #headers: IncomingHttpHeaders;

  constructor(headers: IncomingHttpHeaders) {
    this.#headers = headers;
  }

  get(name: string): string | null {
    const key = name.toLowerCase();
    if (!Object.hasOwn(this.#headers, key)) return null;
    const value = this.#headers[key];
    return Array.isArray(value) ? value.join(', ') : (value ?? null);
  }

  *[Symbol.iterator](): Generator<[string, string]> {
    for (const [name, value = ''] of Object.entries(this.#headers)) {
      for (const one of Array.isArray(value) ? value : [value]) yield [name, one];
    }
  }
}
