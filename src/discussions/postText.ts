import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { UrlObject } from '../storages/http/urlObject.js';
import { readText } from '../transfer/readText.js';

/** A thread or a reply as it was read. */
export type Post = M.DiscussionThreadBundle | M.DiscussionReplyBundle;

/** Whether texts, which are in files, are read too. */
export interface PostTextOptions extends CommonOptions {
  /** Whether to read the text, with a request of its own for each. @default false */
  text?: boolean;
}

/** Implements {@link Discussions.text}. */
export async function postText(
  ctx: Context,
  post: Post,
  { signal, onProgress }: CommonOptions = {},
): Promise<string> {
  const { messageKey } = post;
  if (messageKey === undefined) {
    throw new ArgumentError('The post has no messageKey: pass a thread or a reply that was read.');
  }
  const isReply = 'threadId' in post;
  const what = `${isReply ? 'reply' : 'thread'} ${post.id ?? ''}`;
  const { discussion } = ctx.services;
  let url: Promise<M.MessageURL> | undefined;
  const source = {
    url: async () => {
      url ??= isReply
        ? discussion.getReplyMessageUrl({ messageKey }, { signal })
        : discussion.getThreadMessageUrl({ messageKey }, { signal });
      return (await url).messageUrl ?? '';
    },
    // A URL expires: another one is requested.
    refused: () => (url = undefined),
  };
  const object = new UrlObject(ctx.storage, source, { id: what });
  return readText(ctx, { what, open: () => Promise.resolve(object), signal, onProgress });
}

/** Adds the text to a post, if it is asked for. */
export async function withText<T extends Post>(
  ctx: Context,
  post: T,
  { text = false, ...options }: PostTextOptions,
): Promise<T & { text?: string }> {
  return text ? { ...post, text: await postText(ctx, post, options) } : post;
}
