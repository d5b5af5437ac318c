import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import type { EntityRef, Identified } from '../values/ids.js';
import { countReplies, countThreads, countThreadsAbout, type CountOptions } from './countPosts.js';
import { createReply, createThread, type NewThread } from './createPost.js';
import { getForum, type DiscussionForum, type ForumRef } from './forumIdOf.js';
import { getReply, getThread } from './getPost.js';
import {
  listReplies,
  listThreads,
  listThreadsAbout,
  type ListRepliesOptions,
  type ListThreadsOptions,
  type ThreadOrderOptions,
} from './listPosts.js';
import { deleteReply, moderateThread } from './moderatePost.js';
import type { DiscussionReply, DiscussionThread } from './post.js';
import { postText, type Post, type PostTextOptions } from './postText.js';
import { listModerators, searchForum } from './searchForum.js';
import { updateReply, updateThread } from './updatePost.js';

/**
 * Discussion forums of projects, with threads and replies: `syn.discussions`.
 *
 * A forum is given by its project or by itself; each as an id or an object. With a project, the forum is looked up each time. Texts are
 * Markdown and stay as they are; they are in files, which are read only with `{ text: true }` and by `text`.
 */
export class Discussions {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * The forum of a project.
   *
   * @throws {@link NotFoundError} when there is no such project.
   * @see https://rest-docs.synapse.org/rest/GET/project/projectId/forum.html
   */
  forum(project: ForumRef, options: CallOptions = {}): Promise<DiscussionForum> {
    return getForum(this.#ctx, project, options);
  }

  /**
   * Lists the threads of a forum: pinned ones first, then the most recently active.
   *
   * @example
   * for await (const { title, text } of syn.discussions.threads(study, { text: true })) console.log(title, text);
   *
   * @throws {@link AuthorizationError} without access to the project, and for deleted threads without MODERATE permission.
   * @see https://rest-docs.synapse.org/rest/GET/forum/forumId/threads.html
   */
  threads(forum: ForumRef, options: ListThreadsOptions = {}): Listing<DiscussionThread> {
    return listThreads(this.#ctx, forum, options);
  }

  /**
   * Lists the threads that mention an entity, in all projects that the caller can read.
   *
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/threads.html
   */
  threadsAbout(entity: EntityRef, options: ThreadOrderOptions = {}): Listing<DiscussionThread> {
    return listThreadsAbout(this.#ctx, entity, options);
  }

  /**
   * Creates a thread. It is created once, also when an answer of Synapse is lost. The caller is subscribed to it.
   *
   * @example
   * const thread = await syn.discussions.create(study, { title: 'Outliers', text: 'See syn123, @bob.' });
   *
   * @throws {@link ArgumentError} for a title without characters or with more than 140, and for an empty text, before anything is sent.
   * @see https://rest-docs.synapse.org/rest/POST/thread.html
   */
  create(forum: ForumRef, thread: NewThread, options: CallOptions = {}): Promise<DiscussionThread> {
    return createThread(this.#ctx, forum, thread, options);
  }

  /**
   * Reads a thread, and counts as a view of it.
   *
   * @throws {@link NotFoundError} when no thread has the id, or when it is deleted and the caller lacks the MODERATE permission.
   * @see https://rest-docs.synapse.org/rest/GET/thread/threadId.html
   */
  get(thread: Identified, options: PostTextOptions = {}): Promise<DiscussionThread> {
    return getThread(this.#ctx, thread, options);
  }

  /**
   * Reads the text of a thread or a reply that was read or listed before.
   *
   * @throws {@link DownloadError} when the text is damaged, not UTF-8, or larger than 256 MiB.
   * @see https://rest-docs.synapse.org/rest/GET/thread/messageUrl.html
   */
  text(post: Post, options: CommonOptions = {}): Promise<string> {
    return postText(this.#ctx, post, options);
  }

  /**
   * Changes the title, the text, or both, of a thread of the caller. The title is changed first, with a request of its own.
   *
   * @throws {@link ArgumentError} as `create` does, and when nothing is given.
   * @throws {@link AuthorizationError} for a thread of another user.
   * @see https://rest-docs.synapse.org/rest/PUT/thread/threadId/message.html
   */
  update(
    thread: Identified,
    change: Partial<NewThread>,
    options: CallOptions = {},
  ): Promise<DiscussionThread> {
    return updateThread(this.#ctx, thread, change, options);
  }

  /**
   * Deletes a thread. `restore` brings it back.
   *
   * @throws {@link AuthorizationError} without MODERATE permission on the project.
   * @see https://rest-docs.synapse.org/rest/DELETE/thread/threadId.html
   */
  delete(thread: Identified, options: CallOptions = {}): Promise<void> {
    return moderateThread(this.#ctx, thread, 'delete', options);
  }

  /**
   * Restores a deleted thread.
   *
   * @throws {@link AuthorizationError} without MODERATE permission on the project.
   * @see https://rest-docs.synapse.org/rest/PUT/thread/threadId/restore.html
   */
  restore(thread: Identified, options: CallOptions = {}): Promise<void> {
    return moderateThread(this.#ctx, thread, 'restore', options);
  }

  /**
   * Pins a thread: it comes before the others.
   *
   * @throws {@link AuthorizationError} without MODERATE permission on the project.
   * @see https://rest-docs.synapse.org/rest/PUT/thread/threadId/pin.html
   */
  pin(thread: Identified, options: CallOptions = {}): Promise<void> {
    return moderateThread(this.#ctx, thread, 'pin', options);
  }

  /**
   * Ends what `pin` does.
   *
   * @throws {@link AuthorizationError} without MODERATE permission on the project.
   * @see https://rest-docs.synapse.org/rest/PUT/thread/threadId/unpin.html
   */
  unpin(thread: Identified, options: CallOptions = {}): Promise<void> {
    return moderateThread(this.#ctx, thread, 'unpin', options);
  }

  /**
   * Lists the replies to a thread, the oldest first.
   *
   * @see https://rest-docs.synapse.org/rest/GET/thread/threadId/replies.html
   */
  replies(thread: Identified, options: ListRepliesOptions = {}): Listing<DiscussionReply> {
    return listReplies(this.#ctx, thread, options);
  }

  /**
   * Replies to a thread. The reply is created once, also when an answer of Synapse is lost. The caller is subscribed to the thread.
   *
   * @param text - Markdown, not empty.
   * @throws {@link ArgumentError} for an empty text, before anything is sent.
   * @throws {@link NotFoundError} for a thread that does not exist or is deleted.
   * @see https://rest-docs.synapse.org/rest/POST/reply.html
   */
  reply(thread: Identified, text: string, options: CallOptions = {}): Promise<DiscussionReply> {
    return createReply(this.#ctx, thread, text, options);
  }

  /**
   * Reads a reply.
   *
   * @throws {@link NotFoundError} when no reply has the id, or when it is deleted and the caller lacks the MODERATE permission.
   * @see https://rest-docs.synapse.org/rest/GET/reply/replyId.html
   */
  getReply(reply: Identified, options: PostTextOptions = {}): Promise<DiscussionReply> {
    return getReply(this.#ctx, reply, options);
  }

  /**
   * Changes the text of a reply of the caller.
   *
   * @throws {@link AuthorizationError} for a reply of another user.
   * @see https://rest-docs.synapse.org/rest/PUT/reply/replyId/message.html
   */
  updateReply(
    reply: Identified,
    text: string,
    options: CallOptions = {},
  ): Promise<DiscussionReply> {
    return updateReply(this.#ctx, reply, text, options);
  }

  /**
   * Deletes a reply. It cannot be restored.
   *
   * @throws {@link AuthorizationError} without MODERATE permission on the project.
   * @see https://rest-docs.synapse.org/rest/DELETE/reply/replyId.html
   */
  deleteReply(reply: Identified, options: CallOptions = {}): Promise<void> {
    return deleteReply(this.#ctx, reply, options);
  }

  /**
   * Searches the titles and texts of a forum. A match in a reply has a `replyId`.
   *
   * @throws {@link ArgumentError} when there are no words.
   * @see https://rest-docs.synapse.org/rest/POST/forum/forumId/search.html
   */
  search(forum: ForumRef, words: string, options: CallOptions = {}): Listing<M.Match> {
    return searchForum(this.#ctx, forum, words, options);
  }

  /**
   * Lists the ids of the users and teams that moderate a forum.
   *
   * @see https://rest-docs.synapse.org/rest/GET/forum/forumId/moderators.html
   */
  moderators(forum: ForumRef, options: CallOptions = {}): Listing<string> {
    return listModerators(this.#ctx, forum, options);
  }

  /**
   * The number of threads of a forum.
   *
   * @see https://rest-docs.synapse.org/rest/GET/forum/forumId/threadcount.html
   */
  threadCount(forum: ForumRef, options: CountOptions = {}): Promise<number> {
    return countThreads(this.#ctx, forum, options);
  }

  /**
   * The number of replies to a thread.
   *
   * @see https://rest-docs.synapse.org/rest/GET/thread/threadId/replycount.html
   */
  replyCount(thread: Identified, options: CountOptions = {}): Promise<number> {
    return countReplies(this.#ctx, thread, options);
  }

  /**
   * The number of threads that mention each of some entities, by id.
   *
   * @see https://rest-docs.synapse.org/rest/POST/entity/threadcounts.html
   */
  threadCounts(
    entities: readonly EntityRef[],
    options: CallOptions = {},
  ): Promise<Map<string, number>> {
    return countThreadsAbout(this.#ctx, entities, options);
  }
}
