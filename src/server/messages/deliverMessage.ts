import { escapeHtml } from '../emails/html.js';
import { addressOf, sendMail } from '../emails/outbox.js';
import { unsubscribeLink, wantsMail } from '../emails/unsubscribe.js';
import { mayAccessTeam } from '../teams/teamAccess.js';
import { callerOf } from '../users/callerOf.js';
import { userNameOf } from '../users/displayNames.js';
import { membersOf } from '../users/memberships.js';
import { fixedPrincipals, getPrincipal } from '../users/principals.js';
import { getUser, users } from '../users/users.js';
import type { World } from '../world.js';
import { deliveryKey, messageTables, type MessageRecord } from './messageRecords.js';

/** How a message is delivered. */
export interface Delivery {
  /** The text for mails; without it nothing is mailed. */
  readonly html: string | undefined;
  /** The link in the text. */
  readonly link?: string;
}

/**
 * Puts a message into the inboxes of its recipients, and mails it to those who want mails. A team that the sender may not
 * write to does not get it: the sender is told by mail.
 */
export function deliverMessage(world: World, message: MessageRecord, delivery: Delivery): void {
  const { deliveries } = messageTables(world);
  const failures: string[] = [];
  for (const recipientId of peopleOf(world, message, failures)) {
    const isMailed = mailTo(world, message, recipientId, delivery);
    const { markEmailedMessagesAsRead = false } =
      getUser(world, recipientId)?.profile.notificationSettings ?? {};
    deliveries.put(deliveryKey(message.id, recipientId), {
      messageId: message.id,
      recipientId,
      status: isMailed && markEmailedMessagesAsRead ? 'READ' : 'UNREAD',
    });
  }
  if (failures.length > 0 && message.extras.isNotificationMessage !== true) {
    mailFailures(world, message, failures);
  }
}

/** The users among the recipients, and the members of the teams among them. */
function peopleOf(world: World, message: MessageRecord, failures: string[]): Set<number> {
  const sender = callerOf(world, message.createdBy);
  const isTrusted = sender.groups.has(fixedPrincipals.trustedMessengers);
  const people = new Set<number>();
  for (const id of message.recipients) {
    const principal = getPrincipal(world, id);
    if (principal?.isIndividual === true) {
      people.add(id);
    } else if (isTrusted || sender.isAdmin || mayAccessTeam(world, sender, id, 'SEND_MESSAGE')) {
      for (const userId of membersIn(world, id)) {
        people.add(userId);
      }
    } else {
      const team = principal?.name ?? String(id);
      failures.push(
        `${userNameOf(world, sender.userId)} may not send messages to the group (${team})`,
      );
    }
  }
  return people;
}

function membersIn(world: World, groupId: number): number[] {
  return groupId === fixedPrincipals.authenticatedUsers
    ? [...users(world).values()].map(({ id }) => id).filter((id) => id !== fixedPrincipals.admin)
    : membersOf(world, groupId).map(({ userId }) => userId);
}

function mailTo(
  world: World,
  { extras, subject = '' }: MessageRecord,
  recipientId: number,
  { html, link }: Delivery,
): boolean {
  const to = addressOf(world, recipientId);
  if (html === undefined || to === undefined || !wantsMail(world, recipientId)) {
    return false;
  }
  const { notificationUnsubscribeEndpoint: endpoint, withUnsubscribeLink } = extras;
  const foot =
    withUnsubscribeLink === true && endpoint !== undefined
      ? `<p><a href="${escapeHtml(unsubscribeLink(world, recipientId, endpoint))}">Unsubscribe</a></p>`
      : '';
  sendMail(world, {
    to,
    subject,
    html: html.replace('</body>', `${foot}</body>`),
    ...(link !== undefined && { link }),
  });
  return true;
}

function mailFailures(world: World, message: MessageRecord, failures: readonly string[]): void {
  const to = addressOf(world, message.createdBy);
  if (to !== undefined) {
    const lines = failures.map((failure) => `<li>${escapeHtml(failure)}</li>`).join('');
    const title = escapeHtml(message.subject ?? '');
    sendMail(world, {
      to,
      subject: `Message ${message.id} Delivery Failure(s)`,
      html: `<html><body><p>Your message “${title}” did not reach everyone:</p><ul>${lines}</ul></body></html>`,
    });
  }
}
