import type { IncomingHttpHeaders } from 'node:http';
import { isHeaderName, isHeaderText } from '../../values/headerText.js';

/** The longest head that is read, in bytes. The heads of known stores are much shorter. */
export const longestHead = 16 * 1024;

const protocol = 'HTTP/1.1 ';

/** Headers of which `node:http` keeps the first value when a response repeats them. It joins the values of all others. */
const singletons = new Set([
  'age',
  'authorization',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'from',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'referer',
  'retry-after',
  'server',
  'user-agent',
]);

/** The head of an HTTP/1.1 response. */
export interface ResponseHead {
  status: number;
  /** Names in lower case. */
  headers: IncomingHttpHeaders;
  /** Bytes of the body, or that the body has chunked transfer encoding. */
  length: number | 'chunked';
  /** Whether the connection can be reused. */
  keepAlive: boolean;
  /** Milliseconds for which the server keeps the connection without a request, if it says so. */
  idleTimeout?: number | undefined;
}

/**
 * Parses the head of a response, in the strict form that file stores use, in linear time.
 * @param text the head without its empty line
 * @returns `undefined` for anything else, which needs a full parser
 */
export function parseResponseHead(text: string): ResponseHead | undefined {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const status = Number(statusLine.slice(protocol.length, protocol.length + 3));
  if (!isStatusLine(statusLine) || status < 200) return undefined;
  const headers: IncomingHttpHeaders = {};
  for (const line of lines) {
    const header = parseHeader(line);
    if (header === undefined || !addHeader(headers, header)) return undefined;
  }
  const length = bodyLength(status, headers);
  if (length === undefined) return undefined;
  const keepAlive = !/\bclose\b/i.test(headers['connection'] ?? '');
  return { status, headers, length, keepAlive, idleTimeout: idleTimeoutOf(headers) };
}

/**
 * Whether more bytes can complete this to a head that {@link parseResponseHead} reads. Avoids waiting for the end of
 * something that is not a head.
 * @param from the position up to which the head was already checked
 */
export function canBecomeHead(head: Buffer, from: number): boolean {
  const start = head.toString('latin1', 0, protocol.length);
  const added = head.toString('latin1', Math.max(0, from - 1));
  return protocol.startsWith(start) && !/[^\r]\n|\r[^\n]/.test(added);
}

function isStatusLine(line: string): boolean {
  return /^HTTP\/1\.1 [1-5]\d\d(?: |$)/.test(line) && isHeaderText(line);
}

interface Header {
  /** In lower case. */
  name: string;
  value: string;
}

function parseHeader(line: string): Header | undefined {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0));
  if (!isHeaderName(name) || !isHeaderText(line)) return undefined;
  let start = colon + 1;
  let end = line.length;
  while (isBlank(line[start])) start += 1;
  while (end > start && isBlank(line[end - 1])) end -= 1;
  return { name: name.toLowerCase(), value: line.slice(start, end) };
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/** @returns false for a repeated header: conflicting lengths allow response smuggling */
function addHeader(headers: IncomingHttpHeaders, { name, value }: Header): boolean {
  if (name === 'set-cookie') {
    headers[name] = [...(headers[name] ?? []), value];
    return true;
  }
  const isRepeated = Object.hasOwn(headers, name);
  if (isRepeated && singletons.has(name)) return false;
  headers[name] = isRepeated ? `${headers[name]?.toString() ?? ''}, ${value}` : value;
  return true;
}

function idleTimeoutOf({ 'keep-alive': hint }: IncomingHttpHeaders): number | undefined {
  const seconds = typeof hint === 'string' ? /\btimeout=(\d+)/.exec(hint)?.[1] : undefined;
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function bodyLength(
  status: number,
  headers: IncomingHttpHeaders,
): ResponseHead['length'] | undefined {
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
