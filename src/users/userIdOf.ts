import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError, NoCredentialsError } from '../errors.js';
import { quoted } from '../values/quoted.js';
import { findPrincipal } from './findPrincipal.js';

/**
 * A user: an id, a user name, or an object with the id, such as a profile (`ownerId`). Digits are an id. Case and punctuation of a
 * name do not matter.
 */
export type UserRef =
  string | number | { ownerId?: string | undefined } | { userId?: string | undefined };

/**
 * Finds the id of a user.
 *
 * @param user - Absent for the user who is logged in.
 * @throws {@link ArgumentError} when no user has the name, or the value is not a user.
 * @throws {@link NoCredentialsError} when nobody is logged in.
 */
export async function userIdOf(
  ctx: Context,
  user: UserRef | undefined,
  options: CallOptions,
): Promise<string> {
  if (user === undefined) return ownId(ctx);
  const text = userText(user);
  if (isPrincipalId(text)) return text;
  return (await findPrincipal(ctx, text, options, 'user')).ownerId;
}

/** The id or the name in a reference to a user. */
export function userText(user: UserRef): string {
  const text = idIn(user);
  if (typeof text === 'number' && Number.isSafeInteger(text) && text >= 0) return String(text);
  if (typeof text === 'string' && text.trim() !== '') return text.trim();
  throw new ArgumentError(`${quoted(user)} is not a user: pass an id or a user name.`);
}

function idIn(user: unknown): unknown {
  if (typeof user !== 'object' || user === null) return user;
  const { ownerId, userId } = user as { ownerId?: unknown; userId?: unknown };
  return ownerId ?? userId;
}

/** Whether a text is the id of a user or a team. */
export function isPrincipalId(text: string): boolean {
  return /^\d{1,18}$/.test(text);
}

function ownId(ctx: Context): string {
  const id = ctx.userId();
  if (id === undefined) throw new NoCredentialsError();
  return id;
}
