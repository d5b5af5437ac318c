import type * as M from '../../generated/models.js';
import { toWireAnnotations, type AnnotationsInput } from '../entities/annotationValues.js';

/** Submissions have no types for booleans and dates: booleans are texts, and dates milliseconds since 1970. */
const typesOfSubmissions: Readonly<Record<M.AnnotationsValueType, M.AnnotationsValueType>> = {
  STRING: 'STRING',
  BOOLEAN: 'STRING',
  LONG: 'LONG',
  DOUBLE: 'DOUBLE',
  TIMESTAMP_MS: 'LONG',
};

/** Annotations as submissions have them: the values as texts, and their type. */
export function submissionValues(
  annotations: AnnotationsInput,
): Record<string, Required<M.AnnotationsValue>> {
  const wire = Object.entries(toWireAnnotations(annotations));
  return Object.fromEntries(
    wire.map(([key, { type, value }]) => [key, { type: typesOfSubmissions[type], value }]),
  );
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
