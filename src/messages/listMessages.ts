import type * as M from '../../generated/models.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { mapInBatches } from '../transfer/mapInBatches.js';
import { idOf, type Identified } from '../values/ids.js';
import type { TextOptions } from './getMessage.js';
import { asMessage, type Message } from './message.js';
import { messageText } from './messageText.js';

/** How messages are listed. */
export interface ListMessagesOptions extends TextOptions {
  /** @default 'SEND_DATE' */
  sortBy?: 'SEND_DATE' | 'SUBJECT' | 'SENDER';
  /** @default 'DESC': the newest first */
  sortDirection?: M.Direction;
}

/** Which messages of the inbox are listed. */
export interface InboxOptions extends ListMessagesOptions {
  /** @default ['UNREAD', 'READ'] */
  status?: M.MessageStatusType | readonly M.MessageStatusType[];
}

const pageSize = 50;

/** Implements {@link Messages.inbox}. */
export function listInbox(
  ctx: Context,
  { status = ['UNREAD', 'READ'], ...options }: InboxOptions = {},
): Listing<Message> {
  const inboxFilter = [status].flat().join(',');
  const bundles = ctx.http.paginate(
    'message.listInboxMessages',
    { inboxFilter, ...order(options) },
    { signal: options.signal },
  );
  async function* messages(): AsyncGenerator<Message> {
    for await (const { message = {}, status: state } of bundles) {
      yield asMessage(message, state?.status);
    }
  }
  return withTexts(ctx, listing(messages), options);
}

/** Implements {@link Messages.outbox}. */
export function listOutbox(ctx: Context, options: ListMessagesOptions = {}): Listing<Message> {
  const { signal } = options;
  return found(
    ctx,
    ctx.http.paginate('message.listOutboxMessages', order(options), { signal }),
    options,
  );
}

/** Implements {@link Messages.conversation}. */
export function listConversation(
  ctx: Context,
  message: Identified,
  options: ListMessagesOptions = {},
): Listing<Message> {
  const args = { messageId: idOf(message), ...order({ sortDirection: 'ASC', ...options }) };
  const { signal } = options;
  return found(
    ctx,
    ctx.http.paginate('message.listConversationMessages', args, { signal }),
    options,
  );
}

function order({ sortBy = 'SEND_DATE', sortDirection = 'DESC' }: ListMessagesOptions) {
  return { orderBy: sortBy, descending: sortDirection === 'DESC', limit: pageSize };
}

function found(
  ctx: Context,
  models: Listing<M.MessageToUser>,
  options: TextOptions,
): Listing<Message> {
  async function* messages(): AsyncGenerator<Message> {
    for await (const model of models) yield asMessage(model);
  }
  return withTexts(ctx, listing(messages), options);
}

function withTexts(
  ctx: Context,
  messages: Listing<Message>,
  { text = false, signal, onProgress }: TextOptions,
): Listing<Message> {
  if (!text) return messages;
  const read = async (message: Message): Promise<Message> => ({
    ...message,
    text: await messageText(ctx, message, { signal, onProgress }),
  });
  return listing(() => mapInBatches(messages, read));
}
