import type * as M from '../../generated/models.js';
import { submissionStatusOf, type SubmissionStatus } from './submissionStatus.js';

/** A version of an entity that was submitted to an evaluation. */
export interface Submission extends M.Submission {
  id: string;
  evaluationId: string;
  entityId: string;
}

/** A submission with its status. */
export interface SubmissionBundle {
  submission: Submission;
  status: SubmissionStatus;
}

/** A submission: its id, or an object that has one. */
export type SubmissionRef = string | number | { id?: string | undefined };

/** A submission that the service returned. */
export function submissionOf(answer: M.Submission): Submission {
  // The answer has been checked for these.
  return answer as Submission;
}

/** A bundle that the service returned. */
export function bundleOf({ submission, submissionStatus }: M.SubmissionBundle): SubmissionBundle {
  return {
    submission: submissionOf(submission ?? {}),
    status: submissionStatusOf(submissionStatus ?? {}),
  };
}
