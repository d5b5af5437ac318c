import { createUnnamed } from '../api/createUnnamed.js';
import type { Listing } from '../api/listing.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { idOf, type Identified } from '../values/ids.js';
import { forumIdOf, type ForumRef } from './forumIdOf.js';
import { listReplies, listThreads } from './listPosts.js';
import {
  asReply,
  asThread,
  checkText,
  checkTitle,
  type DiscussionReply,
  type DiscussionThread,
} from './post.js';
import { postText, type Post } from './postText.js';
import { ownUserId } from '../users/ownUserId.js';

/** A thread to create. */
export interface NewThread {
  /** At most 140 characters. */
  title: string;
  /** Markdown. Mentions (`@bob`) and Synapse ids become links on the website. */
  text: string;
}

/** Posts that are searched for one whose answer was lost. Pinned threads come before new ones. */
const mostSearched = 100;

/** Implements {@link Discussions.create}. */
export async function createThread(
  ctx: Context,
  forum: ForumRef,
  { title, text }: NewThread,
  options: CallOptions = {},
): Promise<DiscussionThread> {
  checkTitle(title);
  checkText(text);
  const forumId = await forumIdOf(ctx, forum, options);
  const body = { forumId, title, messageMarkdown: text };
  return createUnnamed(
    ctx,
    'thread',
    async () => asThread(await ctx.services.discussion.createThread({ body }, options)),
    (isKnown) =>
      findOwn(
        ctx,
        listThreads(ctx, forumId, options),
        { text, fits: (thread) => thread.title === title && !isKnown(thread.id) },
        options,
      ),
  );
}

/** Implements {@link Discussions.reply}. */
export async function createReply(
  ctx: Context,
  thread: Identified,
  text: string,
  options: CallOptions = {},
): Promise<DiscussionReply> {
  checkText(text);
  const body = { threadId: idOf(thread), messageMarkdown: text };
  return createUnnamed(
    ctx,
    'reply',
    async () => asReply(await ctx.services.discussion.createReply({ body }, options)),
    (isKnown) =>
      findOwn(
        ctx,
        listReplies(ctx, thread, { ...options, sortDirection: 'DESC' }),
        { text, fits: (reply) => !isKnown(reply.id) },
        options,
      ),
  );
}

/** The first post of the caller that fits and has the text. */
async function findOwn<T extends Post>(
  ctx: Context,
  posts: Listing<T>,
  { text, fits }: { text: string; fits: (post: T) => boolean },
  options: CallOptions,
): Promise<T | undefined> {
  const ownerId = await ownUserId(ctx, options);
  let searched = 0;
  for await (const post of posts) {
    const isMine = post.createdBy === ownerId && fits(post);
    if (isMine && (await postText(ctx, post, options)) === text) return post;
    searched += 1;
    if (searched >= mostSearched) return undefined;
  }
  return undefined;
}
