import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { asModerator } from './asModerator.js';
import { idOf, type Identified } from '../values/ids.js';

/** What a moderator does to a thread, and the operation that does it. */
const operations = {
  delete: 'deleteThread',
  restore: 'restoreThread',
  pin: 'pinThread',
  unpin: 'unpinThread',
} as const;

/** Implements {@link Discussions.delete}, {@link Discussions.restore}, {@link Discussions.pin} and {@link Discussions.unpin}. */
export async function moderateThread(
  ctx: Context,
  thread: Identified,
  action: keyof typeof operations,
  options: CallOptions = {},
): Promise<void> {
  const threadId = idOf(thread);
  const { discussion } = ctx.services;
  await asModerator(
    ctx,
    async () => forumIn(thread) ?? (await discussion.getThread({ threadId }, options)).forumId,
    options,
    () => discussion[operations[action]]({ threadId }, options),
  );
}

/** Implements {@link Discussions.deleteReply}. */
export async function deleteReply(
  ctx: Context,
  reply: Identified,
  options: CallOptions = {},
): Promise<void> {
  const replyId = idOf(reply);
  const { discussion } = ctx.services;
  await asModerator(
    ctx,
    async () => forumIn(reply) ?? (await discussion.getReply({ replyId }, options)).forumId,
    options,
    () => discussion.deleteReply({ replyId }, options),
  );
}

/** The id of the forum, if the post was read before. */
function forumIn(post: Identified | { forumId?: string }): string | undefined {
  return typeof post === 'object' && 'forumId' in post ? post.forumId : undefined;
}
