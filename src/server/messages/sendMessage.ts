import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, ServiceError } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import { mayAccessTeam } from '../teams/teamAccess.js';
import { findTeam, parsePrincipalId } from '../teams/teamRecords.js';
import { membersOf } from '../users/memberships.js';
import { fixedPrincipals, getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';
import {
  deliveryKey,
  isInvolved,
  messageTables,
  requireMessage,
  type MessageRecord,
} from './messageRecords.js';

/** Maximum number of recipients of a message. */
const maxRecipients = limits.messageRecipients;
/** Maximum number of messages that a user may send in the period. */
const maxMessages = limits.messages;
const periodMilliseconds = 60_000;

/**
 * Sends a message.
 *
 * @throws 403 for the anonymous user, the file of another user and teams that do not accept
 * messages, 404, 429 after ten messages in a minute, 400
 * @see https://rest-docs.synapse.org/rest/POST/message.html
 */
export function sendMessage(world: World, caller: Caller, body: M.MessageToUser): MessageRecord {
  const recipients = checkSending(world, caller, body.recipients);
  if (body.fileHandleId === undefined) {
    throw badRequest('The fileHandleId of a message is required.');
  }
  const { fileHandleId } = body;
  // The text of a message may be sent on by everyone who has it.
  const isKnown = messageTables(world)
    .byHandle.find(fileHandleId)
    .some((message) => isInvolved(world, caller, message));
  world.files.requireAttachable(caller, [fileHandleId], {
    attached: isKnown ? [fileHandleId] : [],
    reason: 'Invalid file handle given',
  });
  return putMessage(world, caller, { ...body, fileHandleId }, recipients);
}

/**
 * Forwards a message that the caller sent or received.
 *
 * @throws as {@link sendMessage} does
 * @see https://rest-docs.synapse.org/rest/POST/message/messageId/forward.html
 */
export function forwardMessage(
  world: World,
  caller: Caller,
  id: string,
  recipientIds: readonly string[] | undefined,
): MessageRecord {
  const { fileHandleId, subject } = requireMessage(world, caller, id);
  const recipients = checkSending(world, caller, recipientIds);
  const body = { fileHandleId, subject };
  return putMessage(world, caller, body, recipients);
}

function checkSending(world: World, caller: Caller, ids: readonly string[] | undefined): number[] {
  if (caller.isAnonymous) {
    throw forbidden('Anonymous user may not send messages.');
  }
  const recipients = [...new Set((ids ?? []).map(parsePrincipalId))];
  if (recipients.length === 0) {
    throw badRequest('The recipients of a message are required.');
  }
  const isTrusted = caller.isAdmin || caller.groups.has(fixedPrincipals.trustedMessengers);
  if (!isTrusted) {
    if (recipients.length > maxRecipients) {
      throw badRequest(
        `The number of recipients may not exceed ${maxRecipients}.  Consider grouping the recipients into a Team.`,
      );
    }
    requireSlow(world, caller);
  }
  for (const id of recipients) {
    requireRecipient(world, caller, id, isTrusted);
  }
  return recipients;
}

function requireSlow(world: World, caller: Caller): void {
  const since = new Date(world.now().getTime() - periodMilliseconds).toISOString();
  const recent = messageTables(world)
    .bySender.find(String(caller.userId))
    .filter(({ createdOn }) => createdOn > since);
  if (recent.length >= maxMessages) {
    throw new ServiceError(
      429,
      `Please slow down.  You may send a maximum of ${maxMessages} message(s) every ${periodMilliseconds} milliseconds`,
    );
  }
}

function requireRecipient(world: World, caller: Caller, id: number, isTrusted: boolean): void {
  const principal = getPrincipal(world, id);
  if (principal === undefined || id === fixedPrincipals.anonymous) {
    throw badRequest(`The recipient ${id} does not exist.`);
  }
  if (!principal.isIndividual && !isTrusted && !mayAccessTeam(world, caller, id, 'SEND_MESSAGE')) {
    throw forbidden(`Not authorized to send messages to ${principal.name} (${id}).`);
  }
}

function putMessage(
  world: World,
  caller: Caller,
  body: M.MessageToUser & { readonly fileHandleId: string },
  recipients: readonly number[],
): MessageRecord {
  const id = String(world.store.sequence('messages')());
  const { fileHandleId, inReplyTo, subject } = body;
  const repliedTo = inReplyTo === undefined ? undefined : requireMessage(world, caller, inReplyTo);
  const message: MessageRecord = {
    id,
    createdBy: caller.userId,
    createdOn: world.timestamp(),
    fileHandleId,
    recipients,
    subject,
    ...(repliedTo && { inReplyTo: repliedTo.id }),
    inReplyToRoot: repliedTo?.inReplyToRoot ?? id,
    extras: extrasOf(body),
  };
  const { deliveries, messages } = messageTables(world);
  messages.put(id, message);
  for (const recipientId of people(world, recipients)) {
    deliveries.put(deliveryKey(id, recipientId), { messageId: id, recipientId, status: 'UNREAD' });
  }
  return message;
}

/** The users among recipients, and the members of the teams among them. */
function people(world: World, recipients: readonly number[]): Set<number> {
  return new Set(
    recipients.flatMap((id) =>
      findTeam(world, id) === undefined && getPrincipal(world, id)?.isIndividual === true
        ? [id]
        : membersOf(world, id).map(({ userId }) => userId),
    ),
  );
}

function extrasOf(body: M.MessageToUser): Partial<M.MessageToUser> {
  const own = new Set<string>([
    'createdBy',
    'createdOn',
    'fileHandleId',
    'id',
    'inReplyTo',
    'inReplyToRoot',
    'recipients',
    'subject',
  ]);
  return Object.fromEntries(Object.entries(body).filter(([name]) => !own.has(name)));
}
