import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { asManager } from './explainTeamError.js';
import { teamIdOf, type TeamRef } from './teamIdOf.js';

/** Implements {@link Teams.delete}. */
export async function deleteTeam(
  ctx: Context,
  team: TeamRef,
  options: CallOptions = {},
): Promise<void> {
  const id = await teamIdOf(ctx, team, options);
  const refused = { id, what: 'delete the team', needs: 'DELETE' } as const;
  await asManager(ctx, refused, options, () => ctx.services.team.deleteTeam({ id }, options));
}
