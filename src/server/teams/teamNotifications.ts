import { signToken, tokenSuffix } from '../auth/signedTokens.js';
import { escapeHtml } from '../emails/html.js';
import { sendMail } from '../emails/outbox.js';
import { notify } from '../messages/notify.js';
import { getPrincipal } from '../users/principals.js';
import { findUserByEmail } from '../users/users.js';
import type { World } from '../world.js';
import type { InvitationRecord } from './invitations.js';
import type { RequestRecord } from './membershipRequests.js';
import { teamAcl } from './teamAccess.js';
import { getTeam, teamName } from './teamRecords.js';

/** The portal pages in the links of a notification. */
export interface NotificationEndpoints {
  /** Page for the action of the notification. Without it, no notification is sent. */
  readonly act: string | undefined;
  /** Page for unsubscribing. */
  readonly unsubscribe: string | undefined;
}

/** Notifies the invited user, with a link for accepting. An address without a user gets a mail. */
export async function notifyInvitee(
  world: World,
  invitation: InvitationRecord,
  endpoints: NotificationEndpoints,
): Promise<void> {
  const { createdBy, id, inviteeEmail, inviteeId, message, teamId } = invitation;
  if (endpoints.act === undefined) {
    return;
  }
  const token =
    inviteeId === undefined
      ? tokenSuffix(
          signToken(world, {
            concreteType: 'org.sagebionetworks.repo.model.MembershipInvtnSignedToken',
            membershipInvitationId: id,
          }),
        )
      : joinToken(world, { teamId, userId: inviteeId, memberId: inviteeId });
  const team = teamName(world, teamId);
  const link = endpoints.act + token;
  const text = `${nameOf(world, createdBy)} invites you to join the team ${team}.`;
  const subject = `You Have Been Invited to Join ${team}`;
  const content = { subject, html: page(text, { message, link }), link };
  const recipientId = inviteeId ?? findUserByEmail(world, inviteeEmail ?? '')?.id;
  if (recipientId !== undefined) {
    await notify(world, { recipientId, ...content, unsubscribeEndpoint: endpoints.unsubscribe });
  } else if (inviteeEmail !== undefined) {
    sendMail(world, { to: inviteeEmail, ...content });
  }
}

/** Notifies the managers of a team of a request to join, with a link for adding the user. */
export async function notifyManagers(
  world: World,
  request: RequestRecord,
  endpoints: NotificationEndpoints,
): Promise<void> {
  if (endpoints.act === undefined) {
    return;
  }
  const { message, teamId, userId: memberId } = request;
  const managers = teamAcl(world, getTeam(world, teamId)).resourceAccess.filter(
    ({ accessType, principalId }) =>
      accessType.includes('TEAM_MEMBERSHIP_UPDATE') &&
      getPrincipal(world, principalId)?.isIndividual === true,
  );
  for (const { principalId } of managers) {
    const team = teamName(world, teamId);
    const link = endpoints.act + joinToken(world, { teamId, userId: principalId, memberId });
    await notify(world, {
      recipientId: principalId,
      subject: 'Someone Has Requested to Join Your Team',
      html: page(`${nameOf(world, memberId)} wants to join the team ${team}.`, { message, link }),
      link,
      unsubscribeEndpoint: endpoints.unsubscribe,
    });
  }
}

/** A token with which one user adds another user, or themselves, to a team. */
function joinToken(
  world: World,
  ids: { readonly teamId: number; readonly userId: number; readonly memberId: number },
): string {
  return tokenSuffix(
    signToken(world, {
      concreteType: 'org.sagebionetworks.repo.model.JoinTeamSignedToken',
      teamId: String(ids.teamId),
      userId: String(ids.userId),
      memberId: String(ids.memberId),
    }),
  );
}

function nameOf(world: World, userId: number): string {
  return getPrincipal(world, userId)?.name ?? String(userId);
}

function page(
  text: string,
  { link, message }: { readonly link: string; readonly message: string | undefined },
): string {
  const quote = message === undefined ? '' : `<blockquote>${escapeHtml(message)}</blockquote>`;
  return `<html><body><p>${escapeHtml(text)}</p>${quote}<p><a href="${escapeHtml(link)}">Join</a></p></body></html>`;
}
