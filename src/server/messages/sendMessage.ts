import type * as M from '../../../generated/models.js';
import { benefactorAcl } from '../access/entityAcls.js';
import { getEntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, ServiceError } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import { parsePrincipalId } from '../teams/teamRecords.js';
import { fixedPrincipals, getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';
import { deliverMessage } from './deliverMessage.js';
import { messageTables, receives, requireMessage, type MessageRecord } from './messageRecords.js';
import { messageHtml } from './messageText.js';

/** Maximum number of recipients of a message. */
const maxRecipients = limits.messageRecipients;
/** Maximum number of messages that a user may send in the period. */
const maxMessages = limits.messages;
const periodSeconds = 60;

/** What all messages of users have. */
const userFooter = {
  withUnsubscribeLink: false,
  withProfileSettingLink: true,
  isNotificationMessage: false,
} as const;

/**
 * Sends a message of a user.
 *
 * @throws 429 after ten messages in a minute, 403 for the anonymous user and the file of another user, 404, 400
 * @see https://rest-docs.synapse.org/rest/POST/message.html
 */
export function sendMessage(
  world: World,
  caller: Caller,
  body: M.MessageToUser,
): Promise<MessageRecord> {
  return store(world, caller, { ...body, ...userFooter }, { isThrottled: true });
}

/**
 * Forwards a message that the caller sent or received. The forwarded message belongs to the conversation.
 *
 * @throws as {@link sendMessage} does
 * @see https://rest-docs.synapse.org/rest/POST/message/messageId/forward.html
 */
export function forwardMessage(
  world: World,
  caller: Caller,
  id: string,
  recipients: readonly string[] | undefined,
): Promise<MessageRecord> {
  const { extras, fileHandleId, subject } = requireMessage(world, caller, id);
  const body = { ...extras, ...userFooter, fileHandleId, subject, inReplyTo: id };
  return store(
    world,
    caller,
    { ...body, ...(recipients && { recipients: [...recipients] }) },
    { isThrottled: true },
  );
}

/**
 * Sends a message to the creator of an entity, if the creator may still share it, otherwise to all who may. The caller
 * needs no access to the entity.
 *
 * @throws 403 when nobody may share the entity, and as {@link sendMessage} does, but not 429
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/message.html
 */
export function sendToOwner(
  world: World,
  caller: Caller,
  entityId: string,
  body: M.MessageToUser,
): Promise<MessageRecord> {
  const entity = getEntityRecord(world, entityId);
  const sharers = benefactorAcl(world, entity)
    .resourceAccess.filter(({ accessType }) => accessType.includes('CHANGE_PERMISSIONS'))
    .map(({ principalId }) => principalId);
  if (sharers.length === 0) {
    throw forbidden(
      'Unable to find a user with access to this entity.  Please contact a Synapse Administrator at synapseInfo@sagebase.org',
    );
  }
  const owners = sharers.includes(entity.createdBy) ? [entity.createdBy] : sharers;
  const recipients = [...(body.recipients ?? []), ...owners.map(String)];
  return store(world, caller, { ...body, recipients }, { isThrottled: false });
}

/** Stores a message that mail from outside became. @throws as {@link sendMessage} does, but not 429 */
export function storeMail(
  world: World,
  sender: Caller,
  body: M.MessageToUser,
): Promise<MessageRecord> {
  return store(world, sender, { ...body, ...userFooter }, { isThrottled: false });
}

async function store(
  world: World,
  caller: Caller,
  body: M.MessageToUser,
  { isThrottled }: { readonly isThrottled: boolean },
): Promise<MessageRecord> {
  const check = () => {
    if (isThrottled) {
      requireSlow(world, caller);
    }
    return checkMessage(world, caller, body);
  };
  const html = await messageHtml(world, check().fileHandleId);
  return world.store.transaction(() => {
    const message = putMessage(world, caller, body, check());
    deliverMessage(world, message, { html });
    return message;
  });
}

interface CheckedMessage {
  readonly fileHandleId: string;
  readonly recipients: readonly number[];
}

function checkMessage(world: World, caller: Caller, body: M.MessageToUser): CheckedMessage {
  const given = [...new Set(body.recipients ?? [])];
  if (given.length === 0) {
    throw badRequest('recipients must be set.');
  }
  if (caller.isAnonymous) {
    throw forbidden('Anonymous user may not send messages.');
  }
  if (!isTrusted(caller) && given.length > maxRecipients) {
    throw badRequest(
      `May not message more than ${maxRecipients} at once.  Consider grouping the recipients in a Team if possible.`,
    );
  }
  const { fileHandleId } = body;
  if (fileHandleId === undefined) {
    throw badRequest('fileHandleId is required.');
  }
  // The text of a message may be sent on by everyone who has received it.
  const isKnown = messageTables(world)
    .byHandle.find(fileHandleId)
    .some((message) => receives(caller, message));
  world.files.requireAttachable(caller, [fileHandleId], {
    attached: isKnown ? [fileHandleId] : [],
    reason: 'Invalid file handle given',
  });
  const recipients = given.map(parsePrincipalId);
  if (recipients.some((id) => getPrincipal(world, id) === undefined)) {
    throw badRequest(
      `One or more of the following IDs are not recognized: [${given.slice(0, 100).join(', ')}]`,
    );
  }
  return { fileHandleId, recipients };
}

function isTrusted(caller: Caller): boolean {
  return caller.isAdmin || caller.groups.has(fixedPrincipals.trustedMessengers);
}

function requireSlow(world: World, caller: Caller): void {
  const since = new Date(world.now().getTime() - periodSeconds * 1000).toISOString();
  const recent = messageTables(world)
    .bySender.find(String(caller.userId))
    .filter(({ createdOn }) => createdOn > since);
  if (!isTrusted(caller) && recent.length >= maxMessages) {
    throw new ServiceError(
      429,
      `Please slow down.  You may send a maximum of ${maxMessages} message(s) every ${periodSeconds} second(s)`,
    );
  }
}

function putMessage(
  world: World,
  caller: Caller,
  body: M.MessageToUser,
  checked: CheckedMessage,
): MessageRecord {
  const { messages } = messageTables(world);
  const { inReplyTo, subject } = body;
  const repliedTo = inReplyTo === undefined ? undefined : messages.get(inReplyTo);
  if (inReplyTo !== undefined && repliedTo === undefined) {
    throw badRequest(`Cannot reply to a message (${inReplyTo.slice(0, 100)}) that does not exist`);
  }
  const id = String(world.store.sequence('messages')());
  const message: MessageRecord = {
    id,
    createdBy: caller.userId,
    createdOn: world.timestamp(),
    ...checked,
    subject,
    ...(repliedTo && { inReplyTo: repliedTo.id }),
    inReplyToRoot: repliedTo?.inReplyToRoot ?? id,
    extras: extrasOf(body),
  };
  messages.put(id, message);
  return message;
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
