import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { findPrincipal } from '../users/findPrincipal.js';
import { idOf } from '../values/ids.js';

/** A team: its id, its name, or an object. A text of digits is an id. */
export type TeamRef = string | number | { id?: string | undefined; name?: string | undefined };

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
 * @throws {@link ArgumentError} when no team has the name. The message lists names that begin like it.
 * @throws {@link NotFoundError} when no team has the id.
 */
export async function resolveTeam(
  ctx: Context,
  team: TeamRef,
  { needsName, ...call }: CallOptions & { needsName: boolean },
): Promise<FoundTeam> {
  if (typeof team === 'string' && !/^\d+$/.test(team.trim())) {
    const { ownerId, userName, isIndividual } = await findPrincipal(ctx, team, call);
    if (!isIndividual) return { id: ownerId, name: userName };
    throw new ArgumentError(`${userName} (${ownerId}) is a user, not a team.`);
  }
  const id = idOf(team).trim();
  const known = typeof team === 'object' ? team.name : undefined;
  if (known !== undefined || !needsName) return { id, name: known };
  const { name } = await ctx.services.team.getTeam({ id }, call);
  return { id, name };
}
