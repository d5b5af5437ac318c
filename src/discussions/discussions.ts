import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { lazyListing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import { currentOf, idOf, type EntityRef, type Identified } from '../values/ids.js';
import type { CountOptions } from './countPosts.js';
import type { NewThread } from './createPost.js';
import type { DiscussionForum, ForumRef } from './forumIdOf.js';
import type { ListRepliesOptions, ListThreadsOptions, ThreadOrderOptions } from './listPosts.js';
import type { DiscussionReply, DiscussionThread } from './post.js';
import type { Post, PostTextOptions } from './postText.js';
import { listModerators, searchForum } from './searchForum.js';

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
  async forum(project: ForumRef, options: CallOptions = {}): Promise<DiscussionForum> {
    const { getForum } = await import('./forumIdOf.js');
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
    return lazyListing(async () => {
      const { listThreads } = await import('./listPosts.js');
      return listThreads(this.#ctx, forum, options);
    });
  }

  /**
   * Lists the threads that mention an entity, in all projects that the caller can read.
   *
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/threads.html
   */
  threadsAbout(entity: EntityRef, options: ThreadOrderOptions = {}): Listing<DiscussionThread> {
    const id = currentOf(entity, 'threads are about all versions');
    return lazyListing(async () => {
      const { listThreadsAbout } = await import('./listPosts.js');
      return listThreadsAbout(this.#ctx, id, options);
    });
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
  async create(
    forum: ForumRef,
    thread: NewThread,
    options: CallOptions = {},
  ): Promise<DiscussionThread> {
    const { createThread } = await import('./createPost.js');
    return createThread(this.#ctx, forum, thread, options);
  }

  /**
   * Reads a thread, and counts as a view of it.
   *
   * @throws {@link NotFoundError} when no thread has the id, or when it is deleted and the caller lacks the MODERATE permission.
   * @see https://rest-docs.synapse.org/rest/GET/thread/threadId.html
   */
  async get(thread: Identified, options: PostTextOptions = {}): Promise<DiscussionThread> {
    const { getThread } = await import('./getPost.js');
    return getThread(this.#ctx, thread, options);
  }

  /**
   * Reads the text of a thread or a reply that was read or listed before.
   *
   * @throws {@link DownloadError} when the text is damaged, not UTF-8, or larger than 256 MiB.
   * @see https://rest-docs.synapse.org/rest/GET/thread/messageUrl.html
   */
  async text(post: Post, options: CommonOptions = {}): Promise<string> {
    const { postText } = await import('./postText.js');
    return postText(this.#ctx, post, options);
  }

  /**
   * Changes the title, the text, or both, of a thread of the caller. The title is changed first, with a request of its own.
   *
   * @throws {@link ArgumentError} as `create` does, and when nothing is given.
   * @throws {@link AuthorizationError} for a thread of another user.
   * @see https://rest-docs.synapse.org/rest/PUT/thread/threadId/message.html
   */
  async update(
    thread: Identified,
    change: Partial<NewThread>,
    options: CallOptions = {},
  ): Promise<DiscussionThread> {
    const { updateThread } = await import('./updatePost.js');
    return updateThread(this.#ctx, thread, change, options);
  }

  /**
   * Deletes a thread. `restore` brings it back.
   *
   * @throws {@link AuthorizationError} without MODERATE permission on the project.
   * @see https://rest-docs.synapse.org/rest/DELETE/thread/threadId.html
   */
  async delete(thread: Identified, options: CallOptions = {}): Promise<void> {
    const { moderateThread } = await import('./moderatePost.js');
    return moderateThread(this.#ctx, thread, 'delete', options);
  }

  /**
   * Restores a deleted thread.
   *
   * @throws {@link AuthorizationError} without MODERATE permission on the project.
   * @see https://rest-docs.synapse.org/rest/PUT/thread/threadId/restore.html
   */
  async restore(thread: Identified, options: CallOptions = {}): Promise<void> {
    const { moderateThread } = await import('./moderatePost.js');
    return moderateThread(this.#ctx, thread, 'restore', options);
  }

  /**
   * Pins a thread: it comes before the others.
   *
   * @throws {@link AuthorizationError} without MODERATE permission on the project.
   * @see https://rest-docs.synapse.org/rest/PUT/thread/threadId/pin.html
   */
  async pin(thread: Identified, options: CallOptions = {}): Promise<void> {
    const { moderateThread } = await import('./moderatePost.js');
    return moderateThread(this.#ctx, thread, 'pin', options);
  }

  /**
   * Ends what `pin` does.
   *
   * @throws {@link AuthorizationError} without MODERATE permission on the project.
   * @see https://rest-docs.synapse.org/rest/PUT/thread/threadId/unpin.html
   */
  async unpin(thread: Identified, options: CallOptions = {}): Promise<void> {
    const { moderateThread } = await import('./moderatePost.js');
    return moderateThread(this.#ctx, thread, 'unpin', options);
  }

  /**
   * Lists the replies to a thread, the oldest first.
   *
   * @see https://rest-docs.synapse.org/rest/GET/thread/threadId/replies.html
   */
  replies(thread: Identified, options: ListRepliesOptions = {}): Listing<DiscussionReply> {
    const id = idOf(thread);
    return lazyListing(async () => {
      const { listReplies } = await import('./listPosts.js');
      return listReplies(this.#ctx, { id }, options);
    });
  }

  /**
   * Replies to a thread. The reply is created once, also when an answer of Synapse is lost. The caller is subscribed to the thread.
   *
   * @param text - Markdown, not empty.
   * @throws {@link ArgumentError} for an empty text, before anything is sent.
   * @throws {@link NotFoundError} for a thread that does not exist or is deleted.
   * @see https://rest-docs.synapse.org/rest/POST/reply.html
   */
  async reply(
    thread: Identified,
    text: string,
    options: CallOptions = {},
  ): Promise<DiscussionReply> {
    const { createReply } = await import('./createPost.js');
    return createReply(this.#ctx, thread, text, options);
  }

  /**
   * Reads a reply.
   *
   * @throws {@link NotFoundError} when no reply has the id, or when it is deleted and the caller lacks the MODERATE permission.
   * @see https://rest-docs.synapse.org/rest/GET/reply/replyId.html
   */
  async getReply(reply: Identified, options: PostTextOptions = {}): Promise<DiscussionReply> {
    const { getReply } = await import('./getPost.js');
    return getReply(this.#ctx, reply, options);
  }

  /**
   * Changes the text of a reply of the caller.
   *
   * @throws {@link AuthorizationError} for a reply of another user.
   * @see https://rest-docs.synapse.org/rest/PUT/reply/replyId/message.html
   */
  async updateReply(
    reply: Identified,
    text: string,
    options: CallOptions = {},
  ): Promise<DiscussionReply> {
    const { updateReply } = await import('./updatePost.js');
    return updateReply(this.#ctx, reply, text, options);
  }

  /**
   * Deletes a reply. It cannot be restored.
   *
   * @throws {@link AuthorizationError} without MODERATE permission on the project.
   * @see https://rest-docs.synapse.org/rest/DELETE/reply/replyId.html
   */
  async deleteReply(reply: Identified, options: CallOptions = {}): Promise<void> {
    const { deleteReply } = await import('./moderatePost.js');
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
  async threadCount(forum: ForumRef, options: CountOptions = {}): Promise<number> {
    const { countThreads } = await import('./countPosts.js');
    return countThreads(this.#ctx, forum, options);
  }

  /**
   * The number of replies to a thread.
   *
   * @see https://rest-docs.synapse.org/rest/GET/thread/threadId/replycount.html
   */
  async replyCount(thread: Identified, options: CountOptions = {}): Promise<number> {
    const { countReplies } = await import('./countPosts.js');
    return countReplies(this.#ctx, thread, options);
  }

  /**
   * The number of threads that mention each of some entities, by id.
   *
   * @see https://rest-docs.synapse.org/rest/POST/entity/threadcounts.html
   */
  async threadCounts(
    entities: readonly EntityRef[],
    options: CallOptions = {},
  ): Promise<Map<string, number>> {
    const { countThreadsAbout } = await import('./countPosts.js');
    return countThreadsAbout(this.#ctx, entities, options);
  }
}
