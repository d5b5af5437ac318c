import type * as M from '../../generated/models.js';
import { ArgumentError } from '../errors.js';
import { parseIsoDate } from '../values/dates.js';
import { formatDouble } from '../values/doubles.js';
import { ExactNumber } from '../values/json.js';
import {
  isWireAnnotations,
  singleType,
  toWireAnnotations,
  type AnnotationsInput,
  type TypedAnnotation,
} from './annotationValues.js';

/**
 * Reads annotations from a JSON object that {@link parseJsonInput} has read. Its values are scalars, lists of scalars, `null`,
 * and objects with `type` and `value`. The object can also be the annotations in the form of the API.
 *
 * A number with a point or an exponent is a DOUBLE, any other number is a LONG. A string with an ISO 8601 date is a
 * TIMESTAMP_MS; in a list, only when all strings are dates in the form that `synapse get-annotations` prints.
 *
 * @throws {@link ArgumentError} with the key, for a value that an annotation cannot have.
 */
export function annotationsFromJson(object: Readonly<Record<string, unknown>>): AnnotationsInput {
  const given = isWireAnnotations(object) ? object.annotations : undefined;
  const entries = Object.entries(isObject(given) ? given : object);
  const annotations = Object.fromEntries(
    entries.map(([key, value]) => [key, readValue(key, value)]),
  );
  // Checks them before any request is sent.
  toWireAnnotations(annotations);
  return annotations;
}

/** The annotation with its type. An empty list, which has none, is refused later. */
function readValue(key: string, value: unknown): TypedAnnotation | [] | null {
  if (value === null) return null;
  if (isObject(value)) return readTyped(key, value);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) return [];
  const type = singleType(key, new Set(list.map((item) => typeOf(key, item))));
  if (type === 'STRING') return readStrings(list.map(String), !Array.isArray(value));
  const isNumber = type === 'LONG' || type === 'DOUBLE';
  return {
    type,
    value: list.map((item) => (isNumber ? numberText(key, type, String(item)) : String(item))),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  const isScalar = value instanceof ExactNumber || Array.isArray(value);
  return typeof value === 'object' && value !== null && !isScalar;
}

function typeOf(key: string, item: unknown): M.AnnotationsValueType {
  if (typeof item === 'string') return 'STRING';
  if (typeof item === 'boolean') return 'BOOLEAN';
  if (typeof item === 'number' || item instanceof ExactNumber) {
    return /^-?\d+$/.test(String(item)) ? 'LONG' : 'DOUBLE';
  }
  const what = item === null ? 'null' : Array.isArray(item) ? 'a list' : 'an object';
  throw new ArgumentError(
    `The annotation ${JSON.stringify(key)} has a list with ${what} in it: expected strings, numbers or booleans`,
  );
}

/** The object `{"type": "LONG", "value": ["1"]}`. Its values can also be numbers and booleans. */
function readTyped(key: string, typed: Readonly<Record<string, unknown>>): TypedAnnotation {
  if (!Object.hasOwn(typed, 'type') || !Object.hasOwn(typed, 'value')) {
    throw new ArgumentError(
      `The annotation ${JSON.stringify(key)} is an object: expected a string, a number, a boolean, a list of these, or {"type": "LONG", "value": ["1"]}`,
    );
  }
  const { value } = typed;
  const list = Array.isArray(value) ? value.map(exactText) : value;
  return { ...typed, value: list } as TypedAnnotation;
}

function exactText(item: unknown): unknown {
  return item instanceof ExactNumber ? String(item) : item;
}

const printedDate = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/;

/** Whether `synapse get-annotations` prints a date so. */
export function isPrintedDate(text: string): boolean {
  return printedDate.test(text) && parseIsoDate(`${text}Z`) !== undefined;
}

function readStrings(texts: readonly string[], isScalar: boolean): TypedAnnotation {
  const [only = ''] = texts;
  const date = isScalar ? parseIsoDate(only) : undefined;
  if (date !== undefined) return { type: 'TIMESTAMP_MS', value: [date] };
  if (isScalar || !texts.every(isPrintedDate)) return { type: 'STRING', value: texts };
  return { type: 'TIMESTAMP_MS', value: texts.map((text) => parseIsoDate(`${text}Z`) ?? text) };
}

function numberText(key: string, type: 'LONG' | 'DOUBLE', digits: string): string {
  const isWhole = /^-?\d+$/.test(digits);
  if (type === 'LONG') return String(BigInt(digits));
  const number = Number(digits);
  const isChanged = isWhole ? BigInt(number) !== BigInt(digits) : isOutOfRange(digits, number);
  if (isChanged) {
    throw new ArgumentError(
      `The annotation ${JSON.stringify(key)} has the number ${digits.slice(0, 100)}, which a DOUBLE cannot hold: it would become ${formatDouble(number)}. ` +
        `Write that, or a string.`,
    );
  }
  return formatDouble(number);
}

/** Whether a number is too large or too small for a double, so that only infinity or zero is left of it. */
function isOutOfRange(digits: string, number: number): boolean {
  const isName = digits.endsWith('y') || digits === 'NaN';
  if (isName) return false;
  return !Number.isFinite(number) || (number === 0 && /[1-9]/.test(digits.split(/e/i)[0] ?? ''));
}
