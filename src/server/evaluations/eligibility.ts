import { createHash } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import { getTeam } from '../teams/teamRecords.js';
import { membersOf } from '../users/memberships.js';
import type { World } from '../world.js';
import { requireSubmissionAccess } from './evaluationAccess.js';
import { evaluationHooks } from './evaluationHooks.js';
import {
  currentRound,
  getEvaluation,
  periodOf,
  roundsOf,
  type EvaluationRecord,
  type RoundRecord,
} from './evaluationRecords.js';
import type { Period } from './quotas.js';
import { getStatus, submissionsOf, type SubmissionRecord } from './submissionRecords.js';

/** Submissions with these statuses do not count towards a limit. */
const uncounted: ReadonlySet<M.SubmissionStatusEnum> = new Set(['INVALID', 'REJECTED']);

const outsideOfRounds = 'It is currently outside of the time range allowed for submissions.';

/** The current submission rules of an evaluation. */
interface Situation {
  /** Without rounds or a quota there are no limits. */
  readonly hasPeriods: boolean;
  readonly period: Period | undefined;
  /** The submissions that count towards limits: those of the round, or all. */
  readonly counted: readonly SubmissionRecord[];
  readonly now: Date;
}

function situationOf(world: World, evaluation: EvaluationRecord): Situation {
  const now = world.now();
  const { hasPeriods, period } = periodOf(world, evaluation, now);
  const counted = submissionsOf(world, evaluation.id).filter(
    ({ createdOn, id }) =>
      !uncounted.has(getStatus(world, id).status) &&
      (period === undefined || (createdOn >= period.roundStart && createdOn < period.roundEnd)),
  );
  return { hasPeriods, period, counted, now };
}

/** The round that a submission of now belongs to; a quota has none. */
function roundNow(world: World, { id }: EvaluationRecord): RoundRecord | undefined {
  return currentRound(roundsOf(world, id), world.timestamp());
}

/** The first limit of the round that the submissions have reached. */
function reachedLimit(
  { period, counted, now }: Situation,
  isTheirs: (submission: SubmissionRecord) => boolean,
): M.EvaluationRoundLimit | undefined {
  const theirs = counted.filter(isTheirs);
  return period?.limits.find(({ limitType, maximumSubmissions }) => {
    const start = periodStart(limitType, now);
    return theirs.filter(({ createdOn }) => createdOn >= start).length >= maximumSubmissions;
  });
}

/** Start of the current period of a limit: days, weeks (from Monday) and months in UTC. */
function periodStart(limitType: M.EvaluationRoundLimit['limitType'], now: Date): string {
  const start = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
  switch (limitType) {
    case 'TOTAL':
      return '';
    case 'DAILY':
      break;
    case 'WEEKLY':
      start.setUTCDate(start.getUTCDate() - ((start.getUTCDay() + 6) % 7));
      break;
    case 'MONTHLY':
      start.setUTCDate(1);
      break;
  }
  return start.toISOString();
}

function contributed(userId: number): (submission: SubmissionRecord) => boolean {
  return ({ contributors }) => contributors.some(({ principalId }) => principalId === userId);
}

/**
 * Checks that a user may submit individually now.
 *
 * @returns the round that the submission belongs to
 * @throws 403
 */
export function requireIndividualEligible(
  world: World,
  evaluation: EvaluationRecord,
  userId: number,
): RoundRecord | undefined {
  const registration = evaluationHooks(world).registration(evaluation.contentSource);
  if (registration?.isUserRegistered(userId) === false) {
    throw forbidden('Submitter is not registered for the challenge.');
  }
  const situation = situationOf(world, evaluation);
  const { hasPeriods, period } = situation;
  if (hasPeriods && period === undefined) {
    throw forbidden(outsideOfRounds);
  }
  const suffix = hasPeriods ? '. (for the current submission round).' : '.';
  const inTeam = situation.counted.some(
    (submission) => submission.teamId !== undefined && contributed(userId)(submission),
  );
  if (inTeam) {
    throw forbidden(
      `Submitter may not submit as an individual when having submitted as part of a Team${suffix}`,
    );
  }
  const limit = reachedLimit(situation, contributed(userId));
  if (limit !== undefined) {
    throw forbidden(
      `Submitter has reached the ${limit.limitType.toLowerCase()} limit of ${limit.maximumSubmissions}${suffix}`,
    );
  }
  return roundNow(world, evaluation);
}

/** A submission in the name of a team. */
export interface TeamEntry {
  readonly teamId: number;
  readonly contributors: readonly number[];
  /** The state hash from {@link teamEligibility}. */
  readonly eligibilityHash: string;
}

