import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { userIdOf, type UserRef } from '../users/userIdOf.js';
import { teamIdOf, type TeamRef } from './teamIdOf.js';

/** Implements {@link Teams.membershipStatus}. */
export async function membershipStatus(
  ctx: Context,
  team: TeamRef,
  user: UserRef | undefined,
  options: CallOptions = {},
): Promise<M.TeamMembershipStatus> {
  const id = await teamIdOf(ctx, team, options);
  const principalId = await userIdOf(ctx, user, options);
  return ctx.services.team.getTeamMembershipStatus({ id, principalId }, options);
}

/** Implements {@link Teams.isMember}. */
export async function isMember(
  ctx: Context,
  team: TeamRef,
  user: UserRef | undefined,
  options: CallOptions = {},
): Promise<boolean> {
  return (await membershipStatus(ctx, team, user, options)).isMember === true;
}
