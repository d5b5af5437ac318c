import { isDeepStrictEqual } from 'node:util';
import { describe, expect } from '@jest/globals';
import type * as M from '../../generated/models.js';
import { annotationsJson } from '../../src/cli/annotationsJson.js';
import {
  annotationValues,
  fromWireAnnotations,
  isWireAnnotations,
  mergeAnnotations,
  toWireAnnotations,
  type AnnotationsInput,
  type AnnotationValue,
} from '../../src/entities/annotationValues.js';
import {
  convertOldAnnotations,
  isSubmissionStatusAnnotations,
} from '../../src/entities/oldAnnotations.js';
import { SynapseError } from '../../src/errors.js';
import { formatDouble } from '../../src/values/doubles.js';
import {
  isAccidentalDate,
  numberOf,
  outcomeOf,
  readVectors,
  tagOf,
  testEach,
} from './readVectors.js';

interface Input {
  fn: string;
  args: unknown[];
}

const isList = Array.isArray as (value: unknown) => value is unknown[];
const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !isList(value) && tagOf(value) === undefined;
const isFloat = (value: unknown): boolean =>
  tagOf(value)?.$float !== undefined || (typeof value === 'number' && !Number.isInteger(value));

/** A value of Python as this client would be given it; dates without an offset are in UTC. */
function valueOf(value: unknown): unknown {
  const tag = tagOf(value);
  if (tag === undefined) return isList(value) ? value.map(valueOf) : value;
  const date = tag.$datetime ?? tag.$date;
  if (date === undefined) return numberOf(tag);
  return new Date(/(Z|[+-]\d\d:\d\d)$/.test(date) ? date : `${date}${tag.$date ? '' : 'Z'}`);
}

/** A dictionary of Python as input for annotations; doubles without a fraction need their type spelled. */
function inputOf(dict: unknown): AnnotationsInput {
  const entries = Object.entries(dict as Record<string, unknown>).map(([key, value]) => {
    const list = isList(value) ? value : [value];
    const isNumeric = list.every((each) => kindOf(each) === 'number');
    const typed = isNumeric &&
      list.some(isFloat) && { type: 'DOUBLE', value: list.map((each) => Number(valueOf(each))) };
    return [key, typed || valueOf(value)];
  });
  return Object.fromEntries(entries) as AnnotationsInput;
}

const options = { parseDates: true, timeZone: 'UTC' };

const functions: Record<string, (arg: never, next: never) => unknown> = {
  to_annotations2: (dict: unknown) => toWireAnnotations(inputOf(dict), options),
  from_annotations2: (body: M.Annotations) => fromWireAnnotations(body),
  oop_from_dict: (body: M.Annotations | null) => fromWireAnnotations(body ?? undefined),
  convert_old_annotation_json: convertOldAnnotations,
  is_synapse_annotations: isWireAnnotations,
  is_submission_status_annotations: isSubmissionStatusAnnotations,
  check_annotations_changed: (body: M.Annotations, next: unknown) =>
    mergeAnnotations(body.annotations ?? {}, inputOf(next), { ...options, replace: true }) !==
    undefined,
  to_list: (value: unknown) => annotationValues(valueOf(value) as AnnotationValue, options),
  get_annotations_json: annotationsJson,
};

/** Recorded values as this client has them. */
function expectedOf(value: unknown): unknown {
  if (isList(value)) return value.map(expectedOf);
  if (!isPlain(value)) return valueOf(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expectedOf(item)]));
}

const kindOf = (value: unknown): string => {
  if (valueOf(value) instanceof Date) return 'date';
  return numberOf(tagOf(value) ?? {}) === undefined ? typeof value : 'number';
};

/** A departure from the Python client in writing: which lists, and what is written instead. */
interface WriteDeparture {
  reason: string;
  applies: (list: unknown[], isScalar: boolean) => boolean;
  /** An error where it is absent. */
  value?: (list: unknown[]) => M.AnnotationsValue;
}

