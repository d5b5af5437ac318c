/** The longest head that is read; the stores that we know stay far below. */
export const longestHead = 64 * 1024;

/** The head of an HTTP/1.1 answer. */
export interface PlainHead {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Bytes of the body, or that it comes in chunks that say their lengths. */
  length: number | 'chunked';
  /** Whether the connection may be used again. */
  keepAlive: boolean;
}

/**
 * Reads the head of an answer, and only one of the plain kind that file stores give.
 * @param text the head without its empty line
 * @returns `undefined` for anything else: that is work for a full parser
 */
export function parsePlainHead(text: string): PlainHead | undefined {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const status = Number(/^HTTP\/1\.1 ([1-5]\d\d)(?: |$)/.exec(statusLine)?.[1] ?? Number.NaN);
  if (Number.isNaN(status) || status < 200) return undefined;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name = '', value = ''] =
      /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([^\r\n\0]*?)[ \t]*$/.exec(line) ?? [];
    const key = name.toLowerCase();
    if (key === '') return undefined;
    // Two lengths that differ, and the like, are how answers get smuggled.
    if (key === 'content-length' && key in headers) return undefined;
    headers[key] = key in headers ? `${headers[key] ?? ''}, ${value}` : value;
  }
  const length = bodyLength(status, headers);
  if (length === undefined) return undefined;
  const keepAlive = !/\bclose\b/i.test(headers['connection'] ?? '');
  return { status, headers, length, keepAlive };
}

function bodyLength(
  status: number,
  headers: Record<string, string>,
): PlainHead['length'] | undefined {
  if (status === 204 || status === 304) return 0;
  const text = headers['content-length'];
  const encoding = headers['transfer-encoding'];
  if (encoding !== undefined) {
    return encoding.toLowerCase() === 'chunked' && text === undefined ? 'chunked' : undefined;
  }
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  const length = Number(text);
  return Number.isSafeInteger(length) ? length : undefined;
}

/**
 * Reads a body that came in chunks.
 * @returns `undefined` when more has to come, or when these are no chunks
 */
export function decodeChunks(bytes: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = /^([0-9a-f]{1,8})[ \t]*(?:;|$)/i.exec(bytes.toString('latin1', at, lineEnd))?.[1];
    if (lineEnd < 0 || size === undefined) return undefined;
    const start = lineEnd + 2;
    const end = start + Number.parseInt(size, 16);
    if (end === start) return bytes.indexOf('\r\n', start) < 0 ? undefined : Buffer.concat(chunks);
    if (end + 2 > bytes.length) return undefined;
    chunks.push(bytes.subarray(start, end));
    at = end + 2;
  }
}
