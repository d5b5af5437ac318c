import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
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
  await ctx.services.discussion[operations[action]]({ threadId: idOf(thread) }, options);
}

/** Implements {@link Discussions.deleteReply}. */
export async function deleteReply(
  ctx: Context,
  reply: Identified,
  options: CallOptions = {},
): Promise<void> {
  await ctx.services.discussion.deleteReply({ replyId: idOf(reply) }, options);
}
