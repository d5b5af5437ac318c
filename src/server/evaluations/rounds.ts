import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, notFound, staleEtag } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { requireEvaluationAccess } from './evaluationAccess.js';
import {
  evaluationTables,
  roundsOf,
  type EvaluationRecord,
  type RoundRecord,
} from './evaluationRecords.js';
import { quotaPeriods, type Period } from './quotas.js';
import { parseDate } from './roundDates.js';
import { submissionsOf } from './submissionRecords.js';

/**
 * Adds a round to an evaluation.
 *
 * @throws 404, 403 without UPDATE, 400 when it overlaps another, is over, or its limits are wrong
 * @see https://rest-docs.synapse.org/rest/POST/evaluation/evalId/round.html
 */
export function createRound(
  world: World,
  caller: Caller,
  evaluationId: string,
  body: M.EvaluationRound,
): RoundRecord {
  const evaluation = requireEvaluationAccess(world, caller, evaluationId, 'UPDATE');
  requireNoQuota(evaluation);
  const now = world.now().getTime();
  const { roundStart, roundEnd } = checkDates(evaluation, body);
  // A second is allowed for the way of the request.
  if (Date.parse(roundStart) < now - 1000) {
    throw badRequest('Can not create an EvaluationRound with a start date in the past.');
  }
  if (Date.parse(roundEnd) < now) {
    throw badRequest('Can not create an EvaluationRound with an end date in the past.');
  }
  return putRound(world, evaluation, checkRound(world, evaluation, body));
}

/**
 * Changes a round.
 *
 * @throws 404, 403 without UPDATE, 412 for a stale etag, 400 when it overlaps another, is over, has
 * submissions and would start at another time, or its limits are wrong
 * @see https://rest-docs.synapse.org/rest/PUT/evaluation/evalId/round/roundId.html
 */
export function updateRound(
  world: World,
  caller: Caller,
  { evaluationId, roundId }: { readonly evaluationId: string; readonly roundId: string },
  body: M.EvaluationRound,
): RoundRecord {
  const evaluation = requireEvaluationAccess(world, caller, evaluationId, 'UPDATE');
  requireNoQuota(evaluation);
  const current = getRound(world, evaluation, roundId);
  if (body.id !== undefined && body.id !== roundId) {
    throw badRequest('The round ID of the path does not match that of the body.');
  }
  if (body.etag === undefined) {
    throw badRequest('The etag of the evaluation round is required.');
  }
  if (body.etag !== current.etag) {
    throw staleEtag(`evaluation round ${roundId}`);
  }
  const now = world.timestamp();
  const { roundStart, roundEnd } = checkDates(evaluation, body);
  if (roundStart !== current.roundStart && roundStart < now && hasSubmissions(world, current)) {
    throw badRequest(
      "Cannot update an EvaluationRound's start date after it has already started and Submissions have been made.",
    );
  }
  if (roundEnd !== current.roundEnd && roundEnd < now) {
    throw badRequest("Can not update an EvaluationRound's end date to a time in the past.");
  }
  const checked = checkRound(world, evaluation, body, roundId);
  return putRound(world, evaluation, checked, roundId);
}

/**
 * Deletes a round.
 *
 * @throws 404, 403 without UPDATE, 400 when it has submissions
 * @see https://rest-docs.synapse.org/rest/DELETE/evaluation/evalId/round/roundId.html
 */
export function deleteRound(
  world: World,
  caller: Caller,
  evaluationId: string,
  roundId: string,
): void {
  const evaluation = requireEvaluationAccess(world, caller, evaluationId, 'UPDATE');
  const round = getRound(world, evaluation, roundId);
  if (hasSubmissions(world, round)) {
    throw badRequest(
      'Can not delete an EvaluationRound after it has already started and Submissions have been made',
    );
  }
  evaluationTables(world).rounds.delete(roundId);
}

