import { ArgumentError } from '../errors.js';
import { strip, whitespace } from './whitespace.js';

const byteUnits = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/**
 * A byte count for people: `1.5kB`, `953.7MB`; units are powers of 1024.
 *
 * @throws {@link ArgumentError} when it is not a number.
 */
export function humanizeBytes(bytes: number | bigint): string {
  if ((typeof bytes !== 'number' && typeof bytes !== 'bigint') || Number.isNaN(Number(bytes))) {
    throw new ArgumentError(`Not a number of bytes: ${String(bytes)}`);
  }
  let value = Number(bytes);
  for (const unit of byteUnits) {
    if (value < 1024 || unit === byteUnits.at(-1)) return `${oneDecimal(value)}${unit}`;
    value /= 1024;
  }
  return '';
}

// toFixed rounds a tie up; half to even is what the other client prints. Only quarters are ties.
function oneDecimal(value: number): string {
  if (Math.abs((value * 4) % 2) !== 1) return value.toFixed(1);
  const below = Math.floor(value * 10);
  return ((below + Math.abs(below % 2)) / 10).toFixed(1);
}

const periods: readonly (readonly [name: string, seconds: number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** A duration for people: `1 minute, 1 second`; fractions of a second are dropped. */
export function formatTimeInterval(seconds: number): string {
  const parts: string[] = [];
  let rest = seconds;
  for (const [name, length] of periods) {
    if (rest <= length && name !== 'second') continue;
    const count = Math.floor(rest / length);
    rest -= count * length;
    parts.push(`${count} ${name}${count === 1 ? '' : 's'}`);
  }
  return parts.join(', ');
}

const unprintable = new RegExp(`[\\0-\\x20${whitespace}]+`, 'g');

/** Text on one line: every run of white space and control characters becomes one space, the ends are cut. */
export function normalizeWhitespace(text: string): string {
  return strip(text).replace(unprintable, ' ');
}

/** `true` or `false` in any case; anything else is not a boolean. */
export function parseBoolean(text: unknown): boolean | undefined {
  if (typeof text !== 'string') return undefined;
  return { true: true, false: false }[text.toLowerCase()];
}

/** Whether a value is a whole number, or a text that spells one. */
export function isInteger(value: unknown): boolean {
  if (typeof value === 'string') return /^\s*[+-]?\d+\s*$/.test(value);
  return typeof value === 'bigint' || Number.isInteger(value);
}

/** `accessKeyId` as `access_key_id`. */
export function snakeCase(name: string): string {
  return name.replace(/(?<!^)(?=[A-Z])/g, '_').toLowerCase();
}

/** Whether a Content-Type is `application/json` or begins with it. */
export function isJsonContentType(contentType: string | null | undefined): boolean {
  return strip(contentType ?? '')
    .toLowerCase()
    .startsWith('application/json');
}

/** Whether a manifest may name a file so: letters and digits of any script, and ``_-+.()` `` and spaces. */
export function isManifestFileName(name: string): boolean {
  return /^[`\p{L}\p{N}_ \-+.()]{1,256}$/u.test(name);
}
