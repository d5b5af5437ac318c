import { addressOf, linkMail, sendMail, textMail } from '../emails/outbox.js';
import { fixedPrincipals } from '../users/principals.js';
import type { World } from '../world.js';
import { deliveryKey, messageTables } from './messageRecords.js';

/** A message about the security of an account. */
export interface AccountMessage {
  readonly subject: string;
  readonly text: string;
  readonly link?: string;
}

/**
 * Tells a user what happened to the account: in the inbox, and by mail, also to users who want no
 * mails.
 */
export async function tellUser(
  world: World,
  recipientId: number,
  { subject, text, link }: AccountMessage,
): Promise<void> {
  const mail = link === undefined ? textMail(subject, text) : linkMail(subject, { text, link });
  const createdBy = fixedPrincipals.admin;
  const file = await world.files.store(Buffer.from(mail.html), {
    createdBy,
    fileName: 'message.html',
    contentType: 'text/html; charset=utf-8',
  });
  world.store.transaction(() => {
    const id = String(world.store.sequence('messages')());
    const { deliveries, messages } = messageTables(world);
    messages.put(id, {
      id,
      createdBy,
      createdOn: world.timestamp(),
      fileHandleId: file.id,
      recipients: [recipientId],
      subject,
      inReplyToRoot: id,
      extras: { isNotificationMessage: true },
    });
    deliveries.put(deliveryKey(id, recipientId), { messageId: id, recipientId, status: 'UNREAD' });
    const to = addressOf(world, recipientId);
    if (to !== undefined) {
      sendMail(world, { to, ...mail });
    }
  });
}
