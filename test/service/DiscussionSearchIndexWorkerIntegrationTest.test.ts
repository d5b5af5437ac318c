import { beforeEach, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { createReply, createThread, forumOf, search } from './discussionCalls.js';
import { ok } from './teamCalls.js';

const server = withSessions();
let count = 0;
let forumId: string;

beforeEach(async () => {
  count += 1;
  const project = await server.alice.create('project', { name: `Searched ${count}` });
  forumId = (await forumOf(server.alice, project.id)).id;
});

const thread = { title: 'threadtitle', messageMarkdown: 'threadcontent' };

describe('DiscussionSearchIndexWorkerIntegrationTest', () => {
  test('testThreadIndexCRUD: a thread is found by the words that it has now, while it is not deleted', async () => {
    const { alice } = server;
    const find = (words: string) => search(alice, forumId, words);
    expect(await find('threadcontent')).toEqual([]);
    const { id: threadId } = await createThread(alice, forumId, thread);
    const found = [{ forumId, threadId }];
    expect(await find('threadcontent')).toEqual(found);
    const path = `/thread/${threadId}`;
    await ok(alice.put(`${path}/title`, { title: 'newtitle' }));
    expect([await find('threadtitle'), await find('newtitle')]).toEqual([[], found]);
    await ok(alice.put(`${path}/message`, { messageMarkdown: 'newthreadcontent' }));
    expect([await find('threadcontent'), await find('newthreadcontent')]).toEqual([[], found]);
    await ok(alice.delete(path));
    expect(await find('newthreadcontent')).toEqual([]);
    await ok(alice.put(`${path}/restore`));
    expect(await find('newthreadcontent')).toEqual(found);
  });

  test('testReplyIndexCRUD: a reply is found by the words that it has now, while nothing is deleted', async () => {
    const { alice } = server;
    const find = (words: string) => search(alice, forumId, words);
    const { id: threadId } = await createThread(alice, forumId, thread);
    expect(await find('replycontent')).toEqual([]);
    const { id: replyId } = await createReply(alice, threadId, 'replycontent');
    const found = [{ forumId, threadId, replyId }];
    expect(await find('replycontent')).toEqual(found);
    await ok(alice.put(`/reply/${replyId}/message`, { messageMarkdown: 'newreplycontent' }));
    expect([await find('replycontent'), await find('newreplycontent')]).toEqual([[], found]);
    await ok(alice.delete(`/thread/${threadId}`));
    expect(await find('newreplycontent')).toEqual([]);
    await ok(alice.put(`/thread/${threadId}/restore`));
    expect(await find('newreplycontent')).toEqual(found);
    await ok(alice.delete(`/reply/${replyId}`));
    expect(await find('newreplycontent')).toEqual([]);
  });
});
