import type * as M from '../../../generated/models.js';
import { parseLongId } from '../kernel/readLong.js';
import { notFound, type ServiceError } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';

/** The forum of a project. */
export interface ForumRecord {
  readonly id: string;
  readonly projectId: string;
  readonly etag: string;
}

/** Common properties of threads and replies. */
export interface PostRecord {
  readonly id: string;
  readonly forumId: string;
  readonly projectId: string;
  readonly createdBy: number;
  readonly createdOn: string;
  readonly modifiedOn: string;
  readonly etag: string;
  /** Key of the current version of the text. */
  readonly messageKey: string;
  /** File handle of the text. */
  readonly fileHandleId: string;
  readonly markdown: string;
  readonly isEdited: boolean;
  readonly isDeleted: boolean;
}

export interface ThreadRecord extends PostRecord {
  /** The entities that the thread or a reply to it mentioned, also in a text that was changed since. */
  readonly mentions?: readonly string[];
  readonly title: string;
  readonly isPinned: boolean;
  readonly lastActivity: string;
}

export interface ReplyRecord extends PostRecord {
  readonly threadId: string;
}

interface DiscussionTables {
  readonly forums: Collection<ForumRecord>;
  readonly threads: Collection<ThreadRecord>;
  readonly replies: Collection<ReplyRecord>;
  /** Views of threads: the key is `<thread>/<user>`, the value the id of the thread. */
  readonly views: Collection<string>;
  readonly byProject: Index<ForumRecord>;
  readonly threadsOf: Index<ThreadRecord>;
  readonly repliesTo: Index<ReplyRecord>;
  readonly viewsOf: Index<string>;
  readonly threadsByKey: Index<ThreadRecord>;
  readonly repliesByKey: Index<ReplyRecord>;
  readonly threadsByEntity: Index<ThreadRecord>;
  readonly threadsByHandle: Index<ThreadRecord>;
  readonly repliesByHandle: Index<ReplyRecord>;
}

/** The collections of forums with their indexes. */
export function discussionTables(world: World): DiscussionTables {
  return world.service(makeDiscussionTables);
}

function makeDiscussionTables({ store }: World): DiscussionTables {
  const forums = store.collection<ForumRecord>('forums');
  const threads = store.collection<ThreadRecord>('discussionThreads');
  const replies = store.collection<ReplyRecord>('discussionReplies');
  const views = store.collection<string>('discussionViews');
  return {
    forums,
    threads,
    replies,
    views,
    byProject: forums.index('project', ({ projectId }) => projectId),
    threadsOf: threads.index('forum', ({ forumId }) => forumId),
    repliesTo: replies.index('thread', ({ threadId }) => threadId),
    viewsOf: views.index('thread', (threadId) => threadId),
    threadsByKey: threads.index('key', ({ messageKey }) => messageKey),
    repliesByKey: replies.index('key', ({ messageKey }) => messageKey),
    threadsByEntity: threads.index('entity', mentionedEntities),
    threadsByHandle: threads.index('handle', ({ fileHandleId }) => fileHandleId),
    repliesByHandle: replies.index('handle', ({ fileHandleId }) => fileHandleId),
  };
}

/** The entities that a text mentions. */
export function mentionsIn(text: string): string[] {
  const found = text.matchAll(/\bsyn(\d{1,19})\b/gi);
  return [...new Set([...found].map(([, digits = '0']) => `syn${BigInt(digits)}`))];
}

/** The entities that a thread is about. */
function mentionedEntities({ title, markdown, mentions = [] }: ThreadRecord): string[] {
  return [...new Set([...mentions, ...mentionsIn(`${title}\n${markdown}`)])];
}

/** @throws 400 when the id is no number, 404 */
export function getForum(world: World, id: string): ForumRecord {
  const forum = discussionTables(world).forums.get(parseLongId(id));
  if (forum === undefined) {
    throw notFound(`Forum: '${id.slice(0, 100)}' does not exist`);
  }
  return forum;
}

/** 404 for a thread that does not exist, or that the caller may not know of. */
export function noThread(id: string): ServiceError {
  return notFound(`Thread: '${id.slice(0, 100)}' does not exist`);
}

/** 404 for a reply that does not exist, or that the caller may not know of. */
export function noReply(id: string): ServiceError {
  return notFound(`Reply: '${id.slice(0, 100)}' does not exist`);
}

/** The thread, deleted or not. @throws 404 */
export function getThread(world: World, id: string): ThreadRecord {
  const thread = discussionTables(world).threads.get(parseLongId(id));
  if (thread === undefined) {
    throw noThread(id);
  }
  return thread;
}

/** The reply, deleted or not. @throws 404 */
export function getReply(world: World, id: string): ReplyRecord {
  const reply = discussionTables(world).replies.get(parseLongId(id));
  if (reply === undefined) {
    throw noReply(id);
  }
  return reply;
}

/** The replies to a thread that have not been deleted. */
export function activeReplies(world: World, threadId: string): ReplyRecord[] {
  return discussionTables(world)
    .repliesTo.find(threadId)
    .filter(({ isDeleted }) => !isDeleted);
}

function postModel(post: PostRecord): Omit<M.DiscussionReplyBundle, 'threadId'> {
  const { id, forumId, projectId, createdOn, modifiedOn, etag } = post;
  const { messageKey, isEdited, isDeleted } = post;
  return {
    ...{ id, forumId, projectId, createdOn, modifiedOn, etag, messageKey, isEdited, isDeleted },
    createdBy: String(post.createdBy),
  };
}

/** A thread as the API shows it. */
export function threadModel(world: World, thread: ThreadRecord): M.DiscussionThreadBundle {
  const replies = activeReplies(world, thread.id);
  return {
    ...postModel(thread),
    title: thread.title,
    isPinned: thread.isPinned,
    lastActivity: thread.lastActivity,
    numberOfReplies: replies.length,
    numberOfViews: discussionTables(world).viewsOf.count(thread.id),
    activeAuthors: mostActive([thread, ...replies]),
  };
}

/** A reply as the API shows it. */
export function replyModel(reply: ReplyRecord): M.DiscussionReplyBundle {
  return { ...postModel(reply), threadId: reply.threadId };
}

/** The five most active authors, most active first. */
function mostActive(posts: readonly PostRecord[]): string[] {
  const counts = new Map<number, number>();
  for (const { createdBy } of posts) {
    counts.set(createdBy, (counts.get(createdBy) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 5)
    .map(([userId]) => String(userId));
}
