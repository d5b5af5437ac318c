import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { submissionIdOf } from '../values/ids.js';
import type { SubmissionRef } from './submission.js';

/** Implements {@link Submissions.cancel}. */
export async function cancelSubmission(
  ctx: Context,
  submission: SubmissionRef,
  options: CallOptions = {},
): Promise<void> {
  const subId = submissionIdOf(submission);
  await ctx.services.evaluation.cancelEvaluationSubmission({ subId }, options);
}
