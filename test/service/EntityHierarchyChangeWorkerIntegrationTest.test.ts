import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { numericId } from '../../src/server/entities/entityIds.js';
import { withSessions } from '../server/entitySession.js';

const server = withSessions();

describe('EntityHierarchyChangeWorkerIntegrationTest', () => {
  test('testRoundTrip: an ACL of a folder becomes the benefactor of what is in it', async () => {
    const { alice } = server;
    const project = await alice.create('project', {});
    const folder = await alice.create('folder', { parentId: project.id });
    const child = await alice.create('folder', { parentId: folder.id });
    const benefactor = async (): Promise<unknown> =>
      (await alice.get(`/entity/${child.id}/benefactor`)).body;
    expect(await benefactor()).toMatchObject({ id: project.id });
    const acl = (await alice.get(`/entity/${project.id}/acl`)).body as M.AccessControlList;
    const own = { id: folder.id, resourceAccess: acl.resourceAccess };
    expect(await alice.post(`/entity/${folder.id}/acl`, own)).toMatchObject({ status: 201 });
    expect(await benefactor()).toMatchObject({ id: folder.id });
    const { body } = await alice.post('/entity/children', {
      parentId: folder.id,
      includeTypes: ['folder'],
    });
    expect(body).toMatchObject({ page: [{ id: child.id, benefactorId: numericId(folder.id) }] });
    expect(await alice.delete(`/entity/${folder.id}/acl`)).toMatchObject({ status: 204 });
    expect(await benefactor()).toMatchObject({ id: project.id });
  });
});
