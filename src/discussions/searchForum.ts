import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { forumIdOf, type ForumRef } from './forumIdOf.js';

/** Implements {@link Discussions.search}. */
export function searchForum(
  ctx: Context,
  forum: ForumRef,
  words: string,
  options: CallOptions = {},
): Listing<M.Match> {
  if (words.trim() === '') throw new ArgumentError('There are no words to search for.');
  async function* matches(): AsyncGenerator<M.Match> {
    const forumId = await forumIdOf(ctx, forum, options);
    const args = { forumId, body: { searchString: words } };
    yield* ctx.http.paginate('discussion.searchForum', args, options);
  }
  return listing(matches);
}

/** Implements {@link Discussions.moderators}. */
export function listModerators(
  ctx: Context,
  forum: ForumRef,
  options: CallOptions = {},
): Listing<string> {
  async function* ids(): AsyncGenerator<string> {
    const forumId = await forumIdOf(ctx, forum, options);
    yield* ctx.http.paginate('discussion.listForumModeratorIds', { forumId }, options);
  }
  return listing(ids);
}
