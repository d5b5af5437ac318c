import { notify } from '../messages/notify.js';
import { getPrincipal } from '../users/principals.js';
import { findUserByEmail } from '../users/users.js';
import type { World } from '../world.js';
import type { InvitationRecord } from './invitations.js';
import type { RequestRecord } from './membershipRequests.js';
import { signToken, tokenSuffix } from './signedTokens.js';
import { teamAcl } from './teamAccess.js';
import { getTeam, teamName } from './teamRecords.js';

/**
 * Tells whom a team invites, with a link that accepts. Nobody is told without an endpoint for it.
 * This server has no e-mail: an invited address gets the message when a user owns it.
 */
export async function notifyInvitee(
  world: World,
  invitation: InvitationRecord,
  endpoint: string | undefined,
): Promise<void> {
  const { createdBy, id, inviteeEmail, inviteeId, message, teamId } = invitation;
  const recipientId = inviteeId ?? findUserByEmail(world, inviteeEmail ?? '')?.id;
  if (endpoint === undefined || recipientId === undefined) {
    return;
  }
  const link =
    inviteeId === undefined
      ? tokenSuffix(
          signToken(world, {
            concreteType: 'org.sagebionetworks.repo.model.MembershipInvtnSignedToken',
            membershipInvitationId: id,
          }),
        )
      : joinToken(world, { teamId, userId: inviteeId, memberId: inviteeId });
  const team = teamName(world, teamId);
  await notify(world, {
    recipientId,
    subject: `You Have Been Invited to Join ${team}`,
    html: page(`${nameOf(world, createdBy)} invites you to join the team ${team}.`, {
      message,
      link: endpoint + link,
    }),
  });
}

/** Tells the managers of a team who wants to join, with a link that adds them. */
export async function notifyManagers(
  world: World,
  request: RequestRecord,
  endpoint: string | undefined,
): Promise<void> {
  if (endpoint === undefined) {
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
    await notify(world, {
      recipientId: principalId,
      subject: 'Someone Has Requested to Join Your Team',
      html: page(`${nameOf(world, memberId)} wants to join the team ${team}.`, {
        message,
        link: endpoint + joinToken(world, { teamId, userId: principalId, memberId }),
      }),
    });
  }
}

/** A token by which one user makes another (or the same) a member. */
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
  const quote = message === undefined ? '' : `<blockquote>${escape(message)}</blockquote>`;
  return `<html><body><p>${escape(text)}</p>${quote}<p><a href="${escape(link)}">Join</a></p></body></html>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
