import { usageError } from './usageError.js';

/** The flags of a login with a user name. */
export interface PasswordFlags {
  username?: string | undefined;
  password?: string | undefined;
}

/** Personal access tokens, and the tokens that a login gives, are JSON Web Tokens. */
const token = /^eyJ[\w-]*\.[\w-]*\.[\w-]*$/;

/**
 * The login that the flags ask for. The Python client had passwords in `--password`, and later tokens. A password needs a user
 * name, so without one the value is a token, which Synapse then checks.
 */
export function givenLogin({ username, password }: PasswordFlags): {
  username?: string;
  password?: string;
  authToken?: string;
} {
  if (password === undefined) return username === undefined ? {} : { username };
  if (password.trim() === '') throw usageError('--password is empty.');
  if (username === undefined) return { authToken: password };
  return token.test(password.trim()) ? { username, authToken: password } : { username, password };
}
