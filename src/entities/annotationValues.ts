import type * as M from '../../generated/models.js';
import { ArgumentError, SynapseError } from '../errors.js';
import { formatIso, fromEpochMs, parseIsoDate, toEpochMs } from '../values/dates.js';
import { formatDouble, parseDouble } from '../values/doubles.js';

/** A value of an annotation; `bigint` is for whole numbers beyond 2^53. */
export type AnnotationValue = string | number | bigint | boolean | Date;

/** The annotations of an entity as the client returns them: each key has a list of values of one type. */
export type Annotations = Record<string, AnnotationValue[]>;

/** One annotation with an explicit type, for values whose type is ambiguous: `1` as a DOUBLE. */
export interface TypedAnnotation {
  type: M.AnnotationsValueType;
  value: readonly AnnotationValue[];
}

/**
 * Annotations to write: a value, a list of values, or values with their type. `null` and `undefined` remove
 * the key.
 */
export type AnnotationsInput = Readonly<
  Record<string, AnnotationValue | readonly AnnotationValue[] | TypedAnnotation | null | undefined>
>;

/** Options for converting values to annotations. */
export interface AnnotationOptions {
  /**
   * Whether a string with an ISO 8601 date, outside a list, becomes a date, as the Python client does with every
   * string. For input without a date type, such as JSON.
   * @default false
   */
  parseDates?: boolean;
  /** IANA time zone of such dates without an offset. @default the zone of this machine */
  timeZone?: string;
}

/** An annotation in the form of the API (`annotations2`): the values as strings, and their type. */
type WireAnnotation = M.AnnotationsValue & { type: M.AnnotationsValueType };

/**
 * Converts annotations to the form of the API. Whole numbers are LONG, lists that contain a fraction DOUBLE, dates
 * TIMESTAMP_MS; lists of mixed types become strings.
 *
 * @throws {@link ArgumentError} for an empty list, and for values that an annotation cannot have.
 */
export function toWireAnnotations(
  annotations: AnnotationsInput,
  options: AnnotationOptions = {},
): Record<string, WireAnnotation> {
  const wire: Record<string, WireAnnotation> = {};
  for (const [key, input] of Object.entries(annotations)) {
    if (input !== null && input !== undefined) wire[key] = toWire(key, input, options);
  }
  return wire;
}

/** Converts annotations to JavaScript values. Whole numbers beyond 2^53 are `bigint`. */
export function fromWireAnnotations(annotations: M.Annotations | undefined): Annotations {
  if (annotations && !isWireAnnotations(annotations)) {
    throw new ArgumentError(
      'Not Synapse annotations: expected the properties id, etag, annotations',
    );
  }
  const values: Annotations = {};
  for (const [key, annotation] of Object.entries(annotations?.annotations ?? {})) {
    const value: unknown = annotation.value;
    if (!Array.isArray(value)) throw malformed(key, annotation.type, value);
    values[key] = value.map((text) => fromText(key, annotation.type, text));
  }
  return values;
}

/** Whether a value is the `annotations2` form of annotations. */
export function isWireAnnotations(value: unknown): value is M.Annotations {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['id', 'etag', 'annotations'].every((key) => key in value)
  );
}

/**
 * The annotations that result from writing `input` over `current`. An annotation with equal values
 * is not changed, and a DOUBLE stays DOUBLE when whole numbers are written to it.
 *
 * @returns `undefined` when nothing changes, so that nothing needs to be sent.
 */
export function mergeAnnotations(
  current: Readonly<Record<string, M.AnnotationsValue>>,
  input: AnnotationsInput,
  { replace = false, ...options }: AnnotationOptions & { replace?: boolean } = {},
): Record<string, M.AnnotationsValue> | undefined {
  const merged: Record<string, M.AnnotationsValue> = replace ? {} : { ...current };
  for (const [key, value] of Object.entries(input)) {
    const old = current[key];
    if (value === null || value === undefined) Reflect.deleteProperty(merged, key);
    else merged[key] = keepIfEqual(key, old, toWire(key, value, options, old?.type));
  }
  return sameAnnotations(current, merged) ? undefined : merged;
}

// Another client may have written the same values differently (`1.50`, `TRUE`).
function keepIfEqual(
  key: string,
  old: M.AnnotationsValue | undefined,
  next: WireAnnotation,
): M.AnnotationsValue {
  if (old?.type !== next.type || old.value.length !== next.value.length) return next;
  const spell = (text: string): string => toText(key, next.type, fromText(key, next.type, text));
  return next.value.every((text, i) => text === spell(old.value[i] ?? '')) ? old : next;
}

