import type * as M from '../../../generated/models.js';
import { schemas } from '../../../generated/schemas.js';
import type { Caller } from '../kernel/caller.js';
import { pageWindow, paginated } from '../kernel/paging.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import { parsePrincipalId } from '../teams/teamRecords.js';
import { getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';
import {
  deliveryKey,
  deliveryModel,
  getMessage,
  isInvolved,
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

/** The messages of a conversation that the caller sent or received. @throws 404, 403, 400 */
export function conversation(
  world: World,
  caller: Caller,
  id: string,
  query: MessageQuery,
): M.PaginatedResultsOfMessageToUser {
  const { inReplyToRoot } = requireMessage(world, caller, id);
  const messages = messageTables(world)
    .byRoot.find(inReplyToRoot)
    .filter((message) => isInvolved(world, caller, message));
  const page = pageOf(world, messages, query);
  return { ...page, results: page.results.map(messageModel) };
}

/**
 * Sets the state of a received message.
 *
 * @throws 403 for the copy of another user, 404, 400
 * @see https://rest-docs.synapse.org/rest/PUT/message/status.html
 */
export function updateDelivery(world: World, caller: Caller, body: M.MessageStatus): void {
  requireUser(caller);
  if (body.messageId === undefined || body.status === undefined) {
    throw badRequest('The messageId and the status are required.');
  }
  const recipientId =
    body.recipientId === undefined ? caller.userId : parsePrincipalId(body.recipientId);
  if (recipientId !== caller.userId) {
    throw forbidden('You may not update the status of a message of another user.');
  }
  const { deliveries } = messageTables(world);
  const key = deliveryKey(body.messageId, recipientId);
  const current = deliveries.get(key);
  if (current === undefined) {
    throw notFound(`Message (${body.messageId.slice(0, 100)}) was not sent to you.`);
  }
  deliveries.put(key, { ...current, status: body.status });
}

/** Deletes a message. @throws 403 unless the caller is an administrator, 404 */
export function deleteMessage(world: World, caller: Caller, id: string): void {
  if (!caller.isAdmin) {
    throw forbidden('Only an administrator may delete a message.');
  }
  const message = getMessage(world, id);
  const { byMessage, deliveries, messages } = messageTables(world);
  for (const { recipientId } of byMessage.find(message.id)) {
    deliveries.delete(deliveryKey(message.id, recipientId));
  }
  messages.delete(message.id);
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
