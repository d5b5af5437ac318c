import type * as M from '../../../generated/models.js';
import { hasAccess, requireAccess } from '../access/requireAccess.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import {
  activeReplies,
  discussionTables,
  getForum,
  getThread,
  type PostRecord,
  type ThreadRecord,
} from './discussionRecords.js';
import {
  checkMarkdown,
  checkTitle,
  moderates,
  passes,
  readableForum,
  requireFilter,
  requireWriter,
} from './forums.js';
import { mailThread } from './postMail.js';
import { subscribe } from './subscriptions.js';

/** A text that is stored in a file, with the key that names it. */
export type MessageText = Pick<PostRecord, 'fileHandleId' | 'markdown' | 'messageKey'>;

/** Stores a text. Await it before the transaction that uses it. */
export async function storeText(
  world: World,
  caller: Caller,
  place: string,
  markdown: string,
): Promise<MessageText> {
  const handle = await world.files.store(Buffer.from(markdown), {
    createdBy: caller.userId,
    fileName: 'message.md',
    contentType: 'text/plain; charset=utf-8',
  });
  return { fileHandleId: handle.id, markdown, messageKey: `${place}/${world.uuid()}` };
}

/**
 * Creates a thread and subscribes its author to it.
 *
 * @throws 404, 403 for the anonymous user and without READ on the project, 400
 * @see https://rest-docs.synapse.org/rest/POST/thread.html
 */
export async function createThread(
  world: World,
  caller: Caller,
  body: M.CreateDiscussionThread,
): Promise<ThreadRecord> {
  const title = checkTitle(body.title);
  const markdown = checkMarkdown(body.messageMarkdown);
  if (body.forumId === undefined) {
    throw badRequest('The forumId is required.');
  }
  const forum = getForum(world, body.forumId);
  requireWriter(world, caller, forum.projectId);
  const text = await storeText(world, caller, forum.id, markdown);
  return world.store.transaction(() => {
    requireWriter(world, caller, forum.projectId);
    const now = world.timestamp();
    const thread: ThreadRecord = {
      id: String(world.store.sequence('discussionThreads')()),
      forumId: forum.id,
      projectId: forum.projectId,
      title,
      ...text,
      createdBy: caller.userId,
      createdOn: now,
      modifiedOn: now,
      lastActivity: now,
      etag: world.uuid(),
      isEdited: false,
      isDeleted: false,
      isPinned: false,
    };
    discussionTables(world).threads.put(thread.id, thread);
    subscribe(world, caller.userId, { objectId: thread.id, objectType: 'THREAD' });
    mailThread(world, thread);
    return thread;
  });
}

/** @throws 404 also for a deleted thread, unless the caller moderates; 403 without READ */
export function readableThread(world: World, caller: Caller, id: string): ThreadRecord {
  const thread = getThread(world, id);
  requireAccess(world, caller, thread.projectId, 'READ');
  if (thread.isDeleted && !moderates(world, caller, thread.projectId)) {
    throw notFound(`Thread ${thread.id} has been deleted.`);
  }
  return thread;
}

/** Records that the caller has seen a thread. It counts from the next answer on. */
export function viewThread(world: World, caller: Caller, thread: ThreadRecord): void {
  const { views } = discussionTables(world);
  const key = `${thread.id}/${caller.userId}`;
  if (!caller.isAnonymous && !views.has(key)) {
    views.put(key, thread.id);
  }
}

/** @throws 404 also for a deleted thread, 403 unless the caller is the author */
export function requireOwnThread(world: World, caller: Caller, id: string): ThreadRecord {
  const thread = readableThread(world, caller, id);
  if (thread.isDeleted) {
    throw notFound(`Thread ${thread.id} has been deleted.`);
  }
  requireAuthor(caller, thread);
  return thread;
}

/** @throws 403 unless the caller is the author of a post */
export function requireAuthor(caller: Caller, post: PostRecord): void {
  if (caller.isAnonymous || caller.userId !== post.createdBy) {
    throw forbidden('Only the user who created it can modify it.');
  }
}

/** Updates a thread and its etag. @returns the updated thread */
export function changeThread(
  world: World,
  thread: ThreadRecord,
  change: Partial<ThreadRecord>,
): ThreadRecord {
  const changed = { ...thread, ...change, etag: world.uuid() };
  discussionTables(world).threads.put(thread.id, changed);
  return changed;
}

