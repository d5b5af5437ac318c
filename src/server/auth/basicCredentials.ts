import type { IncomingHttpHeaders } from 'node:http';

import { badCredentials } from './authErrors.js';

/** A user name and a password, as HTTP Basic sends them. */
export interface BasicCredentials {
  readonly name: string;
  readonly password: string;
}

const prefix = 'Basic ';
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * The credentials in the `Authorization` header; `undefined` without the header.
 *
 * @throws 401 for a header that is not HTTP Basic
 */
export function basicCredentials(headers: IncomingHttpHeaders): BasicCredentials | undefined {
  const header = headers.authorization ?? '';
  if (header.trim() === '') return undefined;
  if (!header.startsWith(prefix)) throw invalidHeader(`Missing "${prefix}" prefix`);
  const encoded = header.slice(prefix.length).trim();
  if (!base64.test(encoded)) throw invalidHeader('Malformed Base64 encoding: Illegal character');
  const credentials = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = credentials.indexOf(':');
  if (colon <= 0 || colon === credentials.length - 1) {
    throw invalidHeader('Decoded credentials should be colon separated');
  }
  return { name: credentials.slice(0, colon), password: credentials.slice(colon + 1) };
}

function invalidHeader(problem: string): Error {
  return badCredentials(`Invalid Authorization header for basic authentication (${problem})`);
}
