import type * as M from '../../generated/models.js';
import { ArgumentError, SynapseError } from '../errors.js';
import { formatIso, fromEpochMs, isInRange, parseIsoDate, toEpochMs } from '../values/dates.js';
import { formatDouble, parseDouble } from '../values/doubles.js';

/** A value of an annotation; `bigint` is for whole numbers beyond 2^53. */
export type AnnotationValue = string | number | bigint | boolean | Date;

type AnnotationType = M.AnnotationsValueType;

const wholeNumber = /^[+-]?\d+$/;

/** Whether a whole number fits a LONG, which has 64 bits. */
export function isLong(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

/** Whether a double has exactly this value. */
export function isExactDouble(value: AnnotationValue): boolean {
  if (typeof value !== 'bigint') return typeof value === 'number';
  return isLong(value) && BigInt(Number(value)) === value;
}

/** Whether JavaScript holds it as a whole number. `-0` is a double: a LONG has no such value. */
export function isWhole(value: AnnotationValue): value is number | bigint {
  return typeof value === 'bigint' || (Number.isSafeInteger(value) && !Object.is(value, -0));
}

/**
 * Writes a value in the form of the API. A string is a value in that form already, and is only checked.
 *
 * @throws {@link ArgumentError} when the type has no such value.
 */
export function toText(key: string, type: AnnotationType, value: AnnotationValue): string {
  const text = writers[type](value);
  if (text !== undefined) return text;
  const shown = value instanceof Date || typeof value === 'string' ? 'value' : `value ${value}`;
  throw new ArgumentError(
    `The annotation ${JSON.stringify(key)} of type ${type} has the ${shown}${quoted(value)}: expected ${expected[type]}`,
  );
}

function quoted(value: AnnotationValue): string {
  if (typeof value !== 'string') return '';
  return ` ${JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}...` : value)}`;
}

const expected: Readonly<Record<AnnotationType, string>> = {
  STRING: 'a string',
  BOOLEAN: 'true or false',
  LONG: 'a whole number of at most 64 bits; use a bigint beyond 2^53',
  DOUBLE: 'a number that a double can hold without rounding the digits of a whole number',
  TIMESTAMP_MS: 'a date, or whole milliseconds since 1970',
};

/** The text of a value of a type; `undefined` when the type has no such value. */
const writers: Readonly<Record<AnnotationType, (value: AnnotationValue) => string | undefined>> = {
  STRING: spell,
  BOOLEAN: (value) => {
    if (typeof value === 'string') return /^(?:true|false)$/i.test(value) ? value : undefined;
    return typeof value === 'boolean' ? String(value) : undefined;
  },
  LONG: longText,
  DOUBLE: (value) => {
    if (typeof value === 'string')
      return parseDouble(value.trim()) === undefined ? undefined : value;
    return isExactDouble(value) ? formatDouble(Number(value)) : undefined;
  },
  TIMESTAMP_MS: (value) => {
    const date =
      typeof value === 'string' && !wholeNumber.test(value) ? parseIsoDate(value) : value;
    if (date === undefined) return undefined;
    return date instanceof Date ? String(toEpochMs(date)) : longText(date);
  },
};

function longText(value: AnnotationValue): string | undefined {
  if (typeof value === 'string') {
    // Longer texts are not read: a LONG has at most 19 digits.
    const isNumber = value.length <= 1000 && wholeNumber.test(value);
    return isNumber && isLong(BigInt(value.replace('+', ''))) ? value : undefined;
  }
  if (typeof value === 'bigint') return isLong(value) ? String(value) : undefined;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}

function spell(value: AnnotationValue): string {
  if (value instanceof Date) return formatIso(value);
  // A fraction or a number beyond the safe integers is written as a double.
  return typeof value === 'number' && !isWhole(value) ? formatDouble(value) : String(value);
}

/**
 * Reads a value in the form of the API.
 *
 * @throws {@link SynapseError} when it is not a value of the type.
 */
export function fromText(
  key: string,
  type: AnnotationType | undefined,
  value: unknown,
): AnnotationValue {
  if (!['string', 'number', 'bigint', 'boolean'].includes(typeof value)) {
    throw malformed(key, type, value);
  }
  const text = String(value);
  switch (type) {
    case 'BOOLEAN':
      return text.toLowerCase() === 'true';
    case 'TIMESTAMP_MS':
    case 'LONG': {
      const digits = text.trim();
      if (!wholeNumber.test(digits)) throw malformed(key, type, value);
      const isDate = type === 'TIMESTAMP_MS' && isInRange(Number(digits));
      if (isDate) return fromEpochMs(digits);
      // A time that no date has stays a number of milliseconds.
      return Number.isSafeInteger(Number(digits))
        ? Number(digits)
        : BigInt(digits.replace('+', ''));
    }
    case 'DOUBLE': {
      const number = parseDouble(text.trim());
      if (number === undefined) throw malformed(key, type, value);
      return number;
    }
    default:
      // For a type that is newer than this client, the strings are returned.
      return text;
  }
}

/** One spelling for all texts of a value: other clients write `1.50` or `TRUE`. */
export function canonicalText(type: AnnotationType, text: string): string {
  if (type === 'BOOLEAN') return text.toLowerCase();
  if (type === 'DOUBLE') {
    const number = parseDouble(text.trim());
    return number === undefined ? text : formatDouble(number);
  }
  if (type === 'STRING') return text;
  return longText(text.trim()) === undefined ? text : String(BigInt(text.trim().replace('+', '')));
}

/** The error for a value that Synapse cannot have sent as a value of the type. */
export function malformed(
  key: string,
  type: AnnotationType | undefined,
  value: unknown,
): SynapseError {
  return new SynapseError(
    `The annotation ${key} of type ${type ?? 'unknown'} has the value ${String(value).slice(0, 100)}`,
    { code: 'MALFORMED_RESPONSE' },
  );
}
