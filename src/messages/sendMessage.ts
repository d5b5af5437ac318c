import { Readable } from 'node:stream';
import type * as M from '../../generated/models.js';
import { createOrFind } from '../api/createOrFind.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { uploadFile } from '../storages/synapse/uploadFile.js';
import { currentOf, idOf, type EntityRef, type Identified } from '../values/ids.js';
import { asMessage, type Message } from './message.js';
import { readBody, type MessageBody } from './messageBody.js';
import { checkRecipients, resolveRecipients } from './recipients.js';

/** The content of a message. */
export interface MessageContent {
  /** One line. */
  subject: string;
  /** The text, of any length, but not empty; or the path of a file in UTF-8 that has it. */
  body: MessageBody;
  /** The media type of the text. @default 'text/plain' */
  contentType?: 'text/plain' | 'text/html';
  /** The message that this one replies to, which puts both into one conversation. */
  inReplyTo?: Identified;
}

/** A message to users of Synapse, which they also get by email. */
export interface NewMessage extends MessageContent {
  /** Users and teams: ids, full names, or objects with an id. At most 50. */
  recipients: readonly Identified[];
}

/** Implements {@link Messages.send}. */
export async function sendMessage(
  ctx: Context,
  { recipients, ...content }: NewMessage,
  { signal, onProgress }: CommonOptions = {},
): Promise<Message> {
  checkRecipients(recipients);
  const text = await checkContent(content);
  const ids = await resolveRecipients(ctx, recipients, { signal });
  return post(ctx, { content, text, signal, onProgress }, (message) =>
    ctx.services.message.sendMessage({ body: { ...message, recipients: ids } }, { signal }),
  );
}

/** Implements {@link Messages.sendToCreator}. */
export async function sendToCreator(
  ctx: Context,
  entity: EntityRef,
  content: MessageContent,
  { signal, onProgress }: CommonOptions = {},
): Promise<Message> {
  const id = currentOf(entity, 'a message is about the entity');
  const text = await checkContent(content);
  return post(ctx, { content, text, signal, onProgress }, (body) =>
    ctx.services.message.sendMessageToEntityOwner({ id, body }, { signal }),
  );
}

/** @returns the text */
function checkContent({ subject, body }: MessageContent): Promise<string> {
  if (/[\r\n]/.test(subject)) {
    throw new ArgumentError('The subject of the message has several lines: it must be one line.');
  }
  return readBody(body);
}

interface Draft extends CommonOptions {
  content: MessageContent;
  text: string;
}

/**
 * Uploads the text and sends the message. After a lost answer, the message is looked up among those that were sent, so that nobody
 * gets it twice.
 */
async function post(
  ctx: Context,
  { content, text, signal, onProgress }: Draft,
  send: (message: M.MessageToUser) => Promise<M.MessageToUser>,
): Promise<Message> {
  const { contentType = 'text/plain', inReplyTo, subject } = content;
  const { fileHandleId } = await uploadFile(ctx, {
    stream: Readable.from([Buffer.from(text)]),
    fileName: contentType === 'text/html' ? 'message.html' : 'message.txt',
    // Without a charset, a text is ASCII by the rules of email.
    contentType: `${contentType}; charset=utf-8`,
    generatePreview: false,
    // A file handle of its own tells this message from earlier ones with the same text.
    forceRestart: true,
    signal,
    onProgress,
  });
  const message = {
    fileHandleId,
    subject,
    ...(inReplyTo !== undefined && { inReplyTo: idOf(inReplyTo) }),
  };
  const sent = await createOrFind({
    create: () => send(message),
    find: () => findSent(ctx, (each) => each.fileHandleId === fileHandleId, signal),
    signal,
  });
  return asMessage(sent);
}

/** The newest message that the caller has sent and that fits. */
export async function findSent(
  ctx: Context,
  fits: (message: M.MessageToUser) => boolean,
  signal: AbortSignal | undefined,
): Promise<M.MessageToUser | undefined> {
  const newest = { orderBy: 'SEND_DATE', descending: true, limit: 20, offset: 0 };
  const { results } = await ctx.services.message.listOutboxMessages(newest, { signal });
  return results.find(fits);
}
