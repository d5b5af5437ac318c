import type * as M from '../../generated/models.js';
import { ArgumentError } from '../errors.js';
import { parseIsoDate } from '../values/dates.js';
import {
  canonicalText,
  fromText,
  isExactDouble,
  isWhole,
  malformed,
  toText,
  type AnnotationValue,
} from './annotationText.js';

export type { AnnotationValue } from './annotationText.js';

/**
 * The annotations of an entity as the client returns them: each key has a list of values of one type. When such a list is
 * written, it keeps its type, as long as its values are of that type: a DOUBLE `[1]` does not become a LONG.
 */
export type Annotations = Record<string, AnnotationValue[]>;

/**
 * One annotation with an explicit type, for values whose type is ambiguous: `1` as a DOUBLE, an empty list. A string is the
 * value in the form of the API.
 */
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

type AnnotationInput = AnnotationValue | readonly AnnotationValue[] | TypedAnnotation;

const types: readonly M.AnnotationsValueType[] = [
  'STRING',
  'BOOLEAN',
  'LONG',
  'DOUBLE',
  'TIMESTAMP_MS',
];

/** The types of the lists that the client returned. */
const typesOfLists = new WeakMap<object, M.AnnotationsValueType>();

/**
 * Converts annotations to the form of the API. Whole numbers are LONG, lists that contain a fraction DOUBLE, dates
 * TIMESTAMP_MS.
 *
 * @throws {@link ArgumentError} for an empty list, for values of several types, and for values that an annotation cannot have.
 */
export function toWireAnnotations(
  annotations: AnnotationsInput,
  options: AnnotationOptions = {},
): Record<string, WireAnnotation> {
  const wire: [string, WireAnnotation][] = [];
  for (const [key, input] of Object.entries(annotations)) {
    if (input !== null && input !== undefined) wire.push([key, toWire(key, input, options)]);
  }
  // Unlike an assignment, this keeps the key `__proto__`.
  return Object.fromEntries(wire);
}

/**
 * Converts annotations to JavaScript values. Whole numbers beyond 2^53 are `bigint`; times outside of the years 1 to 9999 are
 * milliseconds, not dates.
 */
export function fromWireAnnotations(annotations: M.Annotations | undefined): Annotations {
  if (annotations && !isWireAnnotations(annotations)) {
    throw new ArgumentError(
      'Not Synapse annotations: expected the properties id, etag, annotations',
    );
  }
  const entries = Object.entries(annotations?.annotations ?? {});
  return Object.fromEntries(entries.map(([key, wire]) => [key, fromWire(key, wire)]));
}

function fromWire(key: string, { type, value }: M.AnnotationsValue): AnnotationValue[] {
  if (!Array.isArray(value)) throw malformed(key, type, value);
  const list = value.map((text) => fromText(key, type, text));
  if (type !== undefined) typesOfLists.set(list, type);
  return list;
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
 * is not changed, and a DOUBLE stays DOUBLE when whole numbers are written to it that a double can hold.
 *
 * @returns `undefined` when nothing changes, so that nothing needs to be sent.
 */
export function mergeAnnotations(
  current: Readonly<Record<string, M.AnnotationsValue>>,
  input: AnnotationsInput,
  { replace = false, ...options }: AnnotationOptions & { replace?: boolean } = {},
): Record<string, M.AnnotationsValue> | undefined {
  const before = new Map(Object.entries(current));
  const merged = new Map(replace ? [] : before);
  for (const [key, value] of Object.entries(input)) {
    const old = before.get(key);
    if (value === null || value === undefined) merged.delete(key);
    else merged.set(key, keepIfEqual(old, toWire(key, value, options, old)));
  }
  const isSame = before.size === merged.size && [...before].every(([k, v]) => merged.get(k) === v);
  return isSame ? undefined : Object.fromEntries(merged);
}

function keepIfEqual(
  old: M.AnnotationsValue | undefined,
  next: WireAnnotation,
): M.AnnotationsValue {
  if (old?.type !== next.type || old.value.length !== next.value.length) return next;
  const isEqual = (text: string, oldText: unknown): boolean =>
    typeof oldText === 'string' &&
    canonicalText(next.type, text) === canonicalText(next.type, oldText);
  return next.value.every((text, i) => isEqual(text, old.value[i])) ? old : next;
}

function toWire(
  key: string,
  input: AnnotationInput,
  options: AnnotationOptions,
  old?: M.AnnotationsValue,
): WireAnnotation {
  if (isTyped(input)) return typedToWire(key, input);
  const values = annotationValues(input, options);
  for (const value of values) requireValue(key, value);
  const type =
    keptType(input, values) ?? (values.length > 0 ? typeOf(key, values, old) : undefined);
  if (type !== undefined) return { type, value: values.map((value) => toText(key, type, value)) };
  throw new ArgumentError(
    `The annotation ${JSON.stringify(key)} has an empty list, which has no type: give a value; null to remove the annotation; ` +
      'or, for an empty list of strings, {"type": "STRING", "value": []}',
  );
}

function typedToWire(key: string, { type, value, ...rest }: TypedAnnotation): WireAnnotation {
  if (!types.includes(type)) {
    throw new ArgumentError(
      `The annotation ${JSON.stringify(key)} has the type ${JSON.stringify(type)}: expected ${types.join(', ')}`,
    );
  }
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined || !Array.isArray(value)) {
    const problem = unknown === undefined ? 'a value that is no list' : `a member ${unknown}`;
    throw new ArgumentError(
      `The annotation ${JSON.stringify(key)} has ${problem}: expected {"type": "${type}", "value": [...]}`,
    );
  }
  const values: readonly AnnotationValue[] = value;
  for (const one of values) requireValue(key, one);
  return { type, value: values.map((one) => toText(key, type, one)) };
}

