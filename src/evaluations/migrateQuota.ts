import type { CallOptions } from '../../generated/services.js';
import { againAfterLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import { evaluationIdOf, type EvaluationRef } from './evaluationRef.js';
import { explainRefusal } from './explainRefusal.js';

/** Implements {@link Evaluations.migrateQuota}. */
export async function migrateQuota(
  ctx: Context,
  evaluation: EvaluationRef,
  options: CallOptions = {},
): Promise<void> {
  const evalId = await evaluationIdOf(ctx, evaluation, options);
  const migrate = () => ctx.services.evaluation.migrateEvaluationQuota({ evalId }, options);
  // A quota that is converted is gone: the second request finds none.
  await explainRefusal(ctx, () => againAfterLostAnswer(migrate), options);
}
