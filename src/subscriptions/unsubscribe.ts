import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { NotFoundError } from '../errors.js';
import { findSubscription } from './listSubscriptions.js';
import type { TopicRef } from './topic.js';

/** Implements {@link Subscriptions.delete}. */
export async function deleteSubscription(
  ctx: Context,
  subscription: string | number | Pick<M.Subscription, 'subscriptionId'>,
  options: CallOptions = {},
): Promise<void> {
  const id = typeof subscription === 'object' ? subscription.subscriptionId : String(subscription);
  await ctx.services.subscription.deleteSubscription({ id: id ?? '' }, options);
}

/** Implements {@link Subscriptions.unsubscribe}. */
export async function unsubscribe(
  ctx: Context,
  objectType: M.SubscriptionObjectType,
  object: TopicRef,
  options: CallOptions = {},
): Promise<boolean> {
  const found = await findSubscription(ctx, objectType, object, options);
  if (found === undefined) return false;
  try {
    await deleteSubscription(ctx, found, options);
  } catch (error) {
    // It has ended in the meantime.
    if (!(error instanceof NotFoundError)) throw error;
  }
  return true;
}
