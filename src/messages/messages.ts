import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import { sendMessage, type NewMessage } from './sendMessage.js';

/** Messages to users of Synapse, who also get them by email: `syn.messages`. */
export class Messages {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Sends a message. It is sent once, also when an answer of Synapse is lost.
   *
   * @example
   * const { ownerId } = await syn.getUserProfile();
   * await syn.messages.send({ recipients: [ownerId ?? ''], subject: 'Done', body: 'The upload is complete.' });
   *
   * @returns The message as it was sent.
   * @throws {@link ArgumentError} for an empty text, and for no or too many recipients, before anything is sent.
   * @throws {@link RateLimitError} after more than 10 messages in a minute.
   * @see https://rest-docs.synapse.org/rest/POST/message.html
   */
  send(message: NewMessage, options: Pick<CommonOptions, 'signal'> = {}): Promise<M.MessageToUser> {
    return sendMessage(this.#ctx, message, options);
  }
}
