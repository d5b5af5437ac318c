import { LosslessNumber, parse, stringify } from 'lossless-json';
import { ArgumentError } from '../errors.js';

/**
 * A number of a JSON text, with its digits as they were written. {@link parseJson} returns it where a JavaScript number or
 * bigint would lose something: `1.0` is not `1`. {@link stringifyJson} writes it back unchanged.
 */
export interface ExactNumber {
  /** The digits. */
  readonly value: string;
  readonly isLosslessNumber: boolean;
  /** The digits. */
  toString(): string;
}

// The package is part of the bundle: its own types cannot be imported by users.
export const ExactNumber: new (value: string) => ExactNumber = LosslessNumber;

/** Options of {@link parseJson}. */
export interface ParseJsonOptions {
  /**
   * Whether a number whose text differs from that of the JavaScript number is an {@link ExactNumber}.
   * @default false: only whole numbers that a JavaScript number cannot hold differ, they are `bigint`
   */
  exactNumbers?: boolean;
  /**
   * What happens to a key that occurs twice with different values.
   * @default 'last': the last one is used, as everywhere in JavaScript
   */
  duplicateKeys?: 'last' | 'refuse';
}

// Shorter whole numbers are below 2^53. Digits inside a text, such as those of a signature, are no number.
const longNumber = /(?:^|[:,[\s])-?\d{16}/;

/**
 * Parses JSON without changing a whole number: those that a JavaScript number cannot hold are `bigint`.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export function parseJson(
  text: string,
  { exactNumbers = false, duplicateKeys = 'last' }: ParseJsonOptions = {},
): unknown {
  if (exactNumbers || duplicateKeys === 'refuse') {
    return parseWith(text, exactNumbers ? exactNumber : wholeNumber, duplicateKeys === 'refuse');
  }
  // The parser of JavaScript is much faster.
  return longNumber.test(text) ? parseWith(text, wholeNumber) : JSON.parse(text);
}

/**
 * Parses JSON that a person or another program wrote: numbers as with `exactNumbers`; `NaN`, `Infinity` and `-Infinity`,
 * which the Python client writes, are accepted; a key that occurs twice with different values is refused.
 *
 * @throws SyntaxError when the text is not such JSON.
 */
export function parseJsonInput(text: string): unknown {
  // Stands for the names in the text; it must not occur in it.
  let marker = '1e999';
  while (text.includes(marker)) marker += '9';
  const names: Readonly<Record<string, number>> = {
    [`${marker}1`]: Number.NaN,
    [`${marker}2`]: Infinity,
    [`-${marker}2`]: -Infinity,
  };
  const marked = text.replace(/"(?:[^"\\]|\\.)*(?:"|$)|NaN|Infinity/gs, (found) =>
    found.startsWith('"') ? found : `${marker}${found === 'NaN' ? 1 : 2}`,
  );
  return parseWith(marked, (digits) => names[digits] ?? exactNumber(digits), true);
}

function parseWith(
  text: string,
  parseNumber: (digits: string) => unknown,
  refuseDuplicates = false,
): unknown {
  const last = { onDuplicateKey: ({ newValue }: { newValue: unknown }) => newValue };
  try {
    return parse(text, undefined, { parseNumber, ...(!refuseDuplicates && last) });
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError('The JSON is nested too deeply.');
    throw error;
  }
}

function wholeNumber(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) || !/^-?\d+$/.test(digits) || String(number) === digits
    ? number
    : BigInt(digits);
}

function exactNumber(digits: string): number | LosslessNumber {
  const number = Number(digits);
  return String(number) === digits ? number : new LosslessNumber(digits);
}

/** Options of {@link stringifyJson}. */
export interface StringifyJsonOptions {
  /** Number of spaces; without it, one line. */
  indent?: number;
  /**
   * What happens to `NaN` and infinities, which JSON does not have: an error, or a string, as in the JSON of entities.
   * @default 'refuse'
   */
  nonFinite?: 'refuse' | 'text';
}

/**
 * Writes JSON without changing a number: `bigint` and {@link ExactNumber} in full, and `-0` with its sign.
 *
 * @throws {@link ArgumentError} for `NaN`, infinities and invalid dates, which would become `null`.
 */
export function stringifyJson(
  value: unknown,
  { indent, nonFinite = 'refuse' }: StringifyJsonOptions = {},
): string {
  if (!needsCare(value)) return JSON.stringify(value, null, indent);
  const exact = (key: string, item: unknown): unknown => {
    if (Object.is(item, -0)) return new LosslessNumber('-0');
    if (typeof item === 'number' && !Number.isFinite(item)) {
      if (nonFinite === 'text') return String(item);
      throw new ArgumentError(
        `JSON cannot hold ${String(item)}, the value of ${JSON.stringify(key)}: use a finite number, or a string.`,
      );
    }
    if (isInvalidDate(item) && nonFinite === 'refuse') {
      throw new ArgumentError(`The value of ${JSON.stringify(key)} is an invalid date.`);
    }
    return item;
  };
  return stringify(value, exact, indent) ?? 'null';
}

/** Whether `JSON.stringify` would change something, or fail on a bigint. */
function needsCare(value: unknown, seen = new Set<object>()): boolean {
  switch (typeof value) {
    case 'bigint':
      return true;
    case 'number':
      return !Number.isFinite(value) || Object.is(value, -0);
    case 'object':
      // An object with a cycle is left to JSON.stringify, which names the cycle in its error.
      if (value === null || seen.has(value)) return false;
      if (value instanceof LosslessNumber || isInvalidDate(value)) return true;
      seen.add(value);
      for (const item of Object.values(value)) if (needsCare(item, seen)) return true;
      return false;
    default:
      return false;
  }
}

function isInvalidDate(value: unknown): boolean {
  return value instanceof Date && Number.isNaN(value.getTime());
}
