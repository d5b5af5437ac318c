import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { lazyListing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import type { ListSubscriptionsOptions } from './listSubscriptions.js';
import type { OwnSubscription } from './subscribe.js';
import type { TopicRef } from './topic.js';

/**
 * What the caller is told about by email: `syn.subscriptions`. Synapse has subscriptions to forums (new threads), threads (new replies),
 * and to submissions of data access requests.
 */
export class Subscriptions {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Subscribes to an object. A subscription that exists is returned.
   *
   * @example
   * await syn.subscriptions.subscribe('FORUM', study);
   * await syn.subscriptions.subscribe('THREAD', thread);
   *
   * @param object - Its id, or an object; for a forum also its project.
   * @throws {@link NotFoundError} when there is no such object.
   * @throws {@link AuthorizationError} without access to it.
   * @see https://rest-docs.synapse.org/rest/POST/subscription.html
   */
  async subscribe(
    type: M.SubscriptionObjectType,
    object: TopicRef,
    options: CallOptions = {},
  ): Promise<OwnSubscription> {
    const { subscribe } = await import('./subscribe.js');
    return subscribe(this.#ctx, type, object, options);
  }

  /**
   * Subscribes to all objects of a type, those of the future included. Synapse allows it for data access submissions, and their
   * reviewers.
   *
   * @throws {@link SynapseHttpError} for other types.
   * @see https://rest-docs.synapse.org/rest/POST/subscription/all.html
   */
  async subscribeAll(
    type: M.SubscriptionObjectType,
    options: CallOptions = {},
  ): Promise<OwnSubscription> {
    const { subscribeAll } = await import('./subscribe.js');
    return subscribeAll(this.#ctx, type, options);
  }

  /**
   * Lists the subscriptions of the caller to objects of a type, the newest first.
   *
   * @see https://rest-docs.synapse.org/rest/GET/subscription/all.html
   */
  list(
    type: M.SubscriptionObjectType,
    options: ListSubscriptionsOptions = {},
  ): Listing<OwnSubscription> {
    return lazyListing(async () => {
      const { listSubscriptions } = await import('./listSubscriptions.js');
      return listSubscriptions(this.#ctx, type, options);
    });
  }

  /**
   * Whether the caller is subscribed to an object.
   *
   * @see https://rest-docs.synapse.org/rest/POST/subscription/list.html
   */
  async isSubscribed(
    type: M.SubscriptionObjectType,
    object: TopicRef,
    options: CallOptions = {},
  ): Promise<boolean> {
    const { findSubscription } = await import('./listSubscriptions.js');
    return (await findSubscription(this.#ctx, type, object, options)) !== undefined;
  }

  /**
   * Ends the subscription of the caller to an object. It is no error when there is none.
   *
   * @returns Whether there was one.
   * @see https://rest-docs.synapse.org/rest/DELETE/subscription/id.html
   */
  async unsubscribe(
    type: M.SubscriptionObjectType,
    object: TopicRef,
    options: CallOptions = {},
  ): Promise<boolean> {
    const { unsubscribe } = await import('./unsubscribe.js');
    return unsubscribe(this.#ctx, type, object, options);
  }

  /**
   * Ends all subscriptions of the caller, of all types.
   *
   * @see https://rest-docs.synapse.org/rest/DELETE/subscription/all.html
   */
  async unsubscribeAll(options: CallOptions = {}): Promise<void> {
    await this.#ctx.services.subscription.deleteAllSubscriptions(options);
  }

  /**
   * Ends a subscription of the caller. It does not matter whether there is one with the id.
   *
   * @param subscription - Its id, or as it was returned.
   * @throws {@link AuthorizationError} for the subscription of another user.
   * @see https://rest-docs.synapse.org/rest/DELETE/subscription/id.html
   */
  async delete(
    subscription: string | number | Pick<M.Subscription, 'subscriptionId'>,
    options: CallOptions = {},
  ): Promise<void> {
    const { deleteSubscription } = await import('./unsubscribe.js');
    return deleteSubscription(this.#ctx, subscription, options);
  }

  /**
   * Lists the ids of the users who are subscribed to an object.
   *
   * @see https://rest-docs.synapse.org/rest/POST/subscription/subscribers.html
   */
  subscribers(
    type: M.SubscriptionObjectType,
    object: TopicRef,
    options: CallOptions = {},
  ): Listing<string> {
    return lazyListing(async () => {
      const { listSubscribers } = await import('./subscribers.js');
      return listSubscribers(this.#ctx, type, object, options);
    });
  }

  /**
   * The number of users who are subscribed to an object.
   *
   * @see https://rest-docs.synapse.org/rest/POST/subscription/subscribers/count.html
   */
  async subscriberCount(
    type: M.SubscriptionObjectType,
    object: TopicRef,
    options: CallOptions = {},
  ): Promise<number> {
    const { countSubscribers } = await import('./subscribers.js');
    return countSubscribers(this.#ctx, type, object, options);
  }
}
