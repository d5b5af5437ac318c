import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';
import { createThread, forumOf } from './discussionCalls.js';
import { ok } from './teamCalls.js';

const server = withSessions();

describe('ITBroadcastMessage', () => {
  test('test: a new thread is mailed to the subscribers of the forum, and not to its author', async () => {
    const { alice, bob } = server;
    const project = await alice.create('project', { name: 'Mailed about' });
    const { id: objectId } = await forumOf(alice, project.id);
    const path = `/entity/${project.id}/acl`;
    const acl = await ok<Required<M.AccessControlList>>(alice.get(path));
    const reader = { principalId: server.userId('bob'), accessType: ['READ'] };
    const resourceAccess = [...acl.resourceAccess, reader];
    expect(await alice.put(path, { ...acl, resourceAccess })).toMatchObject({ status: 200 });
    await ok(bob.post('/subscription', { objectId, objectType: 'FORUM' }));
    const before = server.synapse.mails.length;
    await createThread(alice, objectId, {
      title: 'Question about file missing',
      messageMarkdown: 'I think my cats ate my files. Please help!',
    });
    expect(server.synapse.mails.slice(before)).toMatchObject([
      {
        to: 'bob@example.org',
        subject: "Synapse Notification: New thread 'Question about file missing'",
        html: expect.stringContaining('my cats ate my files'),
      },
    ]);
  });
});
