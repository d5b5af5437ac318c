import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import {
  findSubscription,
  listSubscriptions,
  type ListSubscriptionsOptions,
} from './listSubscriptions.js';
import { subscribe, subscribeAll, type OwnSubscription } from './subscribe.js';
import { countSubscribers, listSubscribers } from './subscribers.js';
import type { TopicRef } from './topic.js';
import { deleteSubscription, unsubscribe } from './unsubscribe.js';

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
  subscribe(
    type: M.SubscriptionObjectType,
    object: TopicRef,
    options: CallOptions = {},
  ): Promise<OwnSubscription> {
    return subscribe(this.#ctx, type, object, options);
  }

  /**
   * Subscribes to all objects of a type, those of the future included. Synapse allows it for data access submissions, and their
   * reviewers.
   *
   * @throws {@link SynapseHttpError} for other types.
   * @see https://rest-docs.synapse.org/rest/POST/subscription/all.html
   */
  subscribeAll(
    type: M.SubscriptionObjectType,
    options: CallOptions = {},
  ): Promise<OwnSubscription> {
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
    return listSubscriptions(this.#ctx, type, options);
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
    return (await findSubscription(this.#ctx, type, object, options)) !== undefined;
  }

  /**
   * Ends the subscription of the caller to an object. It is no error when there is none.
   *
   * @returns Whether there was one.
   * @see https://rest-docs.synapse.org/rest/DELETE/subscription/id.html
   */
  unsubscribe(
    type: M.SubscriptionObjectType,
    object: TopicRef,
    options: CallOptions = {},
  ): Promise<boolean> {
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
   * Ends a subscription of the caller.
   *
   * @param subscription - Its id, or as it was returned.
   * @throws {@link NotFoundError} when no subscription has the id.
   * @see https://rest-docs.synapse.org/rest/DELETE/subscription/id.html
   */
  delete(
    subscription: string | number | Pick<M.Subscription, 'subscriptionId'>,
    options: CallOptions = {},
  ): Promise<void> {
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
    return listSubscribers(this.#ctx, type, object, options);
  }

  /**
   * The number of users who are subscribed to an object.
   *
   * @see https://rest-docs.synapse.org/rest/POST/subscription/subscribers/count.html
   */
  subscriberCount(
    type: M.SubscriptionObjectType,
    object: TopicRef,
    options: CallOptions = {},
  ): Promise<number> {
    return countSubscribers(this.#ctx, type, object, options);
  }
}
