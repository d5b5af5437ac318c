import type * as M from '../../generated/models.js';
import type { Session } from '../server/entitySession.js';
import { ok } from './teamCalls.js';

export type StoredThread = M.DiscussionThreadBundle &
  Required<Pick<M.DiscussionThreadBundle, 'etag' | 'id' | 'messageKey'>>;
export type StoredReply = M.DiscussionReplyBundle &
  Required<Pick<M.DiscussionReplyBundle, 'etag' | 'id' | 'messageKey'>>;

export function forumOf(session: Session, projectId: string): Promise<M.Forum & { id: string }> {
  return ok(session.get(`/project/${projectId}/forum`));
}

export function createThread(
  session: Session,
  forumId: string,
  fields: M.CreateDiscussionThread = {},
): Promise<StoredThread> {
  const thread = { title: 'title', messageMarkdown: 'thread content' };
  return ok(session.post('/thread', { forumId, ...thread, ...fields }));
}

export function createReply(
  session: Session,
  threadId: string,
  messageMarkdown = 'reply content',
): Promise<StoredReply> {
  return ok(session.post('/reply', { threadId, messageMarkdown }));
}

export function threadsOf(
  session: Session,
  forumId: string,
  filter: M.DiscussionFilter = 'NO_FILTER',
): Promise<M.PaginatedResultsOfDiscussionThreadBundle> {
  return ok(session.get(`/forum/${forumId}/threads?limit=20&offset=0&filter=${filter}`));
}

export function repliesTo(
  session: Session,
  threadId: string,
  filter: M.DiscussionFilter = 'NO_FILTER',
): Promise<M.PaginatedResultsOfDiscussionReplyBundle> {
  return ok(session.get(`/thread/${threadId}/replies?limit=20&offset=0&filter=${filter}`));
}

export async function threadCount(
  session: Session,
  forumId: string,
  filter: M.DiscussionFilter = 'NO_FILTER',
): Promise<number | undefined> {
  const path = `/forum/${forumId}/threadcount?filter=${filter}`;
  return (await ok<M.ThreadCount>(session.get(path))).count;
}

export async function replyCount(
  session: Session,
  threadId: string,
  filter: M.DiscussionFilter = 'NO_FILTER',
): Promise<number | undefined> {
  const path = `/thread/${threadId}/replycount?filter=${filter}`;
  return (await ok<M.ReplyCount>(session.get(path))).count;
}

/** The posts of a forum that a search finds. */
export async function search(
  session: Session,
  forumId: string,
  searchString: string,
): Promise<M.Match[] | undefined> {
  const answer = session.post(`/forum/${forumId}/search`, { searchString });
  return (await ok<M.DiscussionSearchResponse>(answer)).matches;
}
