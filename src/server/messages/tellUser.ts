import { addressOf, linkMail, sendMail, textMail } from '../emails/outbox.js';
import { fixedPrincipals } from '../users/principals.js';
import type { World } from '../world.js';
import { deliveryKey, messageTables } from './messageRecords.js';
import { writeMessage } from './writeMessage.js';

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
  const written = {
    createdBy: fixedPrincipals.admin,
    recipientId,
    subject,
    html: mail.html,
    extras: { isNotificationMessage: true },
  };
  await writeMessage(world, written, ({ id }) => {
    const delivery = { messageId: id, recipientId, status: 'UNREAD' } as const;
    messageTables(world).deliveries.put(deliveryKey(id, recipientId), delivery);
    const to = addressOf(world, recipientId);
    if (to !== undefined) {
      sendMail(world, { to, ...mail });
    }
  });
}
