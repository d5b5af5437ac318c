import { escapeHtml } from '../emails/html.js';
import { addressOf, sendMail } from '../emails/outbox.js';
import { unsubscribeLink, wantsMail } from '../emails/unsubscribe.js';
import { fixedPrincipals } from '../users/principals.js';
import type { World } from '../world.js';
import { deliveryKey, messageTables, type MessageRecord } from './messageRecords.js';

/** A notification by the service. */
export interface Notification {
  readonly recipientId: number;
  readonly subject: string;
  readonly html: string;
  /** The link in the message. */
  readonly link: string;
  /** Portal page for unsubscribing. */
  readonly unsubscribeEndpoint: string | undefined;
}

/** Puts a notification into the inbox of a user, and mails it if the user wants mails. */
export async function notify(world: World, notification: Notification): Promise<void> {
  const { recipientId, subject, html } = notification;
  const createdBy = fixedPrincipals.admin;
  const file = await world.files.store(Buffer.from(html), {
    createdBy,
    fileName: 'message.html',
    contentType: 'text/html; charset=utf-8',
  });
  world.store.transaction(() => {
    const id = String(world.store.sequence('messages')());
    const message: MessageRecord = {
      id,
      createdBy,
      createdOn: world.timestamp(),
      fileHandleId: file.id,
      recipients: [recipientId],
      subject,
      inReplyToRoot: id,
      extras: { isNotificationMessage: true },
    };
    const { deliveries, messages } = messageTables(world);
    messages.put(id, message);
    deliveries.put(deliveryKey(id, recipientId), { messageId: id, recipientId, status: 'UNREAD' });
    mailTo(world, notification);
  });
}

function mailTo(
  world: World,
  { recipientId, subject, html, link, unsubscribeEndpoint }: Notification,
): void {
  const to = addressOf(world, recipientId);
  if (to === undefined || !wantsMail(world, recipientId)) {
    return;
  }
  const foot =
    unsubscribeEndpoint === undefined
      ? ''
      : `<p><a href="${escapeHtml(unsubscribeLink(world, recipientId, unsubscribeEndpoint))}">Unsubscribe</a></p>`;
  sendMail(world, { to, subject, html: html.replace('</body>', `${foot}</body>`), link });
}