/** Updates the text of a thread as its author. */
export function editThread(
  world: World,
  thread: ThreadRecord,
  change: Partial<ThreadRecord>,
): ThreadRecord {
  const modifiedOn = world.timestamp();
  return changeThread(world, thread, {
    ...change,
    modifiedOn,
    lastActivity: modifiedOn,
    isEdited: true,
  });
}

/** Deletes, restores, pins or unpins a thread. @throws 404, 403 without MODERATE */
export function moderateThread(
  world: World,
  caller: Caller,
  id: string,
  change: Pick<ThreadRecord, 'isDeleted'> | Pick<ThreadRecord, 'isPinned'>,
): void {
  const thread = getThread(world, id);
  requireAccess(world, caller, thread.projectId, 'MODERATE');
  changeThread(world, thread, change);
}

/** Query parameters of a list of threads. */
export interface ThreadOrder {
  readonly sort?: M.DiscussionThreadOrder;
  readonly ascending?: boolean;
}

type Key = (world: World, thread: ThreadRecord) => number | string;

const orders: Readonly<Record<M.DiscussionThreadOrder, Key>> = {
  NUMBER_OF_REPLIES: (world, { id }) => activeReplies(world, id).length,
  NUMBER_OF_VIEWS: (world, { id }) => discussionTables(world).viewsOf.count(id),
  PINNED_AND_LAST_ACTIVITY: (_world, { isPinned, lastActivity }) =>
    `${isPinned ? 1 : 0}${lastActivity}`,
  THREAD_TITLE: (_world, { title }) => title.toLowerCase(),
};

/** The threads of a forum. @throws 404, 403, 400 */
export function listThreads(
  world: World,
  caller: Caller,
  forumId: string,
  query: ThreadOrder & { readonly filter: M.DiscussionFilter },
): ThreadRecord[] {
  const forum = getForum(world, forumId);
  requireFilter(world, caller, forum.projectId, query.filter);
  const threads = discussionTables(world).threadsOf.find(forum.id).filter(passes(query.filter));
  return sorted(world, threads, query);
}

/** The threads that mention an entity, in projects that the caller may read. @throws 400 */
export function threadsAbout(
  world: World,
  caller: Caller,
  entityId: string,
  order: ThreadOrder = {},
): ThreadRecord[] {
  const threads = discussionTables(world)
    .threadsByEntity.find(entityId)
    .filter(
      ({ isDeleted, projectId }) => !isDeleted && hasAccess(world, caller, projectId, 'READ'),
    );
  return sorted(world, threads, order);
}

function sorted(
  world: World,
  threads: readonly ThreadRecord[],
  { ascending, sort }: ThreadOrder,
): ThreadRecord[] {
  if ((sort === undefined) !== (ascending === undefined)) {
    throw badRequest('sort and ascending must be given together, or neither of them.');
  }
  const key = orders[sort ?? 'PINNED_AND_LAST_ACTIVITY'];
  const direction = ascending === true ? 1 : -1;
  return [...threads].sort((a, b) => {
    const [left, right] = [key(world, a), key(world, b)];
    const byKey = left < right ? -1 : left > right ? 1 : 0;
    return direction * (byKey || Number(a.id) - Number(b.id));
  });
}

/**
 * The posts of a forum in which any word of the search occurs.
 *
 * @throws 404, 403, 400
 * @see https://rest-docs.synapse.org/rest/POST/forum/forumId/search.html
 */
export function searchForum(
  world: World,
  caller: Caller,
  forumId: string,
  searchString: string | undefined,
): M.Match[] {
  const forum = readableForum(world, caller, forumId);
  const words = (searchString ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    throw badRequest('The searchString is required.');
  }
  const matches = (text: string) => words.some((word) => text.toLowerCase().includes(word));
  return discussionTables(world)
    .threadsOf.find(forum.id)
    .filter(passes('EXCLUDE_DELETED'))
    .flatMap((thread) => {
      const place = { forumId: forum.id, threadId: thread.id };
      const inReplies = activeReplies(world, thread.id)
        .filter(({ markdown }) => matches(markdown))
        .map(({ id }) => ({ ...place, replyId: id }));
      return matches(`${thread.title}\n${thread.markdown}`) ? [place, ...inReplies] : inReplies;
    });
}
