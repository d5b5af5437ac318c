import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { notFound } from '../users/findPrincipal.js';
import { userText } from '../users/userIdOf.js';
import { inviteeKeys, isTo, type Invitee } from './invitee.js';
import { teamInvitations } from './listInvitations.js';
import type { Invitation } from './openMembership.js';
import { teamIdOf, type TeamRef } from './teamIdOf.js';
import { withdrawInvitation } from './withdraw.js';

/** Implements {@link Teams.uninvite}. */
export async function uninvite(
  ctx: Context,
  team: TeamRef,
  invitee: Invitee,
  options: CallOptions = {},
): Promise<Invitation[]> {
  const text = userText(invitee);
  const id = await teamIdOf(ctx, team, options);
  const key = (await inviteeKeys(ctx, [text], options)).get(text);
  if (key === undefined) throw await notFound(ctx, text, options, 'user');
  const open = await teamInvitations(ctx, id, { user: key.userId, ...options }).toArray();
  const withdrawn = open.filter((invitation) => isTo(invitation, key));
  for (const invitation of withdrawn) await withdrawInvitation(ctx, invitation, options);
  return withdrawn;
}
