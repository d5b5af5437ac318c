import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { lazyListing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import { idOf, type EntityRef, type Identified } from '../values/ids.js';
import type { TextOptions } from './getMessage.js';
import type { InboxOptions, ListMessagesOptions } from './listMessages.js';
import type { Message } from './message.js';
import type { MessageReply } from './replyToMessage.js';
import type { MessageContent, NewMessage } from './sendMessage.js';

/**
 * Messages to users of Synapse, who also get them by email: `syn.messages`.
 *
 * A message is given by its id, or as an object. Synapse allows ten messages in a minute: more are sent when there is room again.
 */
export class Messages {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Sends a message. It is sent once, also when an answer of Synapse is lost. Synapse takes a message to a team that does not accept
   * messages of the caller, delivers it to nobody there, and tells the caller in a mail.
   *
   * @example
   * await syn.messages.send({ recipients: ['bob', 'Sleep team'], subject: 'Done', body: 'The upload is complete.' });
   *
   * @returns The message as it was sent.
   * @throws {@link ArgumentError} for an empty text, a subject of several lines, a name that nobody has, and for no or more than 50
   * recipients, before anything is sent.
   * @throws {@link RateLimitError} when ten messages were sent in a minute, and waiting did not help.
   * @see https://rest-docs.synapse.org/rest/POST/message.html
   */
  async send(message: NewMessage, options: CommonOptions = {}): Promise<Message> {
    const { sendMessage } = await import('./sendMessage.js');
    return sendMessage(this.#ctx, message, options);
  }

  /**
   * Sends a message to the user who created an entity, for example to ask for access. The caller needs no access to it.
   *
   * @returns The message as it was sent.
   * @throws As {@link Messages.send} does.
   * @see https://rest-docs.synapse.org/rest/POST/entity/id/message.html
   */
  async sendToCreator(
    entity: EntityRef,
    message: MessageContent,
    options: CommonOptions = {},
  ): Promise<Message> {
    const { sendToCreator } = await import('./sendMessage.js');
    return sendToCreator(this.#ctx, entity, message, options);
  }

  /**
   * Replies to a message: to its sender, or with `toAll` also to its other recipients. The reply is in the same conversation.
   *
   * @example
   * await syn.messages.reply(message, { body: 'Thank you!' });
   *
   * @returns The message as it was sent.
   * @throws As {@link Messages.send} does.
   * @see https://rest-docs.synapse.org/rest/POST/message.html
   */
  async reply(
    message: Identified,
    reply: MessageReply,
    options: CommonOptions = {},
  ): Promise<Message> {
    const { replyToMessage } = await import('./replyToMessage.js');
    return replyToMessage(this.#ctx, message, reply, options);
  }

  /**
   * Forwards a message that the caller has sent or received. It begins a conversation of its own.
   *
   * @param recipients - Users and teams: ids, full names, or objects with an id. At most 50.
   * @returns The message as it was sent.
   * @throws As {@link Messages.send} does.
   * @see https://rest-docs.synapse.org/rest/POST/message/messageId/forward.html
   */
  async forward(
    message: Identified,
    recipients: readonly Identified[],
    options: Pick<CommonOptions, 'signal'> = {},
  ): Promise<Message> {
    const { forwardMessage } = await import('./forwardMessage.js');
    return forwardMessage(this.#ctx, message, recipients, options);
  }

  /**
   * Reads a message that the caller has sent or received.
   *
   * @throws {@link NotFoundError} when no message has the id.
   * @throws {@link AuthorizationError} for a message between others.
   * @see https://rest-docs.synapse.org/rest/GET/message/messageId.html
   */
  async get(message: Identified, options: TextOptions = {}): Promise<Message> {
    const { getMessage } = await import('./getMessage.js');
    return getMessage(this.#ctx, message, options);
  }

  /**
   * Reads the text of a message, whatever its length up to 256 MiB.
   *
   * @throws {@link DownloadError} when the text is damaged, or is not in the charset that it names.
   * @see https://rest-docs.synapse.org/rest/POST/fileHandle/batch.html
   */
  async text(message: Identified, options: CommonOptions = {}): Promise<string> {
    const { messageText } = await import('./messageText.js');
    return messageText(this.#ctx, message, options);
  }

  /**
   * Lists the messages that the caller has received, the newest first. Each has its `status`.
   *
   * @example
   * for await (const { subject, text } of syn.messages.inbox({ status: 'UNREAD', text: true })) console.log(subject, text);
   *
   * @see https://rest-docs.synapse.org/rest/GET/message/inbox.html
   */
  inbox(options: InboxOptions = {}): Listing<Message> {
    return lazyListing(async () => {
      const { listInbox } = await import('./listMessages.js');
      return listInbox(this.#ctx, options);
    });
  }

  /**
   * Lists the messages that the caller has sent, the newest first.
   *
   * @see https://rest-docs.synapse.org/rest/GET/message/outbox.html
   */
  outbox(options: ListMessagesOptions = {}): Listing<Message> {
    return lazyListing(async () => {
      const { listOutbox } = await import('./listMessages.js');
      return listOutbox(this.#ctx, options);
    });
  }

  /**
   * Lists the messages of a conversation that the caller has sent or received, the oldest first.
   *
   * @param message - Any message of the conversation.
   * @see https://rest-docs.synapse.org/rest/GET/message/messageId/conversation.html
   */
  conversation(message: Identified, options: ListMessagesOptions = {}): Listing<Message> {
    const id = idOf(message);
    return lazyListing(async () => {
      const { listConversation } = await import('./listMessages.js');
      return listConversation(this.#ctx, { id }, options);
    });
  }

  /**
   * Marks a message in the inbox of the caller as read, unread or archived. Synapse keeps all messages: archiving takes one out of the
   * inbox.
   *
   * @throws {@link AuthorizationError} for a message that the caller has not received, and for one that does not exist.
   * @see https://rest-docs.synapse.org/rest/PUT/message/status.html
   */
  async setStatus(
    message: Identified,
    status: M.MessageStatusType,
    options: CallOptions = {},
  ): Promise<void> {
    const { setMessageStatus } = await import('./setMessageStatus.js');
    return setMessageStatus(this.#ctx, message, status, options);
  }
}
