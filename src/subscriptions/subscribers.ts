import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { topicOf, type TopicRef } from './topic.js';

/** Implements {@link Subscriptions.subscribers}. */
export function listSubscribers(
  ctx: Context,
  objectType: M.SubscriptionObjectType,
  object: TopicRef,
  options: CallOptions = {},
): Listing<string> {
  async function* ids(): AsyncGenerator<string> {
    const body = await topicOf(ctx, objectType, object, options);
    yield* ctx.http.paginate('subscription.listSubscribers', { body }, options);
  }
  return listing(ids);
}

/** Implements {@link Subscriptions.subscriberCount}. */
export async function countSubscribers(
  ctx: Context,
  objectType: M.SubscriptionObjectType,
  object: TopicRef,
  options: CallOptions = {},
): Promise<number> {
  const body = await topicOf(ctx, objectType, object, options);
  const { count } = await ctx.services.subscription.getSubscriberCount({ body }, options);
  return count ?? 0;
}
