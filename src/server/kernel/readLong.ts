import { badRequest } from './serviceError.js';

const maxLong = 2n ** 63n - 1n;
const longPattern = /^[+-]?\d+$/;

/**
 * The value of a text as a 64-bit integer, or `undefined` when it is none. Beyond the integers that
 * are exact here, it is the last one that is: such a number names nothing and bounds nothing.
 */
export function readLong(text: string): number | undefined {
  if (text.length > 30 || !longPattern.test(text)) {
    return undefined;
  }
  const value = BigInt(text.replace(/^\+/, ''));
  if (value > maxLong || value < -maxLong - 1n) {
    return undefined;
  }
  return Math.min(Math.max(Number(value), Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

/** Reads an id that is a number. @throws 400 with the text of the service when it is none */
export function parseLongId(text: string): string {
  if (readLong(text) === undefined) {
    throw badRequest(`For input string: "${text.slice(0, 100)}"`);
  }
  return text;
}