const writeDepartures: WriteDeparture[] = [
  {
    reason:
      'null, objects and lists in lists are no values of an annotation; Python stores "None" and the like',
    applies: (list) => list.some((v) => v === null || isPlain(v) || isList(v)),
  },
  {
    reason: 'numbers with and without a fraction in one list are numbers, not texts',
    applies: (list) =>
      list.every((v) => kindOf(v) === 'number') && !list.every(isFloat) && list.some(isFloat),
    value: (list) => ({
      type: 'DOUBLE',
      value: list.map((v) => formatDouble(Number(valueOf(v)))),
    }),
  },
  {
    reason: 'a date with a time and one without are both dates, in any order',
    applies: (list) =>
      list.every((v) => kindOf(v) === 'date') &&
      tagOf(list[0])?.$datetime !== undefined &&
      list.some((v) => tagOf(v)?.$date),
    value: (list) => ({
      type: 'TIMESTAMP_MS',
      value: list.map((v) => String((valueOf(v) as Date).getTime())),
    }),
  },
  {
    reason: 'values of several types in one list are refused; Python stores their texts',
    applies: (list) => new Set(list.map(kindOf)).size > 1,
  },
  {
    reason: 'digits alone, and times with something left over, are no dates',
    applies: ([value], isScalar) =>
      isScalar && typeof value === 'string' && isAccidentalDate(value),
    value: (list) => ({ type: 'STRING', value: list.map(String) }),
  },
];

/** What is written for annotations; `undefined` for an error. */
function expectedWire(
  dict: Record<string, unknown>,
  recorded: Record<string, M.AnnotationsValue> | undefined,
): Record<string, M.AnnotationsValue> | undefined {
  const wire: Record<string, M.AnnotationsValue> = {};
  for (const [key, input] of Object.entries(dict)) {
    // Departure: null takes the key away.
    if (input === null) continue;
    const list = isList(input) ? input : [input];
    const departure = writeDepartures.find(({ applies }) => applies(list, !isList(input)));
    const value = departure ? departure.value?.(list) : recorded?.[key];
    if (value === undefined) return undefined;
    wire[key] = value;
  }
  return wire;
}

const knownTypes = /^(STRING|LONG|DOUBLE|BOOLEAN|TIMESTAMP_MS)$/;

/** Whether there is a type that is newer than this client, which the Python client refuses. */
const hasNewType = (body: M.Annotations): boolean =>
  Object.values(body.annotations ?? {}).some(
    ({ type, value }) => Array.isArray(value) && !knownTypes.test(type ?? ''),
  );

/**
 * Departures in reading: a boolean that is not true is false, the empty one too; whole milliseconds are exact
 * at any date; a type that is newer than this client is read as its texts.
 */
function expectedValues(body: M.Annotations, recorded: Record<string, unknown> | undefined) {
  if (hasNull(body)) return undefined;
  const values: Record<string, unknown> = {};
  for (const [key, { type, value }] of Object.entries(body.annotations ?? {})) {
    if (!Array.isArray(value)) return undefined;
    const isKnown = knownTypes.test(type ?? '');
    if (type === 'BOOLEAN') {
      values[key] = value.map((text) => text.toLowerCase() === 'true');
    } else if (!isKnown || type === 'STRING') values[key] = value.map(String);
    else if (type === 'TIMESTAMP_MS' && value.every((text) => /^\s*[+-]?\d+\s*$/.test(text))) {
      values[key] = value.map(dateOf);
    } else if (!recorded || !(key in recorded)) return undefined;
    else values[key] = expectedOf(recorded[key]);
  }
  return values;
}

/** Departure: `null` and the like are no values of any type. The Python client returns them for some types. */
function hasNull(body: M.Annotations): boolean {
  const lists: unknown[] = Object.values(body.annotations ?? {}).map(({ value }) => value);
  return lists.some((list) => isList(list) && list.some((text) => typeof text === 'object'));
}

/** Departure: a time that no date has is a number of milliseconds. */
function dateOf(text: string): Date | number | bigint {
  const ms = Number(text);
  if (ms > -6.2e13 && ms < 2.5e14) return new Date(ms);
  return Number.isSafeInteger(ms) ? ms : BigInt(text);
}

/** Departure: what would be read back as something else is printed with its type. */
function needsType(body: M.Annotations): boolean {
  const lists = (type: string): string[][] =>
    Object.values(body.annotations ?? {})
      .filter((annotation) => annotation.type === type && isList(annotation.value))
      .map(({ value }) => value);
  const texts = (type: string): string[] => lists(type).flat();
  return (
    lists('STRING').some(
      (list) =>
        list.every((text) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/.test(text)) &&
        list.length > 0,
    ) ||
    texts('DOUBLE').some((text) => /e[+-]?\d{3}/i.test(text)) ||
    texts('TIMESTAMP_MS').some((text) => Number(text) > 2.5e14 || Number(text) < -6.2e13)
  );
}

