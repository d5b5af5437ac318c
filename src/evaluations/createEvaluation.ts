import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { createNamed } from '../api/createOrFind.js';
import { isSince } from '../api/isSince.js';
import type { Context } from '../context.js';
import { NotFoundError } from '../errors.js';
import { checkEvaluationName } from './checkEvaluationName.js';
import { containerOf, type EntityRef } from '../values/ids.js';
import { evaluationOf, type Evaluation } from './evaluation.js';
import { ownUserId } from '../users/ownUserId.js';

/** What a caller sets of an evaluation. */
export interface EvaluationContent {
  /** Unique in all of Synapse. */
  name: string;
  description?: string;
  /** What submitters are told to submit. */
  submissionInstructionsMessage?: string;
  /** What submitters are told after a submission. */
  submissionReceiptMessage?: string;
}

/** A new evaluation. */
export interface NewEvaluation extends EvaluationContent {
  /** The project that it belongs to. */
  project: EntityRef;
}

/** Implements {@link Evaluations.create}. After a lost answer, the evaluation is looked up by its name, which is unique. */
export async function createEvaluation(
  ctx: Context,
  { project, ...content }: NewEvaluation,
  options: CallOptions = {},
): Promise<Evaluation> {
  checkEvaluationName(content.name);
  const body: M.Evaluation = { ...content, contentSource: containerOf(project) };
  const begun = ctx.storage.clock.epoch();
  return createNamed({
    create: async () =>
      evaluationOf(await ctx.services.evaluation.createEvaluation({ body }, options)),
    find: () => findCreated(ctx, body, begun, options),
    signal: options.signal,
  });
}

/** The evaluation that a request created whose answer was lost: of that content, by this user, since the request. */
async function findCreated(
  ctx: Context,
  body: M.Evaluation,
  begun: number,
  options: CallOptions,
): Promise<Evaluation | undefined> {
  const { evaluation } = ctx.services;
  try {
    const [found, me] = await Promise.all([
      evaluation.getEvaluationByName({ name: body.name?.trim() ?? '' }, options),
      ownUserId(ctx, options),
    ]);
    const isMine =
      found.ownerId === me &&
      found.contentSource === body.contentSource &&
      isSince(found.createdOn, begun);
    return isMine ? evaluationOf(found) : undefined;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