/** @throws 404 */
export function getRound(world: World, evaluation: EvaluationRecord, roundId: string): RoundRecord {
  const round = evaluationTables(world).rounds.get(roundId);
  if (round?.evaluationId !== evaluation.id) {
    throw notFound(`EvaluationRound ${roundId} of Evaluation ${evaluation.id} does not exist`);
  }
  return round;
}

/**
 * Converts the quota of an evaluation, which is older than rounds, into rounds.
 *
 * @throws 404, 403 without UPDATE, 400 without a quota
 * @see https://rest-docs.synapse.org/rest/POST/evaluation/evalId/migratequota.html
 */
export function migrateQuota(world: World, caller: Caller, evaluationId: string): void {
  const evaluation = requireEvaluationAccess(world, caller, evaluationId, 'UPDATE');
  const { quota } = evaluation;
  if (quota === undefined) {
    throw badRequest('The evaluation does not have a SubmissionQuota to convert');
  }
  for (const period of quotaPeriods(quota)) {
    putRound(world, evaluation, period);
  }
  evaluationTables(world).evaluations.put(evaluation.id, {
    ...evaluation,
    quota: undefined,
    etag: world.uuid(),
  });
}

function putRound(
  world: World,
  evaluation: EvaluationRecord,
  content: Period,
  id = String(world.store.sequence('evaluationRounds')()),
): RoundRecord {
  const round = { id, etag: world.uuid(), evaluationId: evaluation.id, ...content };
  evaluationTables(world).rounds.put(id, round);
  return round;
}

/** @throws 400 for an evaluation with a quota */
function requireNoQuota({ quota }: EvaluationRecord): void {
  if (quota !== undefined) {
    throw badRequest(
      "A SubmissionQuota, which is deprecated, must not be defined for an Evaluation. You must first remove your Evaluation's SubmissionQuota or convert the SubmissionQuota into EvaluationRounds automatically to via the EvaluationRound migration service",
    );
  }
}

function checkDates(
  evaluation: EvaluationRecord,
  body: M.EvaluationRound,
): Pick<RoundRecord, 'roundEnd' | 'roundStart'> {
  if (body.evaluationId !== evaluation.id) {
    throw badRequest('The evaluation ID of the path does not match that of the round.');
  }
  return {
    roundStart: parseDate('roundStart', body.roundStart),
    roundEnd: parseDate('roundEnd', body.roundEnd),
  };
}

function checkRound(
  world: World,
  evaluation: EvaluationRecord,
  body: M.EvaluationRound,
  ownId?: string,
): Period {
  const { roundStart, roundEnd } = checkDates(evaluation, body);
  if (roundEnd < roundStart) {
    throw badRequest('EvaluationRound can not end before it starts');
  }
  const overlapping = roundsOf(world, evaluation.id).filter(
    (other) => other.id !== ownId && other.roundStart < roundEnd && roundStart < other.roundEnd,
  );
  if (overlapping.length > 0) {
    const ids = overlapping.map(({ id }) => id).join(', ');
    throw badRequest(`This round's date range overlaps with the following round IDs: [${ids}]`);
  }
  return { roundStart, roundEnd, limits: checkLimits(body.limits ?? []) };
}

function checkLimits(limits: readonly M.EvaluationRoundLimit[]): M.EvaluationRoundLimit[] {
  const types = new Set<string>();
  return limits.map(({ limitType, maximumSubmissions }) => {
    if (types.has(limitType)) {
      throw badRequest(`You may only have 1 limit of type: ${limitType}`);
    }
    types.add(limitType);
    if (!Number.isInteger(maximumSubmissions) || maximumSubmissions < 0) {
      throw badRequest('maxSubmissions must be a positive integer');
    }
    return { limitType, maximumSubmissions };
  });
}

function hasSubmissions(world: World, round: RoundRecord): boolean {
  return submissionsOf(world, round.evaluationId).some(
    ({ evaluationRoundId }) => evaluationRoundId === round.id,
  );
}
