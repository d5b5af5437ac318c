import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import type { Identified } from '../values/ids.js';
import type { Message } from './message.js';
import { wholeMessage } from './messageText.js';
import { sendMessage, type MessageContent } from './sendMessage.js';
import { ownUserId } from '../users/ownUserId.js';

/** An answer to a message. */
export interface MessageReply extends Pick<MessageContent, 'body' | 'contentType'> {
  /** @default the subject of the message, after `Re: ` */
  subject?: string;
  /** Whether the other recipients of the message get it too. @default false */
  toAll?: boolean;
}

/** Implements {@link Messages.reply}. */
export async function replyToMessage(
  ctx: Context,
  message: Identified,
  { subject, toAll = false, ...content }: MessageReply,
  { signal, onProgress }: CommonOptions = {},
): Promise<Message> {
  const original = await wholeMessage(ctx, message, { signal });
  const sender = original.createdBy ?? '';
  const recipients = toAll ? await everybody(ctx, original, signal) : [sender];
  const reply = {
    ...content,
    recipients,
    subject: subject ?? replySubject(original.subject ?? ''),
    inReplyTo: original.id,
  };
  return sendMessage(ctx, reply, { signal, onProgress });
}

/** The sender and the recipients, without the caller. */
async function everybody(
  ctx: Context,
  { createdBy = '', recipients = [] }: Message,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const ownId = await ownUserId(ctx, { signal });
  const others = [createdBy, ...recipients].filter((id) => id !== ownId);
  return others.length === 0 ? [createdBy] : others;
}

function replySubject(subject: string): string {
  return /^re:/i.test(subject) ? subject : `Re: ${subject}`;
}
