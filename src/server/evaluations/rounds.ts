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
import { submissionsOf } from './submissionRecords.js';

/** Maximum number of rounds that a quota is converted to. */
const maxQuotaRounds = 1000;
/** The end of a round without an end. */
const farFuture = '9999-12-31T23:59:59.999Z';

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
  const checked = checkRound(world, evaluation, body, roundId);
  if (checked.roundStart !== current.roundStart && hasSubmissions(world, current)) {
    throw badRequest(
      "Can not update an EvaluationRound's start date after it has already started and Submissions have been made",
    );
  }
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
 * @throws 400 when there are rounds, or the quota is not valid
 */
export function addQuotaRounds(
  world: World,
  evaluation: EvaluationRecord,
  quota: M.SubmissionQuota | undefined,
): void {
  if (quota === undefined) {
    return;
  }
  if (roundsOf(world, evaluation.id).length > 0) {
    throw badRequest(
      'A SubmissionQuota, which is deprecated, must not be defined for an Evaluation that has EvaluationRounds.',
    );
  }
  const { firstRoundStart, numberOfRounds = 1, roundDurationMillis, submissionLimit } = quota;
  if (numberOfRounds < 1 || numberOfRounds > maxQuotaRounds) {
    throw badRequest(`The numberOfRounds must be between 1 and ${maxQuotaRounds}.`);
  }
  if (roundDurationMillis === undefined && numberOfRounds > 1) {
    throw badRequest('The roundDurationMillis is required for more than one round.');
  }
  const start = Date.parse(parseDate('firstRoundStart', firstRoundStart ?? world.timestamp()));
  const limits = checkLimits(
    submissionLimit === undefined
      ? []
      : [{ limitType: 'TOTAL', maximumSubmissions: submissionLimit }],
  );
  for (let index = 0; index < numberOfRounds; index += 1) {
    const length = roundDurationMillis ?? 0;
    const roundEnd = length === 0 ? farFuture : isoDate(start + (index + 1) * length);
    const roundStart = isoDate(start + index * length);
    checkOrder(roundStart, roundEnd);
    putRound(world, evaluation, { roundStart, roundEnd, limits });
  }
}

type RoundContent = Pick<RoundRecord, 'limits' | 'roundEnd' | 'roundStart'>;

function putRound(
  world: World,
  evaluation: EvaluationRecord,
  content: RoundContent,
  id = String(world.store.sequence('evaluationRounds')()),
): RoundRecord {
  const round = { id, etag: world.uuid(), evaluationId: evaluation.id, ...content };
  evaluationTables(world).rounds.put(id, round);
  return round;
}

function checkRound(
  world: World,
  evaluation: EvaluationRecord,
  body: M.EvaluationRound,
  ownId?: string,
): RoundContent {
  if (body.evaluationId !== evaluation.id) {
    throw badRequest('The evaluation ID of the path does not match that of the round.');
  }
  const roundStart = parseDate('roundStart', body.roundStart);
  const roundEnd = parseDate('roundEnd', body.roundEnd);
  checkOrder(roundStart, roundEnd);
  if (roundEnd <= world.timestamp()) {
    throw badRequest('Can not create or update an EvaluationRound with an end date in the past.');
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

function checkOrder(roundStart: string, roundEnd: string): void {
  if (roundEnd <= roundStart) {
    throw badRequest('EvaluationRound can not end before it starts.');
  }
}

function checkLimits(limits: readonly M.EvaluationRoundLimit[]): M.EvaluationRoundLimit[] {
  const types = new Set<string>();
  return limits.map(({ limitType, maximumSubmissions }) => {
    if (types.has(limitType)) {
      throw badRequest(`You may only have 1 limit of type: ${limitType}`);
    }
    types.add(limitType);
    if (!Number.isInteger(maximumSubmissions) || maximumSubmissions < 1) {
      throw badRequest('maximumSubmissions must be a positive integer');
    }
    return { limitType, maximumSubmissions };
  });
}

function parseDate(name: string, text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw badRequest(`The ${name} is not a date: ${text.slice(0, 100)}`);
  }
  return isoDate(time);
}

function isoDate(time: number): string {
  const date = new Date(time);
  // Later years have five digits, which do not compare as text and are not valid dates elsewhere.
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 || date.getUTCFullYear() < 0) {
    throw badRequest('A date of the round is out of range.');
  }
  return date.toISOString();
}

function hasSubmissions(world: World, round: RoundRecord): boolean {
  return submissionsOf(world, round.evaluationId).some(
    ({ evaluationRoundId }) => evaluationRoundId === round.id,
  );
}
