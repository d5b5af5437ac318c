import type * as M from '../../generated/models.js';
import { canonicalText } from '../entities/annotationText.js';
import {
  fromWireAnnotations,
  toWireAnnotations,
  type Annotations,
  type AnnotationsInput,
} from '../entities/annotationValues.js';

/** Submissions have no types for booleans and dates: booleans are texts, and dates milliseconds since 1970. */
const typesOfSubmissions: Readonly<Record<M.AnnotationsValueType, M.AnnotationsValueType>> = {
  STRING: 'STRING',
  BOOLEAN: 'STRING',
  LONG: 'LONG',
  DOUBLE: 'DOUBLE',
  TIMESTAMP_MS: 'LONG',
};

/** The form of the API of the lists that were read. */
const wireOfLists = new WeakMap<object, M.AnnotationsValue>();

/** Annotations as submissions have them: the values as texts, and their type. */
export function submissionValues(
  annotations: AnnotationsInput,
): Record<string, Required<M.AnnotationsValue>> {
  const given = new Map(Object.entries(annotations));
  return Object.fromEntries(
    Object.entries(toWireAnnotations(annotations)).map(([key, { type, value }]) => {
      const input = given.get(key);
      const read = typeof input === 'object' && input !== null ? wireOfLists.get(input) : undefined;
      if (read?.type !== type) return [key, { type: typesOfSubmissions[type], value }];
      // Other clients can have stored booleans and dates, and other spellings of numbers.
      const isSame = sameTexts(type, value, read.value);
      return [key, { type, value: isSame ? read.value : value }];
    }),
  );
}

function sameTexts(
  type: M.AnnotationsValueType,
  one: readonly unknown[],
  other: readonly unknown[],
): boolean {
  const texts = (list: readonly unknown[]) => list.map((text) => canonicalText(type, String(text)));
  return JSON.stringify(texts(one)) === JSON.stringify(texts(other));
}

/** The annotations of a submission as values. A list that is written again as it was read keeps its type and its texts. */
export function fromSubmissionAnnotations(wire: M.Annotations | undefined): Annotations {
  const values = wire?.annotations ?? {};
  const read = fromWireAnnotations({ id: '', etag: '', annotations: values });
  const byKey = new Map(Object.entries(values));
  for (const [key, list] of Object.entries(read)) {
    const value = byKey.get(key);
    if (value !== undefined) wireOfLists.set(list, value);
  }
  return read;
}

/**
 * Converts values to the annotations of a submission (`submissionAnnotations` of its status), which a submission view shows.
 *
 * @param submission - The id of the submission, and the etag of its status.
 * @throws {@link ArgumentError} for an empty list, and for values of several types.
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/annotation/v2/Annotations.html
 */
export function submissionAnnotations(
  submission: { id: number | string; etag: string },
  annotations: AnnotationsInput,
): Required<M.Annotations> {
  return {
    id: String(submission.id),
    etag: submission.etag,
    annotations: submissionValues(annotations),
  };
}
