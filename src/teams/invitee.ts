import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { findPrincipals } from '../users/findPrincipal.js';
import { isPrincipalId, type UserRef } from '../users/userIdOf.js';

/** Whom to invite: a user (id, user name, or an object with the id), or an email address. */
export type Invitee = UserRef;

/** An invitee as the service knows it. */
export type InviteeKey =
  { userId: string; email?: undefined } | { userId?: undefined; email: string };

/** Whether a text is an email address. User names contain no `@`, but can be written with one in front. */
export function isEmailAddress(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text);
}

/**
 * Looks up users by their names, with one request for 100 of them.
 *
 * @returns The invitees by their texts. A name that nobody has is not among them.
 */
export async function inviteeKeys(
  ctx: Context,
  texts: readonly string[],
  options: CallOptions,
): Promise<Map<string, InviteeKey>> {
  const names = texts.filter((text) => !isPrincipalId(text) && !isEmailAddress(text));
  const named = await findPrincipals(ctx, names, options, 'user');
  const keys = texts.flatMap((text): [string, InviteeKey][] => {
    if (isEmailAddress(text)) return [[text, { email: text }]];
    const userId = isPrincipalId(text) ? text : named.get(text)?.ownerId;
    return userId === undefined ? [] : [[text, { userId }]];
  });
  return new Map(keys);
}

/** Whether an invitation is to an invitee. Case does not matter in an email address. */
export function isTo(
  { inviteeId, inviteeEmail }: Pick<M.MembershipInvitation, 'inviteeEmail' | 'inviteeId'>,
  { userId, email }: InviteeKey,
): boolean {
  return userId === undefined
    ? inviteeEmail?.toLowerCase() === email.toLowerCase()
    : inviteeId === userId;
}
