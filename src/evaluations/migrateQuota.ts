import type { CallOptions } from '../../generated/services.js';
import { isLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import { SynapseHttpError } from '../errors.js';
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
  await explainRefusal(ctx, () => convertOnce(migrate), options);
}

/** Asks again after a lost answer. A quota that the first request converted is gone. */
async function convertOnce(migrate: () => Promise<unknown>): Promise<void> {
  try {
    await migrate();
  } catch (error) {
    if (!isLostAnswer(error)) throw error;
    await migrate().catch((second: unknown) => {
      if (!hasNoQuota(second)) throw second;
    });
  }
}

function hasNoQuota(error: unknown): boolean {
  return (
    error instanceof SynapseHttpError &&
    error.status === 400 &&
    error.reason.includes('does not have a SubmissionQuota')
  );
}
