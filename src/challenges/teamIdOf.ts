import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { findPrincipal } from '../users/findPrincipal.js';
import { idOf } from '../values/ids.js';

/** A team: its id, its name, or an object that has an id. A text of digits is an id. */
export type ChallengeTeamRef = string | number | { id?: string | undefined };

/** The id of a team. @throws {@link ArgumentError} when no team has the name. */
export async function teamIdOf(
  ctx: Context,
  team: ChallengeTeamRef,
  options: CallOptions,
): Promise<string> {
  const text = idOf(team).trim();
  if (typeof team !== 'string' || /^\d+$/.test(text)) return text;
  const { ownerId, userName, isIndividual } = await findPrincipal(ctx, text, options);
  if (!isIndividual) return ownerId;
  throw new ArgumentError(`${userName} (${ownerId}) is a user, not a team.`);
}
