import { isHeaderName, isHeaderText } from '../../values/headerText.js';

/** Headers that say how to send the request, other than as {@link formatRequest} does. */
const sendingHeaders = new Set([
  'connection',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The head of a request. */
export interface RequestHead {
  method: string;
  /** With the port, unless it is that of the scheme: `URL.host`. */
  host: string;
  /** With the query. */
  path: string;
  /** Names in lower case. A request with a body has a `content-length`. */
  headers: Readonly<Record<string, string>>;
}

/** Whether {@link formatRequest} can format a request with these headers. All others need `node:http`. */
export function canFormat(headers: RequestHead['headers']): boolean {
  for (const name in headers) if (sendingHeaders.has(name)) return false;
  return true;
}

/**
 * Formats the head of a request.
 * @throws TypeError when a header has a character that HTTP cannot carry, such as a line break
 */
export function formatRequest({ method, host, path, headers }: RequestHead): string {
  let text = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    // Some headers come from a server: an ETag, and those of a presigned URL.
    if (!isHeaderName(name) || !isHeaderText(value)) {
      throw new TypeError(
        `The header ${JSON.stringify(name)} has a name or a value that HTTP cannot carry.`,
      );
    }
    text += `${name}: ${value}\r\n`;
  }
  return `${text}\r\n`;
}
