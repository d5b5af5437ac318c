import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { explainRefusal } from '../evaluations/explainRefusal.js';
import { submissionIdOf } from '../values/ids.js';
import type { SubmissionRef } from './submission.js';

/** Implements {@link Submissions.delete}. */
export async function deleteSubmission(
  ctx: Context,
  submission: SubmissionRef,
  options: CallOptions = {},
): Promise<void> {
  const subId = submissionIdOf(submission);
  const remove = () => ctx.services.evaluation.deleteEvaluationSubmission({ subId }, options);
  await explainRefusal(ctx, remove, options);
}
