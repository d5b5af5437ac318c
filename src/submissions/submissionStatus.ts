import type * as M from '../../generated/models.js';
import type { Annotations } from '../entities/annotationValues.js';
import { fromSubmissionAnnotations } from '../evaluations/submissionAnnotations.js';
import type { SubmissionStatusAnnotations } from '../evaluations/submissionStatusAnnotations.js';

/** What the organizers of an evaluation have recorded about a submission. */
export interface SubmissionStatus extends Omit<
  M.SubmissionStatus,
  'annotations' | 'submissionAnnotations'
> {
  /** The id of the submission. */
  id: string;
  etag: string;
  status: M.SubmissionStatusEnum;
  /** Grows with each change. */
  statusVersion: number;
  /** Annotations of the status, which are private unless they say otherwise, in the form of the API. */
  annotations?: SubmissionStatusAnnotations;
  /** Annotations that a submission view shows as columns: each key has a list of values of one type. */
  submissionAnnotations: Annotations;
}

/** A status that the service returned. */
export function submissionStatusOf(answer: M.SubmissionStatus): SubmissionStatus {
  const submissionAnnotations = fromSubmissionAnnotations(answer.submissionAnnotations);
  // The answer has been checked for the members that are required.
  return { ...answer, submissionAnnotations } as SubmissionStatus;
}
