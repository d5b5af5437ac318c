import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { forumIdOf } from '../discussions/forumIdOf.js';
import { idOf, type Identified } from '../values/ids.js';

/** Something to subscribe to: its id, or an object; for a forum also its project, for a thread also a reply to it. */
export type TopicRef = Identified | { threadId?: string };

/** The topic that the service knows. */
export async function topicOf(
  ctx: Context,
  objectType: M.SubscriptionObjectType,
  object: TopicRef,
  options: CallOptions,
): Promise<Required<M.Topic>> {
  return { objectType, objectId: await objectIdOf(ctx, objectType, object, options) };
}

async function objectIdOf(
  ctx: Context,
  objectType: M.SubscriptionObjectType,
  object: TopicRef,
  options: CallOptions,
): Promise<string> {
  if (objectType === 'THREAD' && typeof object === 'object' && 'threadId' in object) {
    return idOf(object.threadId);
  }
  return objectType === 'FORUM' ? forumIdOf(ctx, object as Identified, options) : idOf(object);
}
