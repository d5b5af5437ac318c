import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { PreconditionFailedError } from '../errors.js';
import { changedSince } from '../evaluations/changedSince.js';
import { explainRefusal } from '../evaluations/explainRefusal.js';
import type { SubmissionStatusInput } from '../evaluations/submissionStatusRequest.js';
import { isApplied, statusBody, statusUpdate } from './statusUpdate.js';
import { submissionStatusOf, type SubmissionStatus } from './submissionStatus.js';

/** Implements {@link Submissions.updateStatus}. */
export async function updateStatus(
  ctx: Context,
  status: SubmissionStatusInput,
  options: CallOptions = {},
): Promise<SubmissionStatus> {
  const update = statusUpdate(status);
  const { evaluation } = ctx.services;
  const args = { subId: update.id, body: statusBody(update) };
  const put = () => evaluation.updateEvaluationSubmissionStatus(args, options);
  try {
    return submissionStatusOf(await explainRefusal(ctx, put, options));
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
    // A request that is sent again after a lost answer meets the etag that it has made itself.
    const now = await evaluation.getEvaluationSubmissionStatus({ subId: update.id }, options);
    if (isApplied(now, update)) return submissionStatusOf(now);
    throw changedSince(`The status of submission ${update.id}`, 'syn.submissions.status', error);
  }
}
