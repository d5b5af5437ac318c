import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';

const server = withSessions();

describe('ITFolderTest', () => {
  test('otherUserCanMoveFolders: a user who may edit the project moves a folder of another', async () => {
    const { alice, bob } = server;
    const project = await alice.create('project', {});
    const from = await alice.create('folder', { parentId: project.id });
    const to = await alice.create('folder', { parentId: project.id });
    const moved = await alice.create('folder', { parentId: from.id });
    const path = `/entity/${project.id}/acl`;
    const acl = (await alice.get(path)).body as M.AccessControlList;
    const accessType = ['CREATE', 'READ', 'UPDATE', 'CHANGE_PERMISSIONS'];
    const access = { principalId: server.userId('bob'), accessType };
    const resourceAccess = [...(acl.resourceAccess ?? []), access];
    expect(await bob.get(`/entity/${moved.id}`)).toMatchObject({ status: 403 });
    expect(await alice.put(path, { ...acl, resourceAccess })).toMatchObject({ status: 200 });
    await bob.update(moved, { parentId: to.id });
    expect((await alice.read(moved.id)).parentId).toBe(to.id);
  });
});
