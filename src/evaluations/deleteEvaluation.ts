import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { evaluationIdOf, type EvaluationRef } from './evaluationRef.js';
import { explainRefusal } from './explainRefusal.js';

/** Implements {@link Evaluations.delete}. */
export async function deleteEvaluation(
  ctx: Context,
  evaluation: EvaluationRef,
  options: CallOptions = {},
): Promise<void> {
  const evalId = await evaluationIdOf(ctx, evaluation, options);
  const remove = () => ctx.services.evaluation.deleteEvaluation({ evalId }, options);
  await explainRefusal(ctx, remove, options);
}
