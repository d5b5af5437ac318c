import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { evaluationIdOf, type EvaluationRef } from './evaluationRef.js';

/** Implements {@link Evaluations.permissions}. */
export async function evaluationPermissions(
  ctx: Context,
  evaluation: EvaluationRef,
  options: CallOptions = {},
): Promise<M.UserEvaluationPermissions> {
  const evalId = await evaluationIdOf(ctx, evaluation, options);
  return ctx.services.evaluation.getEvaluationPermissions({ evalId }, options);
}
