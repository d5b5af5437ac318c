import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { evaluationOf, type Evaluation } from './evaluation.js';
import { evaluationByName } from './evaluationByName.js';
import { evaluationIdOf, nameOfEvaluation, type EvaluationRef } from './evaluationRef.js';
import { explainRefusal } from './explainRefusal.js';

/** Implements {@link Evaluations.get}. */
export async function getEvaluation(
  ctx: Context,
  evaluation: EvaluationRef,
  options: CallOptions = {},
): Promise<Evaluation> {
  const name = nameOfEvaluation(evaluation);
  if (name !== undefined) return evaluationByName(ctx, name, options);
  const evalId = await evaluationIdOf(ctx, evaluation, options);
  const read = () => ctx.services.evaluation.getEvaluation({ evalId }, options);
  return evaluationOf(await explainRefusal(ctx, read, options));
}
