import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError, SynapseHttpError } from '../errors.js';
import { userIdOf, type UserRef } from '../users/userIdOf.js';
import { explainRefusal } from './explainTeamError.js';
import { lastManager } from './teamAdmins.js';
import { teamIdOf, type TeamRef } from './teamIdOf.js';

/** Implements {@link Teams.removeMember}. */
export async function removeMember(
  ctx: Context,
  team: TeamRef,
  user: UserRef,
  options: CallOptions = {},
): Promise<void> {
  const id = await teamIdOf(ctx, team, options);
  await remove(ctx, { id, principalId: await userIdOf(ctx, user, options) }, options);
}

/** Implements {@link Teams.leave}. */
export async function leaveTeam(
  ctx: Context,
  team: TeamRef,
  options: CallOptions = {},
): Promise<void> {
  const id = await teamIdOf(ctx, team, options);
  await remove(ctx, { id, principalId: await userIdOf(ctx, undefined, options) }, options);
}

async function remove(
  ctx: Context,
  membership: { id: string; principalId: string },
  options: CallOptions,
): Promise<void> {
  try {
    await ctx.services.team.removeTeamMember(membership, options);
  } catch (error) {
    if (!(error instanceof SynapseHttpError)) throw error;
    const { id, principalId } = membership;
    // The service refuses these, and changes nothing.
    if (/at least one team manager/i.test(error.reason)) throw lastManager(id, principalId);
    if (/last member/i.test(error.reason)) throw lastMember(id, principalId);
    const what = 'remove members from the team';
    throw await explainRefusal(ctx, { id, what, needs: 'TEAM_MEMBERSHIP_UPDATE' }, options, error);
  }
}

function lastMember(id: string, userId: string): ArgumentError {
  return new ArgumentError(
    `User ${userId} is the only member of the team ${id}, and a team needs one: invite somebody else first, or delete the team.`,
  );
}
