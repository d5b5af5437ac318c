import type * as M from '../../../generated/models.js';
import { benefactorAcl } from '../access/entityAcls.js';
import { hasAccess, requireAccess } from '../access/requireAccess.js';
import { getEntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import { membersOf } from '../users/memberships.js';
import { getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';
import { anonymousDenied } from './anonymousDenied.js';
import { discussionTables, getForum, type ForumRecord } from './discussionRecords.js';
import { removeSubscriptionsTo } from './subscriptions.js';

/** The forum of a project, created at the first request. @throws 404, 403, 400 */
export function forumOfProject(world: World, caller: Caller, projectId: string): ForumRecord {
  const project = requireAccess(world, caller, projectId, 'READ');
  if (project.type !== 'project') {
    throw badRequest(`Entity ${projectId} is a ${project.type}. Only projects have a forum.`);
  }
  const { byProject, forums } = discussionTables(world);
  const known = byProject.first(projectId);
  if (known !== undefined) {
    return known;
  }
  const forum = { id: String(world.store.sequence('forums')()), projectId, etag: world.uuid() };
  forums.put(forum.id, forum);
  return forum;
}

/** @throws 404, 403 without READ on the project */
export function readableForum(world: World, caller: Caller, id: string): ForumRecord {
  const forum = getForum(world, id);
  requireAccess(world, caller, forum.projectId, 'READ');
  return forum;
}

/** Whether the caller may moderate the forum of a project. */
export function moderates(world: World, caller: Caller, projectId: string): boolean {
  return !caller.isAnonymous && hasAccess(world, caller, projectId, 'MODERATE');
}

/** Checks that the caller may see a post: only moderators see deleted ones. @throws 404, 403 */
export function requireFilter(
  world: World,
  caller: Caller,
  projectId: string,
  filter: M.DiscussionFilter,
): void {
  requireAccess(world, caller, projectId, filter === 'EXCLUDE_DELETED' ? 'READ' : 'MODERATE');
}

/** Whether a post matches the filter. */
export function passes(
  filter: M.DiscussionFilter,
): (post: { readonly isDeleted: boolean }) => boolean {
  return ({ isDeleted }) => filter === 'NO_FILTER' || isDeleted === (filter === 'DELETED_ONLY');
}

/** @throws 403 for the anonymous user, 404, 403 without READ on the project */
export function requireWriter(world: World, caller: Caller, projectId: string): void {
  if (caller.isAnonymous) {
    throw forbidden(anonymousDenied);
  }
  requireAccess(world, caller, projectId, 'READ');
}

/** The users who moderate a forum, alone or as members of a team. @throws 404, 403 */
export function moderatorIds(world: World, caller: Caller, forumId: string): string[] {
  const { projectId } = readableForum(world, caller, forumId);
  const principals = benefactorAcl(world, getEntityRecord(world, projectId))
    .resourceAccess.filter(({ accessType }) => accessType.includes('MODERATE'))
    .map(({ principalId }) => principalId);
  const users = principals.flatMap((id) =>
    getPrincipal(world, id)?.isIndividual === true
      ? [id]
      : membersOf(world, id).map(({ userId }) => userId),
  );
  return [...new Set(users)].map(String);
}

/** Deletes the forum of a purged project. */
export function removeForumOf(world: World, projectId: string): void {
  const tables = discussionTables(world);
  for (const forum of tables.byProject.find(projectId)) {
    for (const thread of tables.threadsOf.find(forum.id)) {
      removeThread(world, thread.id);
    }
    tables.forums.delete(forum.id);
    removeSubscriptionsTo(world, { objectId: forum.id, objectType: 'FORUM' });
  }
}

function removeThread(world: World, threadId: string): void {
  const { replies, repliesTo, threads, views } = discussionTables(world);
  for (const reply of repliesTo.find(threadId)) {
    replies.delete(reply.id);
  }
  for (const [key, viewed] of views.entries()) {
    if (viewed === threadId) {
      views.delete(key);
    }
  }
  threads.delete(threadId);
  removeSubscriptionsTo(world, { objectId: threadId, objectType: 'THREAD' });
}

/** Length limits of a title. */
const maxTitle = limits.threadTitle;

/** @throws 400 when the title is missing or too long */
export function checkTitle(
  title: string | undefined,
  field = 'CreateDiscussionThread.title',
): string {
  if (title === undefined) {
    throw badRequest(`${field} is required.`);
  }
  if (title.length > maxTitle) {
    throw badRequest(`Title cannot exceed ${maxTitle} characters.`);
  }
  return title;
}

/** @throws 400 when there is no text */
export function checkMarkdown(markdown: string | undefined, field: string): string {
  if (markdown === undefined) {
    throw badRequest(`${field} is required.`);
  }
  return markdown;
}
