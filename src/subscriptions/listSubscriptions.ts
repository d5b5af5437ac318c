import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { asOwn, type OwnSubscription } from './subscribe.js';
import { topicOf, type TopicRef } from './topic.js';

/** Which subscriptions are listed, and in which order. */
export interface ListSubscriptionsOptions extends CallOptions {
  /** Only those to these objects. @default all objects of the type */
  objects?: readonly TopicRef[];
  /** @default 'CREATED_ON' */
  sortBy?: M.SortByType;
  /** @default 'DESC': the newest first */
  sortDirection?: M.SubscriptionSortDirection;
}

/** Objects of one request. */
const batchSize = 100;

/** Implements {@link Subscriptions.list}. */
export function listSubscriptions(
  ctx: Context,
  objectType: M.SubscriptionObjectType,
  options: ListSubscriptionsOptions = {},
): Listing<OwnSubscription> {
  const { objects, sortBy = 'CREATED_ON', sortDirection = 'DESC', ...call } = options;
  async function* all(): AsyncGenerator<OwnSubscription> {
    const args = { objectType, sortBy, sortDirection, limit: batchSize };
    const found = ctx.http.paginate('subscription.listSubscriptions', args, call);
    for await (const subscription of found) yield asOwn(subscription);
  }
  async function* some(refs: readonly TopicRef[]): AsyncGenerator<OwnSubscription> {
    const topics = await Promise.all(refs.map((ref) => topicOf(ctx, objectType, ref, call)));
    const ids = [...new Set(topics.map(({ objectId }) => objectId))];
    for (let start = 0; start < ids.length; start += batchSize) {
      const idList = ids.slice(start, start + batchSize);
      const body = { objectType, idList, sortByType: sortBy, sortDirection };
      const { subscription } = ctx.services;
      const { results } = await subscription.listSubscriptionsByObjectIds({ body }, call);
      yield* results.map(asOwn);
    }
  }
  return listing(() => (objects === undefined ? all() : some(objects)));
}

/** The subscription of the caller to an object. */
export async function findSubscription(
  ctx: Context,
  objectType: M.SubscriptionObjectType,
  object: TopicRef,
  options: CallOptions = {},
): Promise<OwnSubscription | undefined> {
  const [found] = await listSubscriptions(ctx, objectType, {
    ...options,
    objects: [object],
  }).toArray();
  return found;
}
