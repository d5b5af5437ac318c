import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import type { Caller } from '../kernel/caller.js';
import { requireFields } from '../kernel/requireFields.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { anonymousDenied } from './anonymousDenied.js';
import {
  discussionTables,
  getReply,
  getThread,
  mentionsIn,
  noReply,
  type ReplyRecord,
  type ThreadRecord,
} from './discussionRecords.js';
import { moderates, passes } from './forums.js';
import { mailReply } from './postMail.js';
import { subscribe } from './subscriptions.js';
import {
  changeThread,
  readableThread,
  requireAuthor,
  storeText,
  viewThread,
  type MessageText,
} from './threads.js';

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
  requireFields(body, ['threadId', 'messageMarkdown'], (field) => `CreateDiscussionReply.${field}`);
  const markdown = body.messageMarkdown;
  const { id: threadId, forumId } = requireAnswerable(world, caller, body.threadId);
  const text = await storeText(world, caller, `${forumId}/${threadId}`, markdown);
  return world.store.transaction(() => {
    const thread = requireAnswerable(world, caller, threadId);
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
    changeThread(world, thread, { lastActivity: now, mentions: mentionsIn(markdown) });
    viewThread(world, caller, thread);
    subscribe(world, caller.userId, { objectId: threadId, objectType: 'THREAD' });
    mailReply(world, reply, thread);
    return reply;
  });
}

/** The thread, if the caller may reply to it: moderators also reply to deleted ones. @throws 404, 403 */
function requireAnswerable(world: World, caller: Caller, id: string): ThreadRecord {
  if (caller.isAnonymous) {
    throw forbidden(anonymousDenied);
  }
  return readableThread(world, caller, id);
}

/** @throws 404 also for a deleted reply, unless the caller moderates; 403 without READ */
export function readableReply(world: World, caller: Caller, id: string): ReplyRecord {
  const reply = getReply(world, id);
  const isHidden = reply.isDeleted || getThread(world, reply.threadId).isDeleted;
  if (!isHidden) {
    requireAccess(world, caller, reply.projectId, 'READ');
  } else if (!moderates(world, caller, reply.projectId)) {
    throw noReply(reply.id);
  }
  return reply;
}

/** @throws 404 also for a deleted reply, 403 unless the caller is the author or an administrator */
export function requireOwnReply(world: World, caller: Caller, id: string): ReplyRecord {
  const reply = getReply(world, id);
  if (reply.isDeleted) {
    throw noReply(reply.id);
  }
  requireAuthor(caller, reply);
  return reply;
}

/** Replaces the text of a reply. */
export function editReply(world: World, reply: ReplyRecord, text: MessageText): ReplyRecord {
  const thread = getThread(world, reply.threadId);
  changeThread(world, thread, { mentions: mentionsIn(text.markdown) });
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

/** The replies to a thread, oldest first; deleted ones too for whoever may read. @throws 404, 403, 400 */
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
  requireAccess(world, caller, thread.projectId, 'READ');
  const direction = ascending === false ? -1 : 1;
  return discussionTables(world)
    .repliesTo.find(thread.id)
    .filter(passes(filter))
    .sort((a, b) => direction * (Number(a.id) - Number(b.id)));
}
