import { fixedPrincipals } from '../users/principals.js';
import type { World } from '../world.js';
import { deliveryKey, messageTables, type MessageRecord } from './messageRecords.js';

/** A message of the service itself. */
export interface Notification {
  readonly recipientId: number;
  readonly subject: string;
  readonly html: string;
}

/** Puts a message of the service into the inbox of a user. Real Synapse sends e-mail as well. */
export async function notify(
  world: World,
  { recipientId, subject, html }: Notification,
): Promise<void> {
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
  });
}