function sameAnnotations(
  left: Readonly<Record<string, M.AnnotationsValue>>,
  right: Readonly<Record<string, M.AnnotationsValue>>,
): boolean {
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length && keys.every((key) => same(left[key], right[key]))
  );
}

function same(
  left: M.AnnotationsValue | undefined,
  right: M.AnnotationsValue | undefined,
): boolean {
  if (left?.type !== right?.type || left?.value.length !== right?.value.length) return false;
  return (left?.value ?? []).every((text, i) => text === right?.value[i]);
}

function toWire(
  key: string,
  input: AnnotationValue | readonly AnnotationValue[] | TypedAnnotation,
  options: AnnotationOptions,
  oldType?: M.AnnotationsValueType,
): WireAnnotation {
  const typed = isTyped(input) ? input : undefined;
  const values = typed?.value ?? annotationValues(input as AnnotationValue, options);
  if (values.length === 0) {
    throw new ArgumentError(
      `The annotation ${key} has an empty list: an annotation needs at least one value; use null to remove it`,
    );
  }
  for (const value of values) requireValue(key, value);
  const type = typed?.type ?? typeOf(values, oldType);
  return { type, value: values.map((value) => toText(key, type, value)) };
}

/** The values of one annotation as a list. A string with a date becomes a date if the options say so. */
export function annotationValues(
  input: AnnotationValue | readonly AnnotationValue[],
  { parseDates = false, ...options }: AnnotationOptions = {},
): readonly AnnotationValue[] {
  if (Array.isArray(input)) return input as readonly AnnotationValue[];
  const value = input as AnnotationValue;
  return [(parseDates && typeof value === 'string' && parseIsoDate(value, options)) || value];
}

function isTyped(input: unknown): input is TypedAnnotation {
  return typeof input === 'object' && input !== null && 'type' in input && 'value' in input;
}

function requireValue(key: string, value: unknown): void {
  if (value instanceof Date || ['string', 'number', 'bigint', 'boolean'].includes(typeof value))
    return;
  const what = value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
  throw new ArgumentError(
    `The annotation ${key} has ${what} as a value: expected strings, numbers, booleans or dates`,
  );
}

function typeOf(
  values: readonly AnnotationValue[],
  oldType: M.AnnotationsValueType | undefined,
): M.AnnotationsValueType {
  if (values.every((value) => typeof value === 'boolean')) return 'BOOLEAN';
  if (values.every((value) => value instanceof Date)) return 'TIMESTAMP_MS';
  if (values.every((value) => typeof value === 'number' || typeof value === 'bigint')) {
    const whole = values.every((value) => typeof value === 'bigint' || Number.isSafeInteger(value));
    return whole && oldType !== 'DOUBLE' ? 'LONG' : 'DOUBLE';
  }
  return 'STRING';
}

function toText(key: string, type: M.AnnotationsValueType, value: AnnotationValue): string {
  // Already a string of that type, in the form of the server.
  if (typeof value === 'string') return value;
  if (type === 'DOUBLE') return formatDouble(Number(value));
  if (type === 'TIMESTAMP_MS') return String(value instanceof Date ? toEpochMs(value) : value);
  if (type === 'LONG' && typeof value !== 'bigint' && !Number.isSafeInteger(value)) {
    throw new ArgumentError(
      `The annotation ${key} of type LONG has the value ${String(value)}: expected a whole number; use a bigint beyond 2^53`,
    );
  }
  if (value instanceof Date) return formatIso(value);
  // In a string, a fraction or a number beyond the safe integers is also written as a double.
  const isDouble = typeof value === 'number' && !Number.isSafeInteger(value);
  return isDouble ? formatDouble(value) : String(value);
}

function fromText(
  key: string,
  type: M.AnnotationsValueType | undefined,
  value: unknown,
): AnnotationValue {
  const text = String(value);
  switch (type) {
    case 'BOOLEAN':
      return text.toLowerCase() === 'true';
    case 'TIMESTAMP_MS':
    case 'LONG': {
      const digits = /^\s*([+-]?\d+)\s*$/.exec(text)?.[1];
      if (digits === undefined) throw malformed(key, type, value);
      if (type === 'TIMESTAMP_MS') return fromEpochMs(digits);
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

function malformed(
  key: string,
  type: M.AnnotationsValueType | undefined,
  value: unknown,
): SynapseError {
  return new SynapseError(
    `The annotation ${key} of type ${type ?? 'unknown'} has the value ${String(value)}`,
    { code: 'MALFORMED_RESPONSE' },
  );
}
