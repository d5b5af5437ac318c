import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { findPrincipal, nameKey } from '../users/findPrincipal.js';

/** The principal id of the public: all users, including anonymous ones. The word `'PUBLIC'` means the same. */
export const PUBLIC = 273949;
/** The principal id of all users who are logged in. The word `'AUTHENTICATED_USERS'` means the same. */
export const AUTHENTICATED_USERS = 273948;

// Synapse reserves these names, so no user and no team can have them.
const groups: ReadonlyMap<string, number> = new Map([
  ['public', PUBLIC],
  ['authenticatedusers', AUTHENTICATED_USERS],
]);

/**
 * A user, a team, or a group of users.
 *
 * - `'PUBLIC'`: everybody, with or without an account; `'AUTHENTICATED_USERS'`: everybody who is logged in
 * - the name of a user or a team; case and punctuation do not matter
 * - the id of a user or a team
 * - an object with the id, such as a user profile (`ownerId`) or a team (`id`)
 */
export type Principal =
  | 'PUBLIC'
  | 'AUTHENTICATED_USERS'
  | (string & {})
  | number
  | { id?: string | undefined }
  | { ownerId?: string | undefined };

/**
 * Reads a principal: the id, or the name to look it up by.
 *
 * @throws {@link ArgumentError} when the value names none.
 */
export function readPrincipal(principal: Principal): number | string {
  const value = idIn(principal);
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  if (/^\d+$/.test(text)) return Number(text);
  if (typeof value !== 'string' || text === '') {
    throw new ArgumentError(
      `${JSON.stringify(principal)} is not a user or team: pass a name, an id, 'PUBLIC' or 'AUTHENTICATED_USERS'.`,
    );
  }
  return groups.get(nameKey(text)) ?? text;
}

/**
 * Finds the id of a principal.
 *
 * @throws {@link ArgumentError} when no user and no team has the name, or when the value names none.
 */
export async function principalId(
  ctx: Context,
  principal: Principal,
  options: CallOptions,
): Promise<number> {
  const value = readPrincipal(principal);
  if (typeof value === 'number') return value;
  return Number((await findPrincipal(ctx, value, options)).ownerId);
}

/** Whether a principal is the public, as far as it can be told without a request. */
export function isPublic(principal: Principal): boolean {
  const value = idIn(principal);
  const text = String(value).trim();
  return text === String(PUBLIC) || groups.get(nameKey(text)) === PUBLIC;
}

function idIn(principal: unknown): unknown {
  if (typeof principal !== 'object' || principal === null) return principal;
  const { id, ownerId } = principal as { id?: unknown; ownerId?: unknown };
  return id ?? ownerId;
}
