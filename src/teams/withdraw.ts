import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { idOf } from '../values/ids.js';
import { quoted } from '../values/quoted.js';

/** An invitation or a request: its id, or the object. */
export type OpenMembershipRef = string | { id?: string | undefined };

/** Implements {@link Teams.withdrawInvitation}. */
export async function withdrawInvitation(
  { services }: Context,
  invitation: OpenMembershipRef,
  options: CallOptions = {},
): Promise<void> {
  const id = openId(invitation, 'invitation');
  await services.membershipInvitation.deleteMembershipInvitation({ id }, options);
}

/** Implements {@link Teams.withdrawRequest} and {@link Teams.declineRequest}. */
export async function withdrawRequest(
  { services }: Context,
  request: OpenMembershipRef,
  options: CallOptions = {},
): Promise<void> {
  const id = openId(request, 'request');
  await services.membershipRequest.deleteMembershipRequest({ id }, options);
}

/** The id of an invitation or a request. */
export function openId(value: OpenMembershipRef, what: 'invitation' | 'request'): string {
  const id = idOf(value);
  if (/^\d+$/.test(id)) return id;
  throw new ArgumentError(
    `${quoted(id)} is not the id of a membership ${what}, which is a number.`,
  );
}
