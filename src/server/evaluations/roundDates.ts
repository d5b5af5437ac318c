import { badRequest } from '../kernel/serviceError.js';

/** A date of a request as text that compares with others. @throws 400 */
export function parseDate(name: string, text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw badRequest(`The ${name} is not a date: ${text.slice(0, 100)}`);
  }
  return isoDate(time);
}

/** A time as text. @throws 400 when it is out of range */
export function isoDate(time: number): string {
  const date = new Date(time);
  // Later years have five digits, which do not compare as text and are not valid dates elsewhere.
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 || date.getUTCFullYear() < 0) {
    throw badRequest('A date of the round is out of range.');
  }
  return date.toISOString();
}
