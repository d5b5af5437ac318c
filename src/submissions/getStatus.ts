import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { explainRefusal } from '../evaluations/explainRefusal.js';
import { submissionIdOf } from '../values/ids.js';
import type { SubmissionRef } from './submission.js';
import { submissionStatusOf, type SubmissionStatus } from './submissionStatus.js';

/** Implements {@link Submissions.status}. */
export async function getStatus(
  ctx: Context,
  submission: SubmissionRef,
  options: CallOptions = {},
): Promise<SubmissionStatus> {
  const subId = submissionIdOf(submission);
  const read = () => ctx.services.evaluation.getEvaluationSubmissionStatus({ subId }, options);
  return submissionStatusOf(await explainRefusal(ctx, read, options));
}
