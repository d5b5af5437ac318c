import { parseJson } from '../../values/json.js';
import { escapedJson } from '../printable.js';
import { shellQuoted } from '../shellWord.js';

/** A request that was not sent. */
export interface PlannedRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  /** The text of the body. */
  body?: string;
}

const tokenHeader = '"Authorization: Bearer $SYNAPSE_AUTH_TOKEN"';

/** Other headers that can hold a credential. */
const secret = /cookie|token|secret|password|api-?key/;

function shownValue(name: string, value: string): string {
  return secret.test(name) ? '[hidden]' : value;
}

/** Headers that curl sets itself, or that would only be noise. */
const left: ReadonlySet<string> = new Set(['authorization', 'user-agent', 'accept-encoding']);

/**
 * Writes a request as a command for a POSIX shell. The access token is not in it: the command reads it from
 * `SYNAPSE_AUTH_TOKEN`.
 */
export function curlCommand({ method, url, headers, body }: PlannedRequest): string {
  const words = [
    // Without it, curl takes braces and brackets of an address for patterns.
    `curl --globoff -X ${method} ${shellQuoted(url)}`,
    `-H ${tokenHeader}`,
    ...Object.entries(headers)
      .filter(([name]) => !left.has(name))
      .map(([name, value]) => `-H ${shellQuoted(`${name}: ${shownValue(name, value)}`)}`),
    ...(body === undefined ? [] : [`--data-raw ${shellQuoted(shownBody(body, headers))}`]),
  ];
  return words.join(' \\\n  ');
}

/** A request without the values of credentials, its body as a value. */
export function maskedRequest({ headers, body, ...request }: PlannedRequest): object {
  const shown = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, shownValue(name, value)]),
  );
  return {
    ...request,
    headers: { ...shown, authorization: 'Bearer $SYNAPSE_AUTH_TOKEN' },
    ...(body !== undefined && {
      body: isJson(headers) ? parseJson(body, { exactNumbers: true }) : body,
    }),
  };
}

function isJson(headers: Readonly<Record<string, string>>): boolean {
  return /json/i.test(headers['content-type'] ?? '');
}

/** What a terminal would obey is written as an escape, which is the same JSON. */
function shownBody(body: string, headers: Readonly<Record<string, string>>): string {
  return isJson(headers) ? escapedJson(body) : body;
}
