import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { asTeam, type Team } from './team.js';
import { teamIdOf, type TeamRef } from './teamIdOf.js';

/** Implements {@link Teams.get}. */
export async function getTeam(
  ctx: Context,
  team: TeamRef,
  options: CallOptions = {},
): Promise<Team> {
  const id = await teamIdOf(ctx, team, options);
  return asTeam(await ctx.services.team.getTeam({ id }, options));
}
