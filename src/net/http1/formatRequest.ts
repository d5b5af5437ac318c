import { validateHeaderValue } from 'node:http';
import { basicAuthorization } from '../credentials.js';

/**
 * Formats the head of a GET request.
 * @throws TypeError when a header contains a line break; ArgumentError when the user or the password
 * in the URL cannot be decoded
 */
export function formatRequest(url: URL, headers: Readonly<Record<string, string>>): string {
  const lines = [`GET ${url.pathname}${url.search} HTTP/1.1`, `host: ${url.host}`];
  const authorization = basicAuthorization(url);
  if (authorization !== undefined) lines.push(`authorization: ${authorization}`);
  for (const [name, value] of Object.entries(headers)) {
    // The value of `if-match` is an ETag from the store.
    validateHeaderValue(name, value);
    lines.push(`${name}: ${value}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}
