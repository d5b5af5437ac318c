import type { AnnotationsInput } from '../entities/annotationValues.js';
import { ArgumentError } from '../errors.js';
import { parseDouble } from '../values/doubles.js';
import { quoted } from '../values/quoted.js';
import { submissionValues } from './submissionAnnotations.js';

/** One annotation of a submission's status. */
export interface StatusAnnotation<Value> {
  key: string;
  value: Value;
  /** Whether only those see it who may read private annotations of the evaluation. */
  isPrivate?: boolean;
}

/**
 * The annotations of a submission's status, in the form of the API.
 *
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/annotation/Annotations.html
 */
export interface SubmissionStatusAnnotations {
  objectId?: string;
  scopeId?: string;
  stringAnnos?: StatusAnnotation<string>[];
  /** Whole numbers, and dates as milliseconds since 1970. */
  longAnnos?: StatusAnnotation<bigint | number>[];
  /** `'NaN'` and infinities are texts, because JSON does not have them. */
  doubleAnnos?: StatusAnnotation<number | string>[];
}

export const annotationLists = ['stringAnnos', 'longAnnos', 'doubleAnnos'] as const;
const members: readonly string[] = ['objectId', 'scopeId', ...annotationLists];

/** Whether a value has only members of the API's form of status annotations. */
export function isSubmissionStatusAnnotations(
  value: unknown,
): value is SubmissionStatusAnnotations {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.keys(value).every((key) => members.includes(key));
}

/**
 * Converts values to the annotations of a submission's status: one value a key. Booleans become the texts `true` and `false`, dates
 * milliseconds. `null` and `undefined` are left out. What is in the form of the API already is kept.
 *
 * @param options - `isPrivate`: for all annotations. @default true
 * @throws {@link ArgumentError} for a list of several values, for objects, and for numbers that the type cannot hold.
 */
export function submissionStatusAnnotations(
  annotations: AnnotationsInput | SubmissionStatusAnnotations,
  { isPrivate = true }: { isPrivate?: boolean } = {},
): SubmissionStatusAnnotations {
  if (isSubmissionStatusAnnotations(annotations)) return annotations;
  const entries = Object.entries(annotations);
  const given: Record<string, unknown> = Object.fromEntries(
    entries.filter(([key]) => members.includes(key)),
  );
  const result = checkGiven(given);
  const plain = Object.fromEntries(entries.filter(([key]) => !members.includes(key)));
  for (const [key, { type, value }] of Object.entries(submissionValues(plain))) {
    const [text, ...more] = value;
    if (text === undefined || more.length > 0) {
      throw new ArgumentError(
        `The annotation ${quoted(key)} of a submission's status has ${value.length} values: it must have one. Submission annotations can have lists.`,
      );
    }
    if (type === 'LONG') (result.longAnnos ??= []).push({ key, value: long(text), isPrivate });
    else if (type === 'DOUBLE') {
      (result.doubleAnnos ??= []).push({ key, value: double(text), isPrivate });
    } else (result.stringAnnos ??= []).push({ key, value: text, isPrivate });
  }
  return result;
}

/** Copies what is in the form of the API. */
function checkGiven(given: Record<string, unknown>): SubmissionStatusAnnotations {
  const copy = Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const isList = key.endsWith('Annos');
      if (isList !== Array.isArray(value)) {
        throw new ArgumentError(
          `${key} of a submission's status is a name of the API: expected ${isList ? 'a list of annotations' : 'an id'}.`,
        );
      }
      return [key, Array.isArray(value) ? [...(value as unknown[])] : value];
    }),
  );
  return copy;
}

function long(text: string): bigint | number {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

function double(text: string): number | string {
  const value = parseDouble(text) ?? Number.NaN;
  return Number.isFinite(value) ? value : String(value);
}

/**
 * Converts the annotations of a submission's status to values by key. Other members are kept.
 *
 * @throws {@link ArgumentError} for a double that is not a number, and for a key that two annotations have.
 */
export function fromSubmissionStatusAnnotations(
  annotations: Readonly<Record<string, unknown>> | SubmissionStatusAnnotations,
): Record<string, unknown> {
  const values = new Map<string, unknown>();
  const add = (key: string, value: unknown): void => {
    if (values.has(key)) {
      throw new ArgumentError(
        `Two annotations of the submission's status have the key ${quoted(key)}.`,
      );
    }
    values.set(key, value);
  };
  for (const [name, content] of Object.entries(annotations)) {
    if (!isListName(name)) add(name, content);
    else {
      for (const { key, value } of content as StatusAnnotation<unknown>[]) {
        add(key, name === 'doubleAnnos' ? readDouble(key, value) : value);
      }
    }
  }
  return Object.fromEntries(values);
}

function isListName(name: string): boolean {
  return annotationLists.some((list) => list === name);
}

function readDouble(key: string, value: unknown): number {
  const number = parseDouble(String(value).trim());
  if (number !== undefined) return number;
  throw new ArgumentError(
    `The annotation ${quoted(key)} of the submission's status is not a number: ${quoted(value)}.`,
  );
}
