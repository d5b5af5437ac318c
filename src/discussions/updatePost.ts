import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { idOf, type Identified } from '../values/ids.js';
import type { NewThread } from './createPost.js';
import {
  asReply,
  asThread,
  checkText,
  checkTitle,
  type DiscussionReply,
  type DiscussionThread,
} from './post.js';

/** Implements {@link Discussions.update}. */
export async function updateThread(
  ctx: Context,
  thread: Identified,
  { title, text }: Partial<NewThread>,
  options: CallOptions = {},
): Promise<DiscussionThread> {
  const threadId = idOf(thread);
  if (title !== undefined) checkTitle(title);
  if (text !== undefined) checkText(text);
  const { discussion } = ctx.services;
  let updated: DiscussionThread | undefined;
  if (title !== undefined) {
    updated = asThread(await discussion.updateThreadTitle({ threadId, body: { title } }, options));
  }
  if (text !== undefined) {
    const body = { messageMarkdown: text };
    updated = asThread(await discussion.updateThreadMessage({ threadId, body }, options));
  }
  if (updated !== undefined) return updated;
  throw new ArgumentError(`Nothing to change in thread ${threadId}: give a title or a text.`);
}

/** Implements {@link Discussions.updateReply}. */
export async function updateReply(
  ctx: Context,
  reply: Identified,
  text: string,
  options: CallOptions = {},
): Promise<DiscussionReply> {
  const args = { replyId: idOf(reply), body: { messageMarkdown: checkText(text) } };
  return asReply(await ctx.services.discussion.updateReplyMessage(args, options));
}
