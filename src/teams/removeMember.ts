import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { AuthorizationError, SynapseHttpError } from '../errors.js';
import { userIdOf, type UserRef } from '../users/userIdOf.js';
import { explainRefusal } from './explainTeamError.js';
import { lastManager, managersIn } from './teamAdmins.js';
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
  const { id } = membership;
  const service = ctx.services.team;
  await refuseLastManager(ctx, membership, options);
  try {
    await service.removeTeamMember(membership, options);
  } catch (error) {
    if (!(error instanceof SynapseHttpError)) throw error;
    const what = 'remove members from the team';
    const needs = 'TEAM_MEMBERSHIP_UPDATE';
    const isLast = /last member/i.test(error.reason);
    throw isLast ? error : await explainRefusal(ctx, { id, what, needs }, options, error);
  }
}

/** The service also refuses this, but not for administrators of Synapse. */
async function refuseLastManager(
  { services }: Context,
  { id, principalId }: { id: string; principalId: string },
  options: CallOptions,
): Promise<void> {
  try {
    const managers = managersIn(await services.team.getTeamAcl({ id }, options));
    if (managers.length === 1 && managers[0] === Number(principalId)) {
      throw lastManager(id, principalId);
    }
  } catch (error) {
    // Who may not see who manages the team is no manager.
    if (!(error instanceof AuthorizationError)) throw error;
  }
}
