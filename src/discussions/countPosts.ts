import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { currentOf, idOf, type EntityRef, type Identified } from '../values/ids.js';
import { forumIdOf, type ForumRef } from './forumIdOf.js';

/** Which posts are counted. */
export interface CountOptions extends CallOptions {
  /** Deleted posts are counted for moderators only. @default 'EXCLUDE_DELETED' */
  filter?: M.DiscussionFilter;
}

/** Implements {@link Discussions.threadCount}. */
export async function countThreads(
  ctx: Context,
  forum: ForumRef,
  { filter = 'EXCLUDE_DELETED', ...options }: CountOptions = {},
): Promise<number> {
  const forumId = await forumIdOf(ctx, forum, options);
  const args = { forumId, filter };
  const { count } = await ctx.services.discussion.getForumThreadCount(args, options);
  return count ?? 0;
}

/** Implements {@link Discussions.replyCount}. */
export async function countReplies(
  ctx: Context,
  thread: Identified,
  { filter = 'EXCLUDE_DELETED', ...options }: CountOptions = {},
): Promise<number> {
  const args = { threadId: idOf(thread), filter };
  const { count } = await ctx.services.discussion.getThreadReplyCount(args, options);
  return count ?? 0;
}

/** Entities of one request. */
const batchSize = 100;

/** Implements {@link Discussions.threadCounts}. */
export async function countThreadsAbout(
  ctx: Context,
  entities: readonly EntityRef[],
  options: CallOptions = {},
): Promise<Map<string, number>> {
  const ids = entities.map((entity) => currentOf(entity, 'threads are about all versions'));
  const counts = new Map(ids.map((id) => [id, 0]));
  const wanted = [...counts.keys()];
  for (let start = 0; start < wanted.length; start += batchSize) {
    const body = { idList: wanted.slice(start, start + batchSize) };
    const { list } = await ctx.services.discussion.getEntityThreadCounts({ body }, options);
    for (const { entityId = '', count = 0 } of list) counts.set(entityId, count);
  }
  return counts;
}
