import type * as M from '../../generated/models.js';
import { ArgumentError } from '../errors.js';

/** A thread of a forum. */
export interface DiscussionThread extends M.DiscussionThreadBundle {
  id: string;
  title: string;
  /** Markdown, if it was asked for. */
  text?: string;
}

/** A reply to a thread. */
export interface DiscussionReply extends M.DiscussionReplyBundle {
  id: string;
  threadId: string;
  /** Markdown, if it was asked for. */
  text?: string;
}

/** A thread as this package gives it. The shapes of the answers ensure that the members are there. */
export function asThread(thread: M.DiscussionThreadBundle): DiscussionThread {
  return { ...thread, id: thread.id ?? '', title: thread.title ?? '' };
}

/** Like {@link asThread}, for a reply. */
export function asReply(reply: M.DiscussionReplyBundle): DiscussionReply {
  return { ...reply, id: reply.id ?? '', threadId: reply.threadId ?? '' };
}

/** Characters of a title, as the service counts them. */
const longestTitle = 140;

/** @throws {@link ArgumentError} for a title that the service refuses */
export function checkTitle(title: string): string {
  if (title.trim() === '') throw new ArgumentError('The thread has no title.');
  requireWhole(title, 'title');
  if (title.length <= longestTitle) return title;
  throw new ArgumentError(
    `The title of the thread has ${title.length} characters, but Synapse allows ${longestTitle}.`,
  );
}

/** @throws {@link ArgumentError} for a text that the service refuses */
export function checkText(text: string): string {
  if (text === '') throw new ArgumentError('The post has no text.');
  return requireWhole(text, 'text');
}

/** Half a character would become U+FFFD. */
function requireWhole(value: string, what: string): string {
  const index = value.search(/\p{Surrogate}/u);
  if (index < 0) return value;
  throw new ArgumentError(
    `The ${what} has half a character (at ${index}), which cannot be stored.`,
  );
}
