import { ArgumentError } from '../errors.js';

/** A user and a password. */
export interface Credentials {
  username: string;
  password: string;
}

/**
 * The user and the password in a URL.
 * @returns `undefined` when it has none
 * @throws ArgumentError when they cannot be decoded
 */
export function credentialsOf({ username, password, host }: URL): Credentials | undefined {
  if (username === '' && password === '') return undefined;
  try {
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    throw new ArgumentError(`The user or the password in a URL of ${host} cannot be decoded.`);
  }
}

/**
 * The `Authorization` header for the user and the password in a URL.
 * @returns `undefined` when it has none
 * @throws ArgumentError when they cannot be decoded
 */
export function basicAuthorization(url: URL): string | undefined {
  const credentials = credentialsOf(url);
  if (credentials === undefined) return undefined;
  const text = `${credentials.username}:${credentials.password}`;
  return `Basic ${Buffer.from(text).toString('base64')}`;
}
