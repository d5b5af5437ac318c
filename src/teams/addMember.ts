import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { AuthorizationError } from '../errors.js';
import { userIdOf, type UserRef } from '../users/userIdOf.js';
import { explainRefusal } from './explainTeamError.js';
import { asRequest, type MembershipRequest } from './openMembership.js';
import { teamIdOf, type TeamRef } from './teamIdOf.js';
import { openId } from './withdraw.js';
import { withMessage } from '../api/withMessage.js';

/** Implements {@link Teams.join}. */
export async function joinTeam(
  ctx: Context,
  team: TeamRef,
  options: CallOptions = {},
): Promise<void> {
  const id = await teamIdOf(ctx, team, options);
  const principalId = await userIdOf(ctx, undefined, options);
  try {
    await ctx.services.team.addTeamMember({ id, principalId }, options);
  } catch (error) {
    if (!(error instanceof AuthorizationError)) throw error;
    throw await whyNotJoined(ctx, { id, principalId }, options, error);
  }
}

/** Implements {@link Teams.addMember}. */
export async function addMember(
  ctx: Context,
  team: TeamRef,
  user: UserRef,
  options: CallOptions = {},
): Promise<void> {
  const id = await teamIdOf(ctx, team, options);
  const principalId = await userIdOf(ctx, user, options);
  try {
    await ctx.services.team.addTeamMember({ id, principalId }, options);
  } catch (error) {
    if (!(error instanceof AuthorizationError)) throw error;
    throw await whyNotAdded(ctx, { id, principalId }, options, error);
  }
}

/** Implements {@link Teams.acceptRequest}. */
export async function acceptRequest(
  ctx: Context,
  request: string | MembershipRequest,
  options: CallOptions = {},
): Promise<void> {
  const { teamId, userId } =
    typeof request === 'string' ? await readRequest(ctx, request, options) : request;
  await addMember(ctx, teamId, userId, options);
}

async function readRequest(
  { services }: Context,
  request: string,
  options: CallOptions,
): Promise<MembershipRequest> {
  const id = openId(request, 'request');
  return asRequest(await services.membershipRequest.getMembershipRequest({ id }, options));
}

interface Membership {
  id: string;
  principalId: string;
}

async function whyNotJoined(
  ctx: Context,
  membership: Membership,
  options: CallOptions,
  error: AuthorizationError,
): Promise<AuthorizationError> {
  const { id } = membership;
  const status = await ctx.services.team.getTeamMembershipStatus(membership, options);
  if (status.hasUnmetAccessRequirement === true) return unmet('You', id, ctx.portal, error);
  if (status.hasOpenInvitation === true || status.membershipApprovalRequired !== true) return error;
  const next =
    status.hasOpenRequest === true
      ? 'You have asked to join: wait for the answer of a manager.'
      : 'Ask to join: syn.teams.request(), or `synapse team join --request`.';
  return withMessage(
    error,
    `You cannot join the team ${id} yourself, because you are not invited and it is not open for everybody. ${next}`,
  );
}

async function whyNotAdded(
  ctx: Context,
  membership: Membership,
  options: CallOptions,
  error: AuthorizationError,
): Promise<unknown> {
  const { id, principalId } = membership;
  const status = await ctx.services.team.getTeamMembershipStatus(membership, options);
  const user = `User ${principalId}`;
  if (status.hasUnmetAccessRequirement === true) return unmet(user, id, ctx.portal, error);
  if (status.hasOpenRequest === true) {
    const what = 'add members to the team';
    return explainRefusal(ctx, { id, what, needs: 'TEAM_MEMBERSHIP_UPDATE' }, options, error);
  }
  return withMessage(
    error,
    `${user} cannot be added to the team ${id}, because the user has not asked to join it: invite the user with syn.teams.invite().`,
  );
}

function unmet(
  who: string,
  id: string,
  portal: string,
  error: AuthorizationError,
): AuthorizationError {
  return withMessage(
    error,
    `${who} cannot join the team ${id} before its access requirements are met: see ${portal}AccessRequirements:ID=${id}&TYPE=TEAM`,
  );
}
