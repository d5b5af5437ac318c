import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

import { badRequest } from '../kernel/serviceError.js';

const derive: (password: string, salt: Buffer, length: number) => Promise<Buffer> =
  promisify(scrypt);

const keyLength = 32;
const minPasswordLength = 8;
const specialCharacters = '~!@#$%^&*_-+=`|\\(){}[]:;"\'<>,.?/';

/** @throws 400 for a password that is too simple */
export function checkNewPassword(password: string | undefined): string {
  if (password === undefined) {
    throw badRequest('password is required.');
  }
  const problem = weakness(password);
  if (problem !== undefined) {
    throw badRequest(problem);
  }
  return password;
}

/** Why a password is too simple; `undefined` when it is not. */
export function weakness(password: string): string | undefined {
  const isMixed =
    /[a-zA-Z]/.test(password) &&
    /[0-9]/.test(password) &&
    Array.from(specialCharacters).some((character) => password.includes(character));
  if (password.length < minPasswordLength || !isMixed) {
    return `A valid password must be at least ${minPasswordLength} characters long and must include letters, digits (0-9), and special characters ${specialCharacters}`;
  }
  return password.toLowerCase().includes('synapse')
    ? 'This password is known to be a commonly used password. Please choose another password!'
    : undefined;
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
