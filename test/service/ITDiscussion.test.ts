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
  type StoredThread,
} from './discussionCalls.js';
import { ok } from './teamCalls.js';

const server = withSessions();
let count = 0;
let project: Stored;
let forumId: string;

beforeEach(async () => {
  count += 1;
  project = await server.alice.create('project', { name: `Discussed ${count}` });
  forumId = (await forumOf(server.alice, project.id)).id;
});

describe('ITDiscussion', () => {
  test('testForum: the creator of a project moderates its empty forum', async () => {
    const { alice } = server;
    const forum = await forumOf(alice, project.id);
    expect(forum.projectId).toBe(project.id);
    expect((await alice.get(`/forum/${forum.id}`)).body).toEqual(forum);
    const moderators = await alice.get(`/forum/${forum.id}/moderators?limit=10&offset=0`);
    expect(moderators.body).toEqual({
      results: [String(server.userId('alice'))],
      totalNumberOfResults: 1,
    });
    expect(await threadsOf(alice, forum.id)).toEqual({ results: [], totalNumberOfResults: 0 });
    expect(await threadCount(alice, forum.id)).toBe(0);
  });

  test('testForum: a fresh thread has no views when it is read first', async () => {
    const { alice } = server;
    const thread = await createThread(alice, forumId, { title: 'Question about file missing' });
    expect(thread).toMatchObject({ forumId, projectId: project.id, numberOfViews: 0 });
    expect((await alice.get(`/thread/${thread.id}`)).body).toEqual(thread);
    expect((await alice.get(`/thread/${thread.id}`)).body).toMatchObject({ numberOfViews: 1 });
  });

  test('testForum: a thread is listed, edited, pinned, deleted and restored', async () => {
    const { alice } = server;
    const thread = await createThread(alice, forumId);
    const listed = await threadsOf(alice, forumId);
    expect(listed).toEqual({ results: [thread], totalNumberOfResults: 1 });
    expect(await threadCount(alice, forumId)).toBe(1);
    const key = encodeURIComponent(thread.messageKey);
    expect((await alice.get(`/thread/messageUrl?messageKey=${key}`)).body).toEqual({
      messageUrl: expect.any(String),
    });
    const path = `/thread/${thread.id}`;
    const title = { title: 'Need help with file missing' };
    const titled = await ok<StoredThread>(alice.put(`${path}/title`, title));
    expect(titled).toMatchObject({ ...title, id: thread.id, isEdited: true });
    const message = { messageMarkdown: 'My cats ate my files.' };
    const edited = await ok<StoredThread>(alice.put(`${path}/message`, message));
    expect(edited).toMatchObject({ id: thread.id, isEdited: true });
    expect(edited.messageKey).not.toBe(thread.messageKey);
    const read = () => ok<StoredThread>(alice.get(path));
    for (const [action, isPinned] of [
      ['pin', true],
      ['unpin', false],
    ] as const) {
      expect(await alice.put(`${path}/${action}`)).toMatchObject({ status: 204 });
      expect(await read()).toMatchObject({ isPinned });
    }
    expect(await alice.delete(path)).toMatchObject({ status: 204 });
    const ids = async (filter: M.DiscussionFilter) =>
      (await threadsOf(alice, forumId, filter)).results.map(({ id }) => id);
    expect(await ids('DELETED_ONLY')).toEqual([thread.id]);
    expect(await ids('EXCLUDE_DELETED')).toEqual([]);
    expect(await threadCount(alice, forumId)).toBe(1);
    expect(await alice.put(`${path}/restore`)).toMatchObject({ status: 200 });
    expect(await read()).toMatchObject({ isDeleted: false });
  });

  test('testForum: a reply is listed, edited and deleted', async () => {
    const { alice } = server;
    const thread = await createThread(alice, forumId);
    const reply = await createReply(alice, thread.id, 'Bring the cat to the vet.');
    expect(reply).toMatchObject({ threadId: thread.id, projectId: project.id, forumId });
    const path = `/reply/${reply.id}`;
    expect((await alice.get(path)).body).toEqual(reply);
    const page = { results: [reply], totalNumberOfResults: 1 };
    expect(await repliesTo(alice, thread.id)).toEqual(page);
    expect(await replyCount(alice, thread.id)).toBe(1);
    const key = encodeURIComponent(reply.messageKey);
    expect((await alice.get(`/reply/messageUrl?messageKey=${key}`)).body).toEqual({
      messageUrl: expect.any(String),
    });
    const message = { messageMarkdown: 'Maybe the vet can help?' };
    expect(await ok(alice.put(`${path}/message`, message))).toMatchObject({
      id: reply.id,
      isEdited: true,
    });
    const ids = async (filter: M.DiscussionFilter) =>
      (await repliesTo(alice, thread.id, filter)).results.map(({ id }) => id);
    expect(await ids('EXCLUDE_DELETED')).toEqual([reply.id]);
    expect(await alice.delete(path)).toMatchObject({ status: 204 });
    expect(await ids('DELETED_ONLY')).toEqual([reply.id]);
    expect(await ids('EXCLUDE_DELETED')).toEqual([]);
    expect(await replyCount(alice, thread.id, 'EXCLUDE_DELETED')).toBe(0);
    expect(await replyCount(alice, thread.id)).toBe(1);
  });

  test('testEntityReferences: an entity that nobody mentions has no threads', async () => {
    const path = `/entity/${project.id}/threads?limit=20&offset=0&sort=NUMBER_OF_VIEWS&ascending=true&filter=EXCLUDE_DELETED`;
    expect((await server.alice.get(path)).body).toEqual({ results: [], totalNumberOfResults: 0 });
  });

  test('testThreadCountsForEntityIdList: a thread that mentions an entity is counted', async () => {
    const { alice } = server;
    const fields = { title: 'Mention project', messageMarkdown: project.id };
    await createThread(alice, forumId, fields);
    const idList = [project.id];
    expect((await alice.post('/entity/threadcounts', { idList })).body).toEqual({
      list: [{ entityId: project.id, count: 1 }],
    });
  });

  test('testForumSearch: any of the words finds a thread and a reply', async () => {
    const { alice } = server;
    const { id: threadId } = await createThread(alice, forumId);
    const { id: replyId } = await createReply(alice, threadId);
    expect(await search(alice, forumId, 'thread content')).toEqual([
      { forumId, threadId },
      { forumId, threadId, replyId },
    ]);
  });
});