/**
 * Checks that a team may submit now, with these contributors.
 *
 * @returns the round that the submission belongs to
 * @throws 403, 404
 */
export function requireTeamEligible(
  world: World,
  evaluation: EvaluationRecord,
  { teamId, contributors, eligibilityHash }: TeamEntry,
): RoundRecord | undefined {
  const { hasPeriods, period } = situationOf(world, evaluation);
  if (hasPeriods && period === undefined) {
    throw forbidden(outsideOfRounds);
  }
  if (!/^[+-]?\d{1,10}$/.test(eligibilityHash)) {
    throw forbidden('Submission Eligibilty Hash is invalid.');
  }
  const eligibility = computeEligibility(world, evaluation, teamId);
  if (Number(eligibilityHash) !== eligibility.eligibilityStateHash) {
    throw forbidden('Submissions or Team composition have changed.  Please try again.');
  }
  if (eligibility.teamEligibility?.isEligible !== true) {
    throw forbidden(
      'The specified Team is ineligible to submit to the specified Evaluation at this time.',
    );
  }
  const eligible = new Set(
    eligibility.membersEligibility?.flatMap(({ isEligible, principalId }) =>
      isEligible === true ? [principalId] : [],
    ),
  );
  const ineligible = contributors.filter((id) => !eligible.has(id));
  if (ineligible.length > 0) {
    throw forbidden(
      `The following Team members are ineligible to contribute to a Submission in the specified Evaluation at this time [${ineligible.join(', ')}]`,
    );
  }
  return roundNow(world, evaluation);
}

/**
 * Which members of a team may submit for it now.
 *
 * @throws 404, 403 unless the caller is a member who may submit
 * @see https://rest-docs.synapse.org/rest/GET/evaluation/evalId/team/id/submissionEligibility.html
 */
export function teamEligibility(
  world: World,
  caller: Caller,
  evaluationId: string,
  teamId: string,
): M.TeamSubmissionEligibility {
  const evaluation = getEvaluation(world, evaluationId);
  const team = getTeam(world, teamId);
  if (!caller.isAdmin) {
    if (!caller.groups.has(team.id)) {
      throw forbidden('Requester is not a member of the Submission Team.');
    }
    requireSubmissionAccess(world, caller, evaluationId, 'SUBMIT');
  }
  return computeEligibility(world, evaluation, team.id);
}

function computeEligibility(
  world: World,
  evaluation: EvaluationRecord,
  teamId: number,
): M.TeamSubmissionEligibility {
  getTeam(world, teamId);
  const situation = situationOf(world, evaluation);
  if (situation.hasPeriods && situation.period === undefined) {
    throw badRequest('The given date is outside the time range allowed for submissions.');
  }
  const registration = evaluationHooks(world).registration(evaluation.contentSource);
  // Without a challenge there is no registration, and the answer omits it.
  const isRegistered = registration?.isTeamRegistered(teamId);
  const isQuotaFilled =
    reachedLimit(situation, (submission) => submission.teamId === teamId) !== undefined;
  const membersEligibility = membersOf(world, teamId)
    .map(({ userId }) => userId)
    .sort((a, b) => a - b)
    .map((userId) => memberEligibility(situation, teamId, userId, registration?.isUserRegistered));
  const parts = {
    teamEligibility: {
      isEligible: isRegistered !== false && !isQuotaFilled,
      isRegistered,
      isQuotaFilled,
    },
    membersEligibility,
  };
  return {
    teamId: String(teamId),
    evaluationId: evaluation.id,
    ...parts,
    eligibilityStateHash: createHash('sha256').update(JSON.stringify(parts)).digest().readInt32BE(),
  };
}

function memberEligibility(
  situation: Situation,
  teamId: number,
  userId: number,
  isUserRegistered: ((userId: number) => boolean) | undefined,
): M.MemberSubmissionEligibility {
  const isTheirs = contributed(userId);
  const isRegistered = isUserRegistered?.(userId);
  const isQuotaFilled =
    reachedLimit(
      situation,
      (submission) => submission.teamId === teamId && isTheirs(submission),
    ) !== undefined;
  const hasConflictingSubmission = situation.counted.some(
    (submission) => submission.teamId !== teamId && isTheirs(submission),
  );
  return {
    isEligible: isRegistered !== false && !isQuotaFilled && !hasConflictingSubmission,
    isRegistered,
    isQuotaFilled,
    principalId: userId,
    hasConflictingSubmission,
  };
}