/** The values of one annotation as a list. A string with a date becomes a date if the options say so. */
export function annotationValues(
  input: AnnotationValue | readonly AnnotationValue[],
  { parseDates = false, ...options }: AnnotationOptions = {},
): readonly AnnotationValue[] {
  if (isList(input)) return input;
  return [(parseDates && typeof input === 'string' && parseIsoDate(input, options)) || input];
}

/** A copy of the values of one annotation. It keeps its type. */
export function annotationList(key: string, input: AnnotationInput): AnnotationValue[] {
  if (isTyped(input)) return fromWire(key, typedToWire(key, input));
  const list = [...annotationValues(input)];
  const type = keptType(input, list);
  if (type !== undefined) typesOfLists.set(list, type);
  return list;
}

const isList = Array.isArray as (input: unknown) => input is readonly AnnotationValue[];

function isTyped(input: unknown): input is TypedAnnotation {
  return typeof input === 'object' && input !== null && 'type' in input && 'value' in input;
}

function requireValue(key: string, value: unknown): void {
  if (value instanceof Date || ['string', 'number', 'bigint', 'boolean'].includes(typeof value))
    return;
  const what = value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
  throw new ArgumentError(
    `The annotation ${JSON.stringify(key)} has ${what} as a value: expected strings, numbers, booleans or dates`,
  );
}

/** The type of a list that the client returned, if its values, which may have changed, are of that type. */
function keptType(
  input: AnnotationInput,
  values: readonly AnnotationValue[],
): M.AnnotationsValueType | undefined {
  const kept = typeof input === 'object' ? typesOfLists.get(input) : undefined;
  const isKept = values.every((value) => {
    const own = typeOfValue(value);
    if (own !== 'LONG' || kept === 'LONG') return own === kept;
    return kept === 'TIMESTAMP_MS' || (kept === 'DOUBLE' && isExactDouble(value));
  });
  return isKept ? kept : undefined;
}

function typeOf(
  key: string,
  values: readonly AnnotationValue[],
  old: M.AnnotationsValue | undefined,
): M.AnnotationsValueType {
  const type = singleType(key, new Set(values.map(typeOfValue)));
  const staysDouble = type === 'LONG' && old?.type === 'DOUBLE' && values.every(isExactDouble);
  return staysDouble ? 'DOUBLE' : type;
}

/**
 * The type of a list from the types of its values. Whole numbers beside fractions are doubles.
 *
 * @throws {@link ArgumentError} for any other list of several types.
 */
export function singleType(
  key: string,
  found: ReadonlySet<M.AnnotationsValueType>,
): M.AnnotationsValueType {
  const [type = 'STRING', ...others] = found;
  if (others.length === 0) return type;
  if (found.size === 2 && found.has('LONG') && found.has('DOUBLE')) return 'DOUBLE';
  throw new ArgumentError(
    `The annotation ${JSON.stringify(key)} has values of the types ${[...found].join(' and ')}: all values must be of one type. ` +
      'To store strings, write each value as a string.',
  );
}

function typeOfValue(value: AnnotationValue): M.AnnotationsValueType {
  if (value instanceof Date) return 'TIMESTAMP_MS';
  if (isWhole(value)) return 'LONG';
  return typeof value === 'boolean' ? 'BOOLEAN' : typeof value === 'string' ? 'STRING' : 'DOUBLE';
}
