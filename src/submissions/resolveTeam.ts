import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { getTeam } from '../teams/getTeam.js';
import { teamIdOf, type TeamRef } from '../teams/teamIdOf.js';
import { findPrincipal } from '../users/findPrincipal.js';
import { isPrincipalId } from '../users/userIdOf.js';

/** A team that has been found. */
export interface FoundTeam {
  id: string;
  /** Absent when it was not asked for. */
  name?: string;
}

/**
 * Finds a team.
 *
 * @param options.needsName - Whether the name of a team that is given by its id is read.
 * @throws {@link ArgumentError} when no team has the name. The message lists similar names.
 * @throws {@link NotFoundError} when no team has the id.
 */
export async function resolveTeam(
  ctx: Context,
  team: TeamRef,
  { needsName, ...call }: CallOptions & { needsName: boolean },
): Promise<FoundTeam> {
  if (typeof team === 'string' && !isPrincipalId(team.trim())) {
    const { ownerId, userName } = await findPrincipal(ctx, team, call, 'team');
    return { id: ownerId, name: userName };
  }
  const id = await teamIdOf(ctx, team, call);
  const isNamed = typeof team === 'object' && 'name' in team && typeof team.name === 'string';
  if (isNamed) return { id, name: String(team.name) };
  return needsName ? { id, name: (await getTeam(ctx, id, call)).name } : { id };
}
