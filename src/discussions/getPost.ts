import type { Context } from '../context.js';
import { idOf, type Identified } from '../values/ids.js';
import { asReply, asThread, type DiscussionReply, type DiscussionThread } from './post.js';
import { withText, type PostTextOptions } from './postText.js';

/** Implements {@link Discussions.get}. */
export async function getThread(
  ctx: Context,
  thread: Identified,
  options: PostTextOptions = {},
): Promise<DiscussionThread> {
  const { signal } = options;
  const found = await ctx.services.discussion.getThread({ threadId: idOf(thread) }, { signal });
  return withText(ctx, asThread(found), options);
}

/** Implements {@link Discussions.getReply}. */
export async function getReply(
  ctx: Context,
  reply: Identified,
  options: PostTextOptions = {},
): Promise<DiscussionReply> {
  const { signal } = options;
  const found = await ctx.services.discussion.getReply({ replyId: idOf(reply) }, { signal });
  return withText(ctx, asReply(found), options);
}
