import { signToken, tokenSuffix } from '../auth/signedTokens.js';
import { escapeHtml } from '../emails/html.js';
import { sendMail } from '../emails/outbox.js';
import { checkPortalLink } from '../emails/portalLinks.js';
import { notify, type Notification } from '../messages/notify.js';
import { displayName, displayNameWithUserName } from '../users/displayNames.js';
import { getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';
import type { InvitationRecord } from './invitations.js';
import type { RequestRecord } from './membershipRequests.js';
import { teamAcl } from './teamAccess.js';
import { getTeam, teamName } from './teamRecords.js';

/** The portal pages in the links of a notification. */
export interface NotificationEndpoints {
  /** Page for the action of the notification. */
  readonly act: string | undefined;
  /** Page for unsubscribing. */
  readonly unsubscribe: string | undefined;
}

const signedTokenPage = 'https://www.synapse.org/#!SignedToken:';
/** Pages of the portal of the service, which it uses when a request names no others. */
const defaultPages = {
  join: `${signedTokenPage}JoinTeam/`,
  emailInvitation: `${signedTokenPage}EmailInvitation/`,
  unsubscribe: `${signedTokenPage}Settings/`,
} as const;

/**
 * Notifies the invited user, with a link for accepting. An address gets a mail.
 *
 * @throws 400 for an endpoint that is no portal
 */
export async function notifyInvitee(
  world: World,
  invitation: InvitationRecord,
  { act, unsubscribe = defaultPages.unsubscribe }: NotificationEndpoints,
): Promise<void> {
  const { createdBy, id, inviteeEmail, inviteeId, message, teamId } = invitation;
  const team = teamName(world, teamId);
  const sender = displayName(world, createdBy);
  const subject = `${sender} has invited you to join the ${team} team`;
  const text = `${sender} is inviting you to join the ${team} team.`;
  const quote = message === undefined || message.trim() === '' ? undefined : message;
  if (inviteeId !== undefined) {
    const token = joinToken(world, { teamId, userId: inviteeId, memberId: inviteeId });
    const link = checkPortalLink((act ?? defaultPages.join) + token);
    await notify(world, {
      createdBy,
      recipientId: inviteeId,
      subject,
      html: page(text, { quote, link, title: 'Join' }),
      link,
      unsubscribeEndpoint: unsubscribe,
      isNotification: false,
    });
  } else if (inviteeEmail !== undefined) {
    const token = tokenSuffix(
      signToken(world, {
        concreteType: 'org.sagebionetworks.repo.model.MembershipInvtnSignedToken',
        membershipInvitationId: id,
      }),
    );
    const link = checkPortalLink((act ?? defaultPages.emailInvitation) + token);
    const html = page(text, { quote, link, title: 'Join' });
    sendMail(world, { to: inviteeEmail, subject, html, link });
  }
}

/**
 * Notifies the managers of a team of a request to join, with a link for adding the user.
 *
 * @throws 400 for an endpoint that is no portal
 */
export async function notifyManagers(
  world: World,
  request: RequestRecord,
  { act = defaultPages.join, unsubscribe = defaultPages.unsubscribe }: NotificationEndpoints,
): Promise<void> {
  const { createdBy, message, teamId } = request;
  const managers = teamAcl(world, getTeam(world, teamId)).resourceAccess.filter(
    ({ accessType, principalId }) =>
      accessType.includes('TEAM_MEMBERSHIP_UPDATE') &&
      getPrincipal(world, principalId)?.isIndividual === true,
  );
  const text = `${displayNameWithUserName(world, createdBy)} has requested to join team ${teamName(world, teamId)}.`;
  for (const { principalId } of managers) {
    const token = joinToken(world, { teamId, userId: principalId, memberId: createdBy });
    const link = checkPortalLink(act + token);
    await notify(world, {
      createdBy,
      recipientId: principalId,
      subject: 'Someone Has Requested to Join Your Team',
      html: page(text, { quote: message, link, title: 'Accept' }),
      link,
      unsubscribeEndpoint: unsubscribe,
    });
  }
}

/** A user who joins a team, or is added to it by a manager. */
export interface Joining {
  readonly teamId: number;
  readonly actorId: number;
  readonly memberId: number;
  /** The users who have invited the member, before the invitations are settled. */
  readonly inviterIds: readonly number[];
}

/**
 * The notifications about a new member: to those who invited the member, or from a manager to the member. There are none
 * unless both endpoints are known.
 *
 * @throws 400 for an endpoint that is no portal
 */
export function joiningNotifications(
  world: World,
  { actorId, inviterIds, memberId, teamId }: Joining,
  { act, unsubscribe }: NotificationEndpoints,
): Notification[] {
  if (act === undefined || unsubscribe === undefined) {
    return [];
  }
  const link = checkPortalLink(act + String(teamId));
  const isSelf = actorId === memberId;
  const who = displayNameWithUserName(world, actorId);
  const team = teamName(world, teamId);
  const text = isSelf ? `${who} has joined team ${team}.` : `${who} has added you to team ${team}.`;
  return (isSelf ? inviterIds : [memberId]).map((recipientId) => ({
    createdBy: actorId,
    recipientId,
    subject: isSelf ? 'New Member Has Joined the Team' : 'Your Team Membership Has Been Approved',
    html: page(text, { quote: undefined, link, title: team }),
    link,
    unsubscribeEndpoint: unsubscribe,
  }));
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

function page(
  text: string,
  {
    link,
    quote,
    title,
  }: { readonly link: string; readonly quote: string | undefined; readonly title: string },
): string {
  const block = quote === undefined ? '' : `<blockquote>${escapeHtml(quote)}</blockquote>`;
  return `<html><body><p>${escapeHtml(text)}</p>${block}<p><a href="${escapeHtml(link)}">${escapeHtml(title)}</a></p></body></html>`;
}
