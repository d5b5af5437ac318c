import type { IncomingHttpHeaders } from 'node:http';
import { bodyTooLong } from './bodyText.js';
import { formatRequest } from './http1/formatRequest.js';
import { ConnectionError } from './http1/responseReader.js';
import type { SocketPool } from './http1/socketPool.js';
import type { ApiAnswer, ApiRequest } from './httpAnswer.js';
import type { WireHeaders } from './wireFetch.js';

/**
 * Sends a request over a socket and reads the whole response, up to `longestBody` bytes.
 * @throws UnsupportedAnswerError when `node:http` has to read the response; the same errors as `askHttp`
 */
export async function askSocket(
  pool: SocketPool,
  request: ApiRequest,
  longestBody: number,
): Promise<ApiAnswer> {
  const bytes = requestBytes(request);
  try {
    const { head, body, isWhole } = await pool.send({
      origin: request.url.origin,
      write: (socket) => void socket.write(bytes, 'latin1'),
      onAbort: request.onAbort,
      longestBody,
    });
    if (!isWhole) throw bodyTooLong(longestBody);
    return { status: head.status, headers: new ParsedHeaders(head.headers), packed: body };
  } catch (error) {
    throw error instanceof ConnectionError ? error.cause : error;
  }
}

/** The head, which is latin1, and the body, which is UTF-8. */
function requestBytes(request: ApiRequest): string | Buffer {
  const head = formatRequest(request);
  const { body = '' } = request;
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
