import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';

/** Subscriptions of the caller: `syn.subscriptions`. */
export class Subscriptions {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Ends a subscription.
   *
   * @throws {@link NotFoundError} when there is none with that id.
   * @see https://rest-docs.synapse.org/rest/DELETE/subscription/id.html
   */
  async delete(subscription: string | number, options: CallOptions = {}): Promise<void> {
    await this.#ctx.services.subscription.deleteSubscription({ id: String(subscription) }, options);
  }
}
