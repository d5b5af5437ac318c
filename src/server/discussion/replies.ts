import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import {
  discussionTables,
  getReply,
  getThread,
  type ReplyRecord,
  type ThreadRecord,
} from './discussionRecords.js';
import { checkMarkdown, moderates, passes, requireFilter, requireWriter } from './forums.js';
import { mailReply } from './postMail.js';
import { subscribe } from './subscriptions.js';
import { changeThread, requireAuthor, storeText, type MessageText } from './threads.js';

/**
 * Creates a reply to a thread and subscribes its author to the thread.
 *
 * @throws 404 also for a deleted thread, 403 for the anonymous user and without READ, 400
 * @see https://rest-docs.synapse.org/rest/POST/reply.html
 */
export async function createReply(
  world: World,
  caller: Caller,
  body: M.CreateDiscussionReply,
): Promise<ReplyRecord> {
  const markdown = checkMarkdown(body.messageMarkdown);
  if (body.threadId === undefined) {
    throw badRequest('The threadId is required.');
  }
  const { id: threadId, forumId } = requireOpenThread(world, caller, body.threadId);
  const text = await storeText(world, caller, `${forumId}/${threadId}`, markdown);
  return world.store.transaction(() => {
    const thread = requireOpenThread(world, caller, threadId);
    const now = world.timestamp();
    const reply: ReplyRecord = {
      id: String(world.store.sequence('discussionReplies')()),
      threadId,
      forumId,
      projectId: thread.projectId,
      ...text,
      createdBy: caller.userId,
      createdOn: now,
      modifiedOn: now,
      etag: world.uuid(),
      isEdited: false,
      isDeleted: false,
    };
    discussionTables(world).replies.put(reply.id, reply);
    changeThread(world, thread, { lastActivity: now });
    subscribe(world, caller.userId, { objectId: threadId, objectType: 'THREAD' });
    mailReply(world, reply, thread);
    return reply;
  });
}

function requireOpenThread(world: World, caller: Caller, id: string): ThreadRecord {
  const thread = getThread(world, id);
  requireWriter(world, caller, thread.projectId);
  if (thread.isDeleted) {
    throw notFound(`Thread ${thread.id} has been deleted.`);
  }
  return thread;
}

/** @throws 404 also for a deleted reply, unless the caller moderates; 403 without READ */
export function readableReply(world: World, caller: Caller, id: string): ReplyRecord {
  const reply = getReply(world, id);
  requireAccess(world, caller, reply.projectId, 'READ');
  const isHidden = reply.isDeleted || getThread(world, reply.threadId).isDeleted;
  if (isHidden && !moderates(world, caller, reply.projectId)) {
    throw notFound(`Reply ${reply.id} has been deleted.`);
  }
  return reply;
}

/** @throws 404 also for a deleted reply, 403 unless the caller is the author */
export function requireOwnReply(world: World, caller: Caller, id: string): ReplyRecord {
  const reply = readableReply(world, caller, id);
  if (reply.isDeleted) {
    throw notFound(`Reply ${reply.id} has been deleted.`);
  }
  requireAuthor(caller, reply);
  return reply;
}

/** Replaces the text of a reply. */
export function editReply(world: World, reply: ReplyRecord, text: MessageText): ReplyRecord {
  return putReply(world, { ...reply, ...text, modifiedOn: world.timestamp(), isEdited: true });
}

/** Deletes a reply. @throws 404, 403 without MODERATE */
export function deleteReply(world: World, caller: Caller, id: string): void {
  const reply = getReply(world, id);
  requireAccess(world, caller, reply.projectId, 'MODERATE');
  putReply(world, { ...reply, isDeleted: true });
}

function putReply(world: World, reply: ReplyRecord): ReplyRecord {
  const changed = { ...reply, etag: world.uuid() };
  discussionTables(world).replies.put(reply.id, changed);
  return changed;
}

/** Query parameters of a list of replies. */
export interface ReplyQuery {
  readonly filter: M.DiscussionFilter;
  readonly sort?: M.DiscussionReplyOrder;
  readonly ascending?: boolean;
}

/** The replies to a thread, oldest first. @throws 404, 403, 400 */
export function listReplies(
  world: World,
  caller: Caller,
  threadId: string,
  { ascending, filter, sort }: ReplyQuery,
): ReplyRecord[] {
  if ((sort === undefined) !== (ascending === undefined)) {
    throw badRequest('sort and ascending must be given together, or neither of them.');
  }
  const thread = getThread(world, threadId);
  requireFilter(world, caller, thread.projectId, thread.isDeleted ? 'NO_FILTER' : filter);
  const direction = ascending === false ? -1 : 1;
  return discussionTables(world)
    .repliesTo.find(thread.id)
    .filter(passes(filter))
    .sort((a, b) => direction * (Number(a.id) - Number(b.id)));
}
