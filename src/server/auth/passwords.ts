import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

import { badRequest } from '../kernel/serviceError.js';

const derive: (password: string, salt: Buffer, length: number) => Promise<Buffer> =
  promisify(scrypt);

const keyLength = 32;
const minPasswordLength = 8;

/** @throws 400 for an invalid password */
export function checkNewPassword(password: string | undefined): string {
  if (password === undefined || password.length < minPasswordLength) {
    throw badRequest(`Password must contain ${minPasswordLength} or more characters .`);
  }
  return password;
}

/** A salted scrypt hash, as `<salt>:<hash>` in hexadecimal. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, keyLength);
  return `${salt.toString('hex')}:${hash.toString('hex')}`;
}

/** Whether a password belongs to a hash; `false` (after the same time) when there is no hash. */
export async function passwordMatches(
  password: string,
  stored: string | undefined,
): Promise<boolean> {
  const [salt = '', expected = ''] = stored?.split(':') ?? [];
  const hash = await derive(password, Buffer.from(salt, 'hex'), keyLength);
  const known = Buffer.from(expected, 'hex');
  return known.length === hash.length && timingSafeEqual(hash, known);
}
