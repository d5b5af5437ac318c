import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { topicOf, type TopicRef } from './topic.js';

/** A subscription of the caller. */
export interface OwnSubscription extends M.Subscription {
  subscriptionId: string;
  objectId: string;
}

/** Implements {@link Subscriptions.subscribe}. */
export async function subscribe(
  ctx: Context,
  objectType: M.SubscriptionObjectType,
  object: TopicRef,
  options: CallOptions = {},
): Promise<OwnSubscription> {
  const body = await topicOf(ctx, objectType, object, options);
  return asOwn(await ctx.services.subscription.createSubscription({ body }, options));
}

/** Implements {@link Subscriptions.subscribeAll}. */
export async function subscribeAll(
  ctx: Context,
  objectType: M.SubscriptionObjectType,
  options: CallOptions = {},
): Promise<OwnSubscription> {
  return asOwn(await ctx.services.subscription.subscribeToAll({ objectType }, options));
}

/** A subscription as this package gives it. The shapes of the answers ensure that the ids are there. */
export function asOwn(subscription: M.Subscription): OwnSubscription {
  const { subscriptionId = '', objectId = '' } = subscription;
  return { ...subscription, subscriptionId, objectId };
}
