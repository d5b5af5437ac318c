import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';

/** Discussion forums of projects: `syn.discussions`. */
export class Discussions {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Reads a thread, without its text.
   *
   * @throws {@link NotFoundError} when there is none with that id.
   * @see https://rest-docs.synapse.org/rest/GET/thread/threadId.html
   */
  get(thread: string | number, options: CallOptions = {}): Promise<M.DiscussionThreadBundle> {
    return this.#ctx.services.discussion.getThread({ threadId: String(thread) }, options);
  }
}
