import type * as M from '../../../generated/models.js';
import { hasAccess, requireAccess } from '../access/requireAccess.js';
import type { Caller } from '../kernel/caller.js';
import { requireFields } from '../kernel/requireFields.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import {
  activeReplies,
  discussionTables,
  getForum,
  getThread,
  mentionsIn,
  noThread,
  type PostRecord,
  type ThreadRecord,
} from './discussionRecords.js';
import {
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
  requireFields(
    body,
    ['forumId', 'title', 'messageMarkdown'],
    (field) => `CreateDiscussionThread.${field}`,
  );
  const title = checkTitle(body.title);
  const markdown = body.messageMarkdown;
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
  if (!thread.isDeleted) {
    requireAccess(world, caller, thread.projectId, 'READ');
  } else if (!moderates(world, caller, thread.projectId)) {
    throw noThread(thread.id);
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

/** @throws 404 also for a deleted thread, 403 unless the caller is the author or an administrator */
export function requireOwnThread(world: World, caller: Caller, id: string): ThreadRecord {
  const thread = getThread(world, id);
  if (thread.isDeleted) {
    throw noThread(thread.id);
  }
  requireAuthor(caller, thread);
  return thread;
}

/** @throws 403 unless the caller is the author of a post or an administrator */
export function requireAuthor(caller: Caller, post: PostRecord): void {
  if (caller.userId !== post.createdBy && !caller.isAdmin) {
    throw forbidden('Only the user that created the thread can modify it.');
  }
}

/** Updates a thread and its etag. @returns the updated thread */
export function changeThread(
  world: World,
  thread: ThreadRecord,
  change: Partial<ThreadRecord>,
): ThreadRecord {
  const mentions = new Set([
    ...(thread.mentions ?? []),
    ...mentionsIn(`${thread.title}\n${thread.markdown}`),
    ...(change.mentions ?? []),
  ]);
  const changed = { ...thread, ...change, mentions: [...mentions], etag: world.uuid() };
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
  if (thread.isDeleted && 'isPinned' in change) {
    throw noThread(thread.id);
  }
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

/** Number of threads of a forum. @throws 404, 403 without READ on the project */
export function countThreads(
  world: World,
  caller: Caller,
  forumId: string,
  filter: M.DiscussionFilter,
): number {
  const forum = readableForum(world, caller, forumId);
  return discussionTables(world).threadsOf.find(forum.id).filter(passes(filter)).length;
}
