import { Readable } from 'node:stream';
import type * as M from '../../generated/models.js';
import { isLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { uploadFile } from '../storages/synapse/uploadFile.js';

/** A message to users of Synapse, which they also get by email. */
export interface NewMessage {
  /** Ids of users and teams, at most 50. */
  recipients: readonly string[];
  subject: string;
  /** The text, of any length, but not empty. */
  body: string;
  /** The media type of the text. @default 'text/plain' */
  contentType?: 'text/plain' | 'text/html';
}

/** Recipients of one message. */
const mostRecipients = 50;

/**
 * Sends a message. Its text is uploaded first. After a lost answer, the message is looked up among those that were sent, so
 * that nobody gets it twice.
 *
 * @throws {@link ArgumentError} for an empty text, and for no or too many recipients, before anything is sent.
 * @throws {@link RateLimitError} after more than 10 messages in a minute.
 * @see https://rest-docs.synapse.org/rest/POST/message.html
 */
export async function sendMessage(
  ctx: Context,
  { recipients, subject, body, contentType = 'text/plain' }: NewMessage,
  { signal }: Pick<CommonOptions, 'signal'> = {},
): Promise<M.MessageToUser> {
  checkRecipients(recipients);
  if (body === '') throw new ArgumentError('The message has no text.');
  const { fileHandleId } = await uploadFile(ctx, {
    stream: Readable.from([Buffer.from(body)]),
    fileName: contentType === 'text/html' ? 'message.html' : 'message.txt',
    // Without a charset, a text is ASCII by the rules of email.
    contentType: `${contentType}; charset=utf-8`,
    generatePreview: false,
    // A file handle of its own tells this message from earlier ones with the same text.
    forceRestart: true,
    signal,
  });
  const message = { fileHandleId, recipients: [...recipients], subject };
  const send = (): Promise<M.MessageToUser> =>
    ctx.services.message.sendMessage({ body: message }, { signal });
  try {
    return await send();
  } catch (error) {
    if (!isLostAnswer(error)) throw error;
    return (await findSent(ctx, fileHandleId, signal)) ?? (await send());
  }
}

function checkRecipients(recipients: readonly string[]): void {
  if (recipients.length === 0) throw new ArgumentError('The message has no recipients.');
  if (recipients.length <= mostRecipients) return;
  throw new ArgumentError(
    `The message has ${recipients.length} recipients, but Synapse allows ${mostRecipients}: send several messages, or write to a team.`,
  );
}

/** The message with that text. The newest messages are listed first. */
async function findSent(
  ctx: Context,
  fileHandleId: string,
  signal: AbortSignal | undefined,
): Promise<M.MessageToUser | undefined> {
  const newest = { orderBy: 'SEND_DATE', descending: true, limit: 20, offset: 0 };
  const { results } = await ctx.services.message.listOutboxMessages(newest, { signal });
  return results.find((message) => message.fileHandleId === fileHandleId);
}
