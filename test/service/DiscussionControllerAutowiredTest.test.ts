import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions, type Stored } from '../server/entitySession.js';
import {
  createReply,
  createThread,
  forumOf,
  repliesTo,
  replyCount,
  search,
  threadCount,
  threadsOf,
} from './discussionCalls.js';
import { ok } from './teamCalls.js';

const server = withSessions();
let count = 0;
let project: Stored;
let forumId: string;

beforeEach(async () => {
  count += 1;
  project = await server.admin.create('project', { name: `Controlled ${count}` });
  forumId = (await forumOf(server.admin, project.id)).id;
});

/** What the administrator reads. */
function read<T>(path: string): Promise<T> {
  return ok(server.admin.get(path));
}

async function remove(path: string): Promise<void> {
  expect(await server.admin.delete(path)).toMatchObject({ status: 204 });
}

describe('DiscussionControllerAutowiredTest', () => {
  test('testGetForum: a forum is read by its project and by its id', async () => {
    const forum = await forumOf(server.admin, project.id);
    expect(forum).toMatchObject({ id: expect.any(String), projectId: project.id });
    expect(await read(`/forum/${forum.id}`)).toEqual(forum);
  });

  test('testCreateThread: a thread has the forum and the title asked for', async () => {
    const thread = await createThread(server.admin, forumId, { title: 'A question' });
    expect(thread).toMatchObject({ forumId, title: 'A question', projectId: project.id });
  });

  test('testGetThread: a thread is read as it was made', async () => {
    const thread = await createThread(server.admin, forumId);
    expect(await read(`/thread/${thread.id}`)).toEqual(thread);
  });

  test('testGetDeletedThread: a deleted thread is still read, with another etag', async () => {
    const thread = await createThread(server.admin, forumId);
    await remove(`/thread/${thread.id}`);
    const deleted = await read<{ etag: string }>(`/thread/${thread.id}`);
    expect(deleted).toEqual({ ...thread, isDeleted: true, etag: deleted.etag });
    expect(deleted.etag).not.toBe(thread.etag);
  });

  test('testGetThreadsForForum: the total of a full page says that more may follow', async () => {
    await createThread(server.admin, forumId);
    const second = await createThread(server.admin, forumId);
    const query = 'limit=1&offset=1&sort=PINNED_AND_LAST_ACTIVITY&ascending=true&filter=NO_FILTER';
    expect(await read(`/forum/${forumId}/threads?${query}`)).toEqual({
      results: [second],
      totalNumberOfResults: 3,
    });
  });

  test('testGetAvailableThreadsAndDeletedThreads: a filter selects one or the other', async () => {
    const deleted = await createThread(server.admin, forumId);
    const available = await createThread(server.admin, forumId);
    await remove(`/thread/${deleted.id}`);
    expect(await threadsOf(server.admin, forumId, 'DELETED_ONLY')).toMatchObject({
      results: [{ id: deleted.id }],
      totalNumberOfResults: 1,
    });
    expect(await threadsOf(server.admin, forumId, 'EXCLUDE_DELETED')).toMatchObject({
      results: [{ id: available.id }],
      totalNumberOfResults: 1,
    });
  });

  test('testGetThreadCount: a filter selects which threads count', async () => {
    const deleted = await createThread(server.admin, forumId);
    await createThread(server.admin, forumId);
    await remove(`/thread/${deleted.id}`);
    expect(await threadCount(server.admin, forumId, 'DELETED_ONLY')).toBe(1);
    expect(await threadCount(server.admin, forumId, 'EXCLUDE_DELETED')).toBe(1);
    expect(await threadCount(server.admin, forumId, 'NO_FILTER')).toBe(2);
  });

  test('testUpdateThreadTitle: a new title marks the thread as edited', async () => {
    const thread = await createThread(server.admin, forumId);
    const edited = await ok<M.DiscussionThreadBundle>(
      server.admin.put(`/thread/${thread.id}/title`, { title: 'newTitle' }),
    );
    expect(edited).toMatchObject({ id: thread.id, title: 'newTitle', isEdited: true });
    expect(edited.etag).not.toBe(thread.etag);
  });

  test('testUpdateThreadMessage: a new message marks the thread as edited', async () => {
    const thread = await createThread(server.admin, forumId);
    const edited = await ok<M.DiscussionThreadBundle>(
      server.admin.put(`/thread/${thread.id}/message`, { messageMarkdown: 'new markdown' }),
    );
    expect(edited).toMatchObject({ id: thread.id, isEdited: true });
    expect(edited.messageKey).not.toBe(thread.messageKey);
  });

  test('testMarkThreadAsDeletedAndRestore: a deleted thread is restored', async () => {
    const { id } = await createThread(server.admin, forumId);
    await remove(`/thread/${id}`);
    expect(await read(`/thread/${id}`)).toMatchObject({ isDeleted: true });
    await ok(server.admin.put(`/thread/${id}/restore`));
    expect(await read(`/thread/${id}`)).toMatchObject({ isDeleted: false });
  });

  test('testPinning: a thread is pinned and unpinned', async () => {
    const { id } = await createThread(server.admin, forumId);
    expect(await read(`/thread/${id}`)).toMatchObject({ isPinned: false });
    await ok(server.admin.put(`/thread/${id}/pin`));
    expect(await read(`/thread/${id}`)).toMatchObject({ isPinned: true });
    await ok(server.admin.put(`/thread/${id}/unpin`));
    expect(await read(`/thread/${id}`)).toMatchObject({ isPinned: false });
  });

  test('testGetThreadUrl: the text of a thread has a URL', async () => {
    const { messageKey } = await createThread(server.admin, forumId);
    expect(await read(`/thread/messageUrl?messageKey=${messageKey}`)).toEqual({
      messageUrl: expect.stringMatching(/^https?:/),
    });
  });

  test('testCreateReply: a reply names its thread', async () => {
    const thread = await createThread(server.admin, forumId);
    const reply = await createReply(server.admin, thread.id);
    expect(reply).toMatchObject({ threadId: thread.id, forumId, projectId: project.id });
  });

  test('testGetReply: a reply is read as it was made', async () => {
    const thread = await createThread(server.admin, forumId);
    const reply = await createReply(server.admin, thread.id);
    expect(await read(`/reply/${reply.id}`)).toEqual(reply);
  });

  test('testGetReplies: the total of a full page says that more may follow', async () => {
    const { id } = await createThread(server.admin, forumId);
    const first = await createReply(server.admin, id);
    const second = await createReply(server.admin, id);
    const list = `/thread/${id}/replies?limit=1&sort=CREATED_ON&ascending=true`;
    expect(await read(`${list}&offset=1&filter=NO_FILTER`)).toEqual({
      results: [second],
      totalNumberOfResults: 3,
    });
    await remove(`/reply/${first.id}`);
    expect(await read(`${list}&offset=0&filter=EXCLUDE_DELETED`)).toEqual({
      results: [second],
      totalNumberOfResults: 2,
    });
  });

  test('testGetAvailableRepliesAndDeletedReplies: a filter selects one or the other', async () => {
    const { id } = await createThread(server.admin, forumId);
    const deleted = await createReply(server.admin, id);
    const available = await createReply(server.admin, id);
    await remove(`/reply/${deleted.id}`);
    expect(await repliesTo(server.admin, id, 'DELETED_ONLY')).toMatchObject({
      results: [{ id: deleted.id }],
      totalNumberOfResults: 1,
    });
    expect(await repliesTo(server.admin, id, 'EXCLUDE_DELETED')).toMatchObject({
      results: [{ id: available.id }],
      totalNumberOfResults: 1,
    });
  });

  test('testGetReplyCount: a filter selects which replies count', async () => {
    const { id } = await createThread(server.admin, forumId);
    const deleted = await createReply(server.admin, id);
    await createReply(server.admin, id);
    await remove(`/reply/${deleted.id}`);
    expect(await replyCount(server.admin, id, 'DELETED_ONLY')).toBe(1);
    expect(await replyCount(server.admin, id, 'EXCLUDE_DELETED')).toBe(1);
    expect(await replyCount(server.admin, id, 'NO_FILTER')).toBe(2);
  });

  test('testUpdateReplyMessage: a new message marks the reply as edited', async () => {
    const thread = await createThread(server.admin, forumId);
    const reply = await createReply(server.admin, thread.id);
    const edited = await ok<M.DiscussionReplyBundle>(
      server.admin.put(`/reply/${reply.id}/message`, { messageMarkdown: 'new markdown' }),
    );
    expect(edited).toMatchObject({ id: reply.id, isEdited: true });
    expect(edited.messageKey).not.toBe(reply.messageKey);
  });

  test('testMarkReplyAsDeleted: a deleted reply is still read', async () => {
    const thread = await createThread(server.admin, forumId);
    const { id } = await createReply(server.admin, thread.id);
    await remove(`/reply/${id}`);
    expect(await read(`/reply/${id}`)).toMatchObject({ isDeleted: true });
  });

  test('testGetReplyUrl: the text of a reply has a URL', async () => {
    const thread = await createThread(server.admin, forumId);
    const { messageKey } = await createReply(server.admin, thread.id);
    expect(await read(`/reply/messageUrl?messageKey=${messageKey}`)).toEqual({
      messageUrl: expect.stringMatching(/^https?:/),
    });
  });

  test('testGetThreadsForEntity: an entity without a mention has no threads', async () => {
    await createThread(server.admin, forumId);
    const query = 'limit=1&offset=1&sort=PINNED_AND_LAST_ACTIVITY&ascending=true';
    expect(await read(`/entity/${project.id}/threads?${query}`)).toEqual({
      results: [],
      totalNumberOfResults: 1,
    });
  });

  test('testGetEntityThreadCounts: an entity without a mention has no count', async () => {
    await createThread(server.admin, forumId);
    const counts = server.admin.post('/entity/threadcounts', { idList: [project.id] });
    expect(await ok(counts)).toEqual({ list: [] });
  });

  test('testGetModeratorsForForum: the creator of a project moderates its forum', async () => {
    expect(await read(`/forum/${forumId}/moderators?limit=10&offset=0`)).toEqual({
      results: [String(server.userId('admin'))],
      totalNumberOfResults: 1,
    });
  });

  test('testForumSearch: an empty forum has no matches', async () => {
    expect(await search(server.admin, forumId, 'some text')).toEqual([]);
  });
});
