import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { evaluationIdOf, type EvaluationRef } from '../evaluations/evaluationRef.js';
import { explainRefusal } from '../evaluations/explainRefusal.js';

/** Implements {@link Submissions.count}. */
export async function countSubmissions(
  ctx: Context,
  evaluation: EvaluationRef,
  options: CallOptions = {},
): Promise<number> {
  const evalId = await evaluationIdOf(ctx, evaluation, options);
  const count = () => ctx.services.evaluation.getEvaluationSubmissionCount({ evalId }, options);
  return explainRefusal(ctx, count, options);
}
