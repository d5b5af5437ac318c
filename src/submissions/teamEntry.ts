import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import {
  ArgumentError,
  type AuthorizationError,
  SynapseError,
  SynapseHttpError,
} from '../errors.js';
import { userIdOf, userText, type UserRef } from '../users/userIdOf.js';
import { UserNames } from '../users/userNames.js';
import { quoted } from '../values/quoted.js';
import type { FoundTeam } from './resolveTeam.js';

/** A member of a team who may not contribute to a submission now. */
export interface LeftOutMember {
  userId: string;
  /** Why, as a clause: `has submitted alone or for another team`. */
  reason: string;
}

/** What a submission of a team needs. */
export interface TeamEntry {
  /** Ids of users. */
  contributors: string[];
  leftOut: LeftOutMember[];
  /** The state of the team that the service compares. */
  hash: string;
}

/**
 * Asks whether a team may submit now, and who of it may contribute.
 *
 * @param options.contributors - Ids or names of those who have contributed. @default all who may
 * @throws {@link SynapseError} (`NOT_ELIGIBLE`) when the team, or one of the contributors, may not submit. The message says why.
 * @throws {@link ArgumentError} when a contributor is not a member of the team.
 * @see https://rest-docs.synapse.org/rest/GET/evaluation/evalId/team/id/submissionEligibility.html
 */
export async function teamEntry(
  ctx: Context,
  evalId: string,
  team: FoundTeam,
  { contributors, ...call }: CallOptions & { contributors?: readonly UserRef[] },
): Promise<TeamEntry> {
  const label =
    team.name === undefined ? `The team ${team.id}` : `The team ${quoted(team.name)} (${team.id})`;
  const eligibility = await eligibilityOf(ctx, { evalId, id: team.id }, label, call);
  const { teamEligibility = {}, membersEligibility = [], eligibilityStateHash } = eligibility;
  const refusal = teamRefusal(teamEligibility, evalId);
  if (refusal !== undefined) throw notEligible(`${label} ${refusal}`);
  const members = new Map(membersEligibility.map((member) => [idOfMember(member), member]));
  const chosen =
    contributors === undefined
      ? undefined
      : await chosenMembers(ctx, contributors, { label, members }, call);
  const leftOut = [...members].flatMap(([userId, member]) => {
    const reason = memberRefusal(member);
    return reason === undefined ? [] : [{ userId, reason }];
  });
  const refused = leftOut.filter(({ userId }) => chosen?.includes(userId) ?? false);
  const able = [...members.keys()].filter((id) => !leftOut.some(({ userId }) => userId === id));
  if (refused.length > 0 || able.length === 0) {
    const named = await describe(ctx, refused.length > 0 ? refused : leftOut, call);
    const what =
      refused.length > 0 ? 'may not submit with these members' : 'has no member who may contribute';
    throw notEligible(`${label} ${what} to evaluation ${evalId} now: ${named}.`);
  }
  return {
    contributors: chosen ?? able,
    leftOut: chosen === undefined ? leftOut : [],
    hash: String(eligibilityStateHash),
  };
}

/** Who of a team may submit. Synapse refuses the question while no round is open. */
async function eligibilityOf(
  ctx: Context,
  args: { evalId: string; id: string },
  label: string,
  call: CallOptions,
): Promise<M.TeamSubmissionEligibility> {
  try {
    return await ctx.services.evaluation.getTeamSubmissionEligibility(args, call);
  } catch (error) {
    const isOutside =
      error instanceof SynapseHttpError &&
      error.status === 400 &&
      error.reason.includes('outside the time range');
    throw isOutside ? notEligible(`${label} ${noOpenRound(args.evalId)}`, error) : error;
  }
}

function noOpenRound(evalId: string): string {
  return `may not submit to evaluation ${evalId} now: see when its rounds begin and end (syn.evaluations.rounds).`;
}

function idOfMember({ principalId }: M.MemberSubmissionEligibility): string {
  return String(principalId);
}

/** Why a team may not submit, as a clause. */
function teamRefusal(
  { isEligible, isRegistered, isQuotaFilled }: M.SubmissionEligibility,
  evalId: string,
): string | undefined {
  if (isEligible === true) return undefined;
  if (isRegistered === false) {
    return `is not registered for the challenge of evaluation ${evalId}: a manager of the team who takes part in the challenge registers it (syn.challenges.registerTeam).`;
  }
  if (isQuotaFilled === true) {
    return `has made all submissions that evaluation ${evalId} allows now: see the limits of its rounds (syn.evaluations.rounds).`;
  }
  return noOpenRound(evalId);
}

/** Why a member may not contribute, as a clause. */
function memberRefusal(member: M.MemberSubmissionEligibility): string | undefined {
  if (member.hasConflictingSubmission === true) return 'has submitted alone or for another team';
  if (member.isEligible === true) return undefined;
  if (member.isRegistered === false) return 'is not registered for the challenge';
  if (member.isQuotaFilled === true) return 'has contributed to as many submissions as are allowed';
  return 'is not eligible';
}

/** The ids of the contributors that the caller names. */
async function chosenMembers(
  ctx: Context,
  contributors: readonly UserRef[],
  { label, members }: { label: string; members: ReadonlyMap<string, unknown> },
  options: CallOptions,
): Promise<string[]> {
  if (contributors.length === 0) throw new ArgumentError('The list of contributors is empty.');
  const ids = await Promise.all(contributors.map((user) => userIdOf(ctx, user, options)));
  const strangers = contributors.flatMap((user, i) =>
    members.has(ids[i] ?? '') ? [] : [userText(user)],
  );
  if (strangers.length === 0) return [...new Set(ids)];
  throw new ArgumentError(
    `${label} has no member ${strangers.map(quoted).join(', ')}: only members can be contributors.`,
  );
}

/** The error of a submission that names members by id, with their names and why they may not contribute. */
export async function refusedContributors(
  ctx: Context,
  { leftOut }: TeamEntry,
  error: AuthorizationError,
  options: CallOptions,
): Promise<SynapseError> {
  const ids = new Set(error.reason.match(/\d{1,19}/g));
  const refused = leftOut.filter(({ userId }) => ids.has(userId));
  if (refused.length === 0) return error;
  const named = await describe(ctx, refused, options);
  return notEligible(
    `Nothing was submitted: ${named}. Another member of the team can submit.`,
    error,
  );
}

/** `alice (123) is not registered for the challenge, bob (124) ...` */
async function describe(
  ctx: Context,
  members: readonly LeftOutMember[],
  options: CallOptions,
): Promise<string> {
  if (members.length === 0) return 'it has no members';
  const names = await new UserNames(ctx).of(
    members.map(({ userId }) => userId),
    options,
  );
  return members
    .map(({ userId, reason }) => {
      const name = names.get(userId) ?? userId;
      return name === userId ? `user ${userId} ${reason}` : `${name} (${userId}) ${reason}`;
    })
    .join(', ');
}

function notEligible(message: string, cause?: unknown): SynapseError {
  return new SynapseError(message, { code: 'NOT_ELIGIBLE', cause });
}
