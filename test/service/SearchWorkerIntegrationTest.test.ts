import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions, type Session } from '../server/entitySession.js';
import { ok } from './teamCalls.js';

const server = withSessions();

describe('SearchWorkerIntegrationTest', () => {
  test('testProjectAclUpdate: a project is found by those who may read it', async () => {
    const { alice, bob } = server;
    const name = 'SearchIntegrationTest.Project17';
    const project = await alice.create('project', { name });
    const found = async (session: Session) =>
      (await ok<M.SearchResults>(session.post('/search', { queryTerm: [name] }))).found;
    expect([await found(alice), await found(bob)]).toEqual([1, 0]);
    const path = `/entity/${project.id}/acl`;
    const acl = await ok<Required<M.AccessControlList>>(alice.get(path));
    const reader = { principalId: server.userId('bob'), accessType: ['READ'] };
    await ok(alice.put(path, { ...acl, resourceAccess: [...acl.resourceAccess, reader] }));
    expect(await found(bob)).toBe(1);
  });
});
