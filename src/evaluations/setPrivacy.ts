import { ArgumentError } from '../errors.js';
import { quoted } from '../values/quoted.js';
import {
  annotationLists,
  type SubmissionStatusAnnotations,
} from './submissionStatusAnnotations.js';

/**
 * Sets who sees the annotations of a submission's status that have a key: with `isPrivate`, only those who may read private
 * annotations of the evaluation.
 *
 * @returns A copy.
 * @throws {@link ArgumentError} when no annotation has the key.
 */
export function setPrivacy(
  annotations: SubmissionStatusAnnotations,
  key: string,
  isPrivate = true,
): SubmissionStatusAnnotations {
  const isThere = annotationLists.some((list) =>
    annotations[list]?.some((annotation) => annotation.key === key),
  );
  if (!isThere) {
    throw new ArgumentError(
      `The submission's status has no annotation with the key ${quoted(key)}.`,
    );
  }
  const change = <T extends { key: string }>(annotation: T): T =>
    annotation.key === key ? { ...annotation, isPrivate } : annotation;
  const { stringAnnos, longAnnos, doubleAnnos } = annotations;
  return {
    ...annotations,
    ...(stringAnnos && { stringAnnos: stringAnnos.map(change) }),
    ...(longAnnos && { longAnnos: longAnnos.map(change) }),
    ...(doubleAnnos && { doubleAnnos: doubleAnnos.map(change) }),
  };
}
