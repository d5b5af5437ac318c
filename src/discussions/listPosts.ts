import type * as M from '../../generated/models.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { mapInBatches } from '../transfer/mapInBatches.js';
import { currentOf, idOf, type EntityRef, type Identified } from '../values/ids.js';
import { forumIdOf, type ForumRef } from './forumIdOf.js';
import { asReply, asThread, type DiscussionReply, type DiscussionThread } from './post.js';
import { withText, type Post, type PostTextOptions } from './postText.js';

/** How threads are sorted. */
export interface ThreadOrderOptions extends PostTextOptions {
  /** @default 'PINNED_AND_LAST_ACTIVITY' */
  sortBy?: M.DiscussionThreadOrder;
  /** @default 'DESC', for titles 'ASC' */
  sortDirection?: M.Direction;
}

/** Which threads are listed. */
export interface ListThreadsOptions extends ThreadOrderOptions {
  /** Deleted posts are shown to moderators only. @default 'EXCLUDE_DELETED' */
  filter?: M.DiscussionFilter;
}

/** Which replies are listed. */
export interface ListRepliesOptions extends PostTextOptions {
  /** Deleted posts are shown to moderators only. @default 'EXCLUDE_DELETED' */
  filter?: M.DiscussionFilter;
  /** @default 'ASC': the oldest first */
  sortDirection?: M.Direction;
}

/** Implements {@link Discussions.threads}. */
export function listThreads(
  ctx: Context,
  forum: ForumRef,
  options: ListThreadsOptions = {},
): Listing<DiscussionThread> {
  const { filter = 'EXCLUDE_DELETED', signal } = options;
  async function* threads(): AsyncGenerator<M.DiscussionThreadBundle> {
    const forumId = await forumIdOf(ctx, forum, { signal });
    const args = { forumId, filter, ...threadOrder(options) };
    yield* ctx.http.paginate('discussion.listForumThreads', args, { signal });
  }
  return posts(ctx, listing(threads), asThread, options);
}

/** Implements {@link Discussions.threadsAbout}. */
export function listThreadsAbout(
  ctx: Context,
  entity: EntityRef,
  options: ThreadOrderOptions = {},
): Listing<DiscussionThread> {
  const id = currentOf(entity, 'threads are about all versions');
  const args = { id, ...threadOrder(options) };
  const { signal } = options;
  const found = ctx.http.paginate('discussion.listEntityThreads', args, { signal });
  return posts(ctx, found, asThread, options);
}

/** Implements {@link Discussions.replies}. */
export function listReplies(
  ctx: Context,
  thread: Identified,
  options: ListRepliesOptions = {},
): Listing<DiscussionReply> {
  const { filter = 'EXCLUDE_DELETED', sortDirection = 'ASC', signal } = options;
  const args = {
    threadId: idOf(thread),
    filter,
    sort: 'CREATED_ON',
    ascending: sortDirection === 'ASC',
    limit: 100,
  } as const;
  const found = ctx.http.paginate('discussion.listThreadReplies', args, { signal });
  return posts(ctx, found, asReply, options);
}

/** The service wants both or neither. */
function threadOrder({ sortBy, sortDirection }: ThreadOrderOptions) {
  const sort = sortBy ?? 'PINNED_AND_LAST_ACTIVITY';
  const direction = sortDirection ?? (sort === 'THREAD_TITLE' ? 'ASC' : 'DESC');
  return { sort, ascending: direction === 'ASC' };
}

function posts<T extends Post, R extends Post>(
  ctx: Context,
  found: Listing<T>,
  convert: (post: T) => R,
  options: PostTextOptions,
): Listing<R> {
  async function* converted(): AsyncGenerator<R> {
    for await (const post of found) yield convert(post);
  }
  if (options.text !== true) return listing(converted);
  return listing(() => mapInBatches(converted(), (post) => withText(ctx, post, options)));
}
