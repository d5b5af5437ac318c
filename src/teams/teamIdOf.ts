import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { findPrincipal } from '../users/findPrincipal.js';
import { isPrincipalId } from '../users/userIdOf.js';
import { quoted } from '../values/quoted.js';

/** A team: its id, its full name, or an object with the id. Digits are an id. Case and punctuation of a name do not matter. */
export type TeamRef =
  string | number | { id?: string | undefined } | { teamId?: string | undefined };

/**
 * Finds the id of a team.
 *
 * @throws {@link ArgumentError} when no team has the name, or the value is not a team. The message lists similar names.
 */
export async function teamIdOf(ctx: Context, team: TeamRef, options: CallOptions): Promise<string> {
  const text = teamText(team);
  if (isPrincipalId(text)) return text;
  return (await findPrincipal(ctx, text, options, 'team')).ownerId;
}

function teamText(team: TeamRef): string {
  const value = idIn(team);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value);
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  throw new ArgumentError(`${quoted(team)} is not a team: pass an id or a name.`);
}

function idIn(team: unknown): unknown {
  if (typeof team !== 'object' || team === null) return team;
  // Invitations and requests have an id of their own.
  const { id, teamId } = team as { id?: unknown; teamId?: unknown };
  return teamId ?? id;
}
