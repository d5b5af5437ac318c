import type * as M from '../../../generated/models.js';
import { schemas } from '../../../generated/schemas.js';
import type { Caller } from '../kernel/caller.js';
import { pageWindow, paginated } from '../kernel/paging.js';
import { requireFields } from '../kernel/requireFields.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import { getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';
import {
  deliveryKey,
  deliveryModel,
  getMessage,
  messageModel,
  messageTables,
  requireMessage,
  type MessageRecord,
} from './messageRecords.js';

/** Query parameters of a list of messages. */
export interface MessageQuery {
  readonly offset?: number;
  readonly limit?: number;
  /** @default `SEND_DATE` */
  readonly orderBy?: string;
  /** @default true */
  readonly descending?: boolean;
}

const orders: Readonly<Record<string, (world: World, message: MessageRecord) => string>> = {
  SEND_DATE: (_world, { createdOn }) => createdOn,
  SUBJECT: (_world, { subject = '' }) => subject.toLowerCase(),
  SENDER: (world, { createdBy }) => getPrincipal(world, createdBy)?.name.toLowerCase() ?? '',
};

/**
 * The received messages of the caller, filtered by state.
 *
 * @throws 403 for the anonymous user, 400
 */
export function inbox(
  world: World,
  caller: Caller,
  { inboxFilter = 'UNREAD', ...query }: MessageQuery & { readonly inboxFilter?: string },
): M.PaginatedResultsOfMessageBundle {
  requireUser(caller);
  const wanted = inboxFilter.split(',').map((status) => status.trim().toUpperCase());
  const unknown = wanted.find(
    (status) => schemas['MessageStatusType']?.enum?.includes(status) !== true,
  );
  if (unknown !== undefined) {
    throw badRequest(`Unknown message status: ${unknown.slice(0, 100)}`);
  }
  const { byRecipient, deliveries } = messageTables(world);
  const received = byRecipient
    .find(String(caller.userId))
    .filter(({ status }) => wanted.includes(status))
    .map(({ messageId }) => getMessage(world, messageId));
  const page = pageOf(world, received, query);
  return {
    ...page,
    results: page.results.map((message) => {
      const delivery = deliveries.get(deliveryKey(message.id, caller.userId));
      return {
        message: messageModel(message),
        ...(delivery && { status: deliveryModel(delivery) }),
      };
    }),
  };
}

/** The sent messages of the caller. @throws 403 for the anonymous user, 400 */
export function outbox(
  world: World,
  caller: Caller,
  query: MessageQuery,
): M.PaginatedResultsOfMessageToUser {
  requireUser(caller);
  const sent = messageTables(world).bySender.find(String(caller.userId));
  const page = pageOf(world, sent, query);
  return { ...page, results: page.results.map(messageModel) };
}

/** The messages of a conversation that the caller sent or received; none for others. @throws 404, 400 */
export function conversation(
  world: World,
  caller: Caller,
  id: string,
  query: MessageQuery,
): M.PaginatedResultsOfMessageToUser {
  const { inReplyToRoot } = getMessage(world, id);
  const { byRoot, deliveries } = messageTables(world);
  const messages = byRoot
    .find(inReplyToRoot)
    .filter(
      (message) =>
        message.createdBy === caller.userId ||
        deliveries.has(deliveryKey(message.id, caller.userId)),
    );
  const page = pageOf(world, messages, query);
  return { ...page, results: page.results.map(messageModel) };
}

/**
 * Sets the state of a message that the caller received, whatever recipient the request names.
 *
 * @throws 403 for messages that the caller did not receive, 404, 400
 * @see https://rest-docs.synapse.org/rest/PUT/message/status.html
 */
export function updateDelivery(world: World, caller: Caller, body: M.MessageStatus): void {
  requireFields(body, ['messageId', 'status']);
  const { id } = requireMessage(world, caller, body.messageId);
  const { deliveries } = messageTables(world);
  const key = deliveryKey(id, caller.userId);
  const current = deliveries.get(key);
  if (current === undefined) {
    throw forbidden(`Cannot change status of message (${id})`);
  }
  deliveries.put(key, { ...current, status: body.status });
}

/** Deletes a message, if it exists. @throws 403 unless the caller is an administrator */
export function deleteMessage(world: World, caller: Caller, id: string): void {
  if (!caller.isAdmin) {
    throw forbidden('Only admins may delete messages');
  }
  const { byMessage, deliveries, messages } = messageTables(world);
  for (const { recipientId } of byMessage.find(id)) {
    deliveries.delete(deliveryKey(id, recipientId));
  }
  messages.delete(id);
}

function requireUser(caller: Caller): void {
  if (caller.isAnonymous) {
    throw forbidden('Anonymous users have no messages.');
  }
}

function pageOf(
  world: World,
  messages: readonly MessageRecord[],
  query: MessageQuery,
): { results: MessageRecord[]; totalNumberOfResults: number } {
  const { descending = true, orderBy = 'SEND_DATE' } = query;
  const key = Object.hasOwn(orders, orderBy) ? orders[orderBy] : undefined;
  if (key === undefined) {
    throw badRequest(`orderBy must be one of ${Object.keys(orders).join(', ')}.`);
  }
  const direction = descending ? -1 : 1;
  const sorted = [...messages].sort((a, b) => {
    const [left, right] = [key(world, a), key(world, b)];
    const byKey = left < right ? -1 : left > right ? 1 : 0;
    return direction * (byKey || Number(a.id) - Number(b.id));
  });
  return paginated(sorted, pageWindow(query));
}