/** Whether values that are written are those that were there; the type of numbers is kept. */
function isSame(body: M.Annotations, next: Record<string, unknown>): boolean {
  let old: unknown;
  try {
    old = fromWireAnnotations(body);
  } catch {
    // What cannot be read is written over.
    return false;
  }
  const keys = Object.keys(next).filter((key) => next[key] !== null);
  const isRetyped = keys.some((key) => {
    const list = isList(next[key]) ? next[key] : [next[key]];
    return list.some(isFloat) && body.annotations?.[key]?.type !== 'DOUBLE';
  });
  const lists = keys.map((key) => {
    const value = next[key];
    const list = annotationValues(valueOf(value) as AnnotationValue, options);
    const isDates = list.every((each) => each instanceof Date);
    return [key, isDates ? list : list.map((each) => numeric(each))];
  });
  return (
    !isRetyped &&
    keys.length === Object.keys(body.annotations ?? {}).length &&
    isDeepStrictEqual(Object.fromEntries(lists), old)
  );
}

const numeric = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);

/** Whether values change; an error where a value cannot be that of an annotation. */
function expectedChange([body, next]: unknown[], recorded: unknown): unknown {
  const values = Object.values(next as Record<string, unknown>).filter((value) => value !== null);
  const lists = values.map((value) => (isList(value) ? value : [value]));
  const isRefused = (list: unknown[]): boolean =>
    list.some((v) => v === null || isPlain(v) || isList(v)) || new Set(list.map(kindOf)).size > 1;
  if (lists.some((list) => list.length === 0 || isRefused(list))) return undefined;
  return isSame(body as M.Annotations, next as Record<string, unknown>) ? false : recorded;
}

type Recorded = Record<string, never> | undefined;

/** What this client does with the input of a case; `undefined` for an error. */
function expectedFor({ fn, args }: Input, recorded: unknown): unknown {
  const [arg] = args;
  switch (fn) {
    case 'check_annotations_changed':
      return expectedChange(args, recorded);
    case 'to_annotations2':
      return expectedWire(arg as Record<string, unknown>, recorded as Recorded);
    case 'from_annotations2':
    case 'oop_from_dict':
      // Departures: no annotations are an empty object; only the form of the API is read.
      if (arg === null) return {};
      return isWireAnnotations(arg) ? expectedValues(arg, recorded as Recorded) : undefined;
    case 'to_list':
      // Departures: an object is not a list of its keys; what Python reads as a date by accident is a text.
      if (isPlain(arg)) return [arg];
      return typeof arg === 'string' && isAccidentalDate(arg) ? [arg] : expectedOf(recorded);
    case 'get_annotations_json':
      return hasNull(arg as M.Annotations)
        ? undefined
        : expectedJson(recorded as string | undefined, arg as M.Annotations);
    default:
      return expectedOf(recorded);
  }
}

/** Departures: characters outside of ASCII are written as they are; the empty boolean is false. */
function expectedJson(recorded: string | undefined, body: M.Annotations): string | undefined {
  const hasBoolean = Object.values(body.annotations ?? {}).some(({ type }) => type === 'BOOLEAN');
  const text = hasBoolean ? recorded?.replaceAll('""', 'false') : recorded;
  return text?.replace(/\\u([0-9a-f]{4})/g, (whole, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code < 0x7f ? whole : String.fromCharCode(code);
  });
}

const isReading = (fn: string): boolean =>
  ['from_annotations2', 'oop_from_dict', 'get_annotations_json'].includes(fn);

describe('annotations', () => {
  testEach(readVectors<Input>('annotations'), async ({ input, expected }) => {
    const [arg, next] = input.args as never[];
    const body = input.args[0] as M.Annotations;
    const run = functions[input.fn];
    if (run === undefined) throw new Error(`unknown function ${input.fn}`);
    const got = await outcomeOf(() => run(arg as never, next as never));
    const value = expectedFor(input, expected.value);
    if (expected.error && isReading(input.fn) && isWireAnnotations(arg) && hasNewType(arg)) {
      // There is nothing to compare with; what else is malformed is an error here, too.
      if (got.error) expect(got.error).toEqual(expect.any(SynapseError));
    } else if (input.fn === 'get_annotations_json' && !hasNull(body) && needsType(body)) {
      expect(got.value).toContain('{"type":');
    } else if (value === undefined) expect(got.error).toEqual(expect.any(SynapseError));
    else expect(got).toEqual({ value });
  });
});
