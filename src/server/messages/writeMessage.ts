import type { World } from '../world.js';
import { messageTables, type MessageRecord } from './messageRecords.js';

/** A message that the server writes. */
export interface WrittenMessage extends Pick<MessageRecord, 'createdBy' | 'extras'> {
  readonly recipientId: number;
  readonly subject: string;
  readonly html: string;
}

/** Stores a message to one user with its text. `deliver` runs in the same transaction. */
export async function writeMessage(
  world: World,
  { createdBy, recipientId, subject, html, extras }: WrittenMessage,
  deliver: (message: MessageRecord) => void,
): Promise<void> {
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
      extras,
    };
    messageTables(world).messages.put(id, message);
    deliver(message);
  });
}
