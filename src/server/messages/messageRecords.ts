import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { forbidden, notFound } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';

/** A message from a user to users and teams. */
export interface MessageRecord {
  readonly id: string;
  readonly createdBy: number;
  readonly createdOn: string;
  /** File handle of the text. */
  readonly fileHandleId: string;
  /** Users and teams. */
  readonly recipients: readonly number[];
  readonly subject?: string;
  readonly inReplyTo?: string;
  /** The first message of the conversation; for the first message, its own id. */
  readonly inReplyToRoot: string;
  /** Properties that a sender may set and that have no effect on this server. */
  readonly extras: Readonly<Partial<M.MessageToUser>>;
}

/** The state of a message for one recipient. */
export interface DeliveryRecord {
  readonly messageId: string;
  readonly recipientId: number;
  readonly status: M.MessageStatusType;
}

interface MessageTables {
  readonly messages: Collection<MessageRecord>;
  readonly deliveries: Collection<DeliveryRecord>;
  readonly bySender: Index<MessageRecord>;
  readonly byRoot: Index<MessageRecord>;
  readonly byHandle: Index<MessageRecord>;
  readonly byRecipient: Index<DeliveryRecord>;
  readonly byMessage: Index<DeliveryRecord>;
}

/** The collections of messages with their indexes. */
export function messageTables(world: World): MessageTables {
  return world.service(makeMessageTables);
}

function makeMessageTables({ store }: World): MessageTables {
  const messages = store.collection<MessageRecord>('messages');
  const deliveries = store.collection<DeliveryRecord>('messageDeliveries');
  return {
    messages,
    deliveries,
    bySender: messages.index('sender', ({ createdBy }) => String(createdBy)),
    byRoot: messages.index('root', ({ inReplyToRoot }) => inReplyToRoot),
    byHandle: messages.index('handle', ({ fileHandleId }) => fileHandleId),
    byRecipient: deliveries.index('recipient', ({ recipientId }) => String(recipientId)),
    byMessage: deliveries.index('message', ({ messageId }) => messageId),
  };
}

/** The id that a delivery is stored under. */
export function deliveryKey(messageId: string, recipientId: number): string {
  return `${messageId}/${recipientId}`;
}

/** @throws 404 */
export function getMessage(world: World, id: string): MessageRecord {
  const message = messageTables(world).messages.get(id);
  if (message === undefined) {
    throw notFound(`Message (${id.slice(0, 100)}) does not exist`);
  }
  return message;
}

/** Whether a message is addressed to a user, or to a group of the user. */
export function receives(caller: Caller, message: MessageRecord): boolean {
  return message.recipients.some((id) => id === caller.userId || caller.groups.has(id));
}

/** Whether a user sent or received a message. */
export function isInvolved(caller: Caller, message: MessageRecord): boolean {
  return message.createdBy === caller.userId || receives(caller, message);
}

/** @throws 404, 403 for all but the sender and the receivers */
export function requireMessage(world: World, caller: Caller, id: string): MessageRecord {
  const message = getMessage(world, id);
  if (!isInvolved(caller, message)) {
    throw forbidden(`You are not the sender or receiver of this message (${message.id})`);
  }
  return message;
}

/** A message as the API shows it. */
export function messageModel({ extras, ...message }: MessageRecord): M.MessageToUser {
  return {
    ...extras,
    ...message,
    createdBy: String(message.createdBy),
    recipients: message.recipients.map(String),
  };
}

/** A delivery as the API shows it. */
export function deliveryModel({ messageId, recipientId, status }: DeliveryRecord): M.MessageStatus {
  return { messageId, recipientId: String(recipientId), status };
}
