import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { PreconditionFailedError } from '../errors.js';
import { checkEvaluationName } from './checkEvaluationName.js';
import { changedSince } from './changedSince.js';
import type { EvaluationContent } from './createEvaluation.js';
import { evaluationOf, type Evaluation } from './evaluation.js';
import { explainRefusal } from './explainRefusal.js';
import { getEvaluation } from './getEvaluation.js';
import type { EvaluationRef } from './evaluationRef.js';

/** Changes of an evaluation. Other members keep their values. */
export type EvaluationChanges = Partial<EvaluationContent>;

/** Times that the changes are applied to what another user has stored in the meantime. */
const maximumMerges = 3;

/** Implements {@link Evaluations.update}. */
export async function updateEvaluation(
  ctx: Context,
  evaluation: EvaluationRef | Evaluation,
  changes: EvaluationChanges,
  options: CallOptions = {},
): Promise<Evaluation> {
  if (changes.name !== undefined) checkEvaluationName(changes.name);
  if (isRead(evaluation)) return put(ctx, { ...evaluation, ...changes }, options);
  for (let merges = 0; ; merges += 1) {
    const current = await getEvaluation(ctx, evaluation, options);
    try {
      return await put(ctx, { ...current, ...changes }, options);
    } catch (error) {
      if (!(error instanceof PreconditionFailedError) || merges === maximumMerges) throw error;
    }
  }
}

/** Whether it is an object that the service returned. Its own changes are stored, too. */
function isRead(evaluation: EvaluationRef | Evaluation): evaluation is Evaluation {
  return typeof evaluation === 'object' && 'etag' in evaluation && 'id' in evaluation;
}

async function put(ctx: Context, body: Evaluation, options: CallOptions): Promise<Evaluation> {
  const { id: evalId } = body;
  const { evaluation } = ctx.services;
  const update = () => evaluation.updateEvaluation({ evalId, body }, options);
  try {
    return evaluationOf(await explainRefusal(ctx, update, options));
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
    // A request that is sent again after a lost answer meets the etag that it has made itself.
    const now = await evaluation.getEvaluation({ evalId }, options);
    if (contents.every((key) => now[key] === body[key])) return evaluationOf(now);
    throw changedSince(`The evaluation ${evalId}`, 'syn.evaluations.get', error);
  }
}

const contents = [
  'name',
  'description',
  'contentSource',
  'submissionInstructionsMessage',
  'submissionReceiptMessage',
] as const satisfies readonly (keyof M.Evaluation)[];
