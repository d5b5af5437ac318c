import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { createReply, createThread, forumOf } from './discussionCalls.js';

const server = withSessions();

describe('DiscussionThreadStatsWorkerIntegrationTest', () => {
  test('test: a thread counts its replies', async () => {
    const { alice } = server;
    const project = await alice.create('project', { name: 'Counted' });
    const { id } = await createThread(alice, (await forumOf(alice, project.id)).id);
    await createReply(alice, id, 'a reply');
    expect((await alice.get(`/thread/${id}`)).body).toMatchObject({ numberOfReplies: 1 });
  });
});
