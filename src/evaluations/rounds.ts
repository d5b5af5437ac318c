import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { createOrFind } from '../api/createOrFind.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { PreconditionFailedError } from '../errors.js';
import { idOf } from '../values/ids.js';
import { changedSince } from './changedSince.js';
import { evaluationIdOf, type EvaluationRef } from './evaluationRef.js';
import { explained, explainRefusal } from './explainRefusal.js';
import { roundContent, type RoundInput } from './roundContent.js';

/** A period in which an evaluation takes submissions, with limits for each submitter. */
export interface EvaluationRound extends M.EvaluationRound {
  id: string;
  etag: string;
}

const roundOf = (answer: M.EvaluationRound): EvaluationRound => answer as EvaluationRound;

/** Implements {@link Evaluations.rounds}. */
export function listRounds(
  ctx: Context,
  evaluation: EvaluationRef,
  options: CallOptions = {},
): Listing<EvaluationRound> {
  return listing(async function* () {
    const evalId = await evaluationIdOf(ctx, evaluation, options);
    try {
      const args = { evalId, body: {} };
      const rounds = ctx.http.paginate('evaluation.listEvaluationRounds', args, options);
      for await (const round of rounds) yield roundOf(round);
    } catch (error) {
      throw await explained(ctx, error, options);
    }
  });
}

/** Implements {@link Evaluations.createRound}. After a lost answer, the round is looked up by its times, as rounds never overlap. */
export async function createRound(
  ctx: Context,
  evaluation: EvaluationRef,
  round: RoundInput,
  options: CallOptions = {},
): Promise<EvaluationRound> {
  const content = roundContent(round);
  const evalId = await evaluationIdOf(ctx, evaluation, options);
  const body: M.EvaluationRound = { evaluationId: evalId, ...content };
  const create = () => ctx.services.evaluation.createEvaluationRound({ evalId, body }, options);
  return createOrFind({
    create: async () => roundOf(await explainRefusal(ctx, create, options)),
    find: async () => {
      for await (const known of listRounds(ctx, evalId, options)) {
        if (isSame(known, body)) return known;
      }
      return undefined;
    },
    signal: options.signal,
  });
}

/** Implements {@link Evaluations.updateRound}. */
export async function updateRound(
  ctx: Context,
  round: EvaluationRound,
  changes: Partial<RoundInput>,
  options: CallOptions = {},
): Promise<EvaluationRound> {
  const body: M.EvaluationRound = { ...round, ...roundContent({ ...round, ...changes }) };
  const { evaluationId: evalId, id: roundId } = round;
  const { evaluation } = ctx.services;
  const update = () => evaluation.updateEvaluationRound({ evalId, roundId, body }, options);
  try {
    return roundOf(await explainRefusal(ctx, update, options));
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
    // A request that is sent again after a lost answer meets the etag that it has made itself.
    const now = await evaluation.getEvaluationRound({ evalId, roundId }, options);
    if (isSame(now, body)) return roundOf(now);
    throw changedSince(`The round ${roundId}`, 'syn.evaluations.rounds', error);
  }
}

/** Implements {@link Evaluations.deleteRound}. */
export async function deleteRound(
  ctx: Context,
  evaluation: EvaluationRef,
  round: string | number | { id?: string | undefined },
  options: CallOptions = {},
): Promise<void> {
  const evalId = await evaluationIdOf(ctx, evaluation, options);
  const remove = () =>
    ctx.services.evaluation.deleteEvaluationRound({ evalId, roundId: idOf(round) }, options);
  await explainRefusal(ctx, remove, options);
}

function isSame(one: M.EvaluationRound, other: M.EvaluationRound): boolean {
  const limits = ({ limits = [] }: M.EvaluationRound): string =>
    limits
      .map(({ limitType, maximumSubmissions }) => `${limitType} ${maximumSubmissions}`)
      .sort()
      .join();
  return (
    Date.parse(one.roundStart) === Date.parse(other.roundStart) &&
    Date.parse(one.roundEnd) === Date.parse(other.roundEnd) &&
    limits(one) === limits(other)
  );
}
