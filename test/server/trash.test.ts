import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Session, type Stored } from './entitySession.js';

const clock = { offset: 0 };
const server = withSessions({ now: () => new Date(Date.now() + clock.offset) });
let count = 0;

/** A project with a folder, and a folder in that. */
async function createTree(): Promise<{ project: Stored; folder: Stored; inner: Stored }> {
  count += 1;
  const { alice } = server;
  const project = await alice.create('project', { name: `Trash ${count}` });
  const folder = await alice.create('folder', { parentId: project.id, name: 'folder' });
  const inner = await alice.create('folder', { parentId: folder.id, name: 'inner' });
  return { project, folder, inner };
}

async function trashOf(session: Session): Promise<M.TrashedEntity[]> {
  const answer = await session.get('/trashcan/view?limit=1000');
  expect(answer.status).toBe(200);
  return (answer.body as M.PaginatedResultsOfTrashedEntity).results;
}

async function share(id: string, accessType: string[]): Promise<void> {
  const { alice } = server;
  const acl = (await alice.get(`/entity/${id}/acl`)).body as { resourceAccess: object[] };
  const resourceAccess = [...acl.resourceAccess, { principalId: server.userId('bob'), accessType }];
  expect((await alice.put(`/entity/${id}/acl`, { ...acl, resourceAccess })).status).toBe(200);
}

describe('deleting', () => {
  test('moves an entity to the trash with all that is below', async () => {
    const { alice, admin } = server;
    const { project, folder, inner } = await createTree();
    const acl = {
      resourceAccess: [
        { principalId: server.userId('alice'), accessType: ['READ', 'CHANGE_PERMISSIONS'] },
      ],
    };
    expect((await alice.post(`/entity/${inner.id}/acl`, acl)).status).toBe(201);
    expect(await alice.delete(`/entity/${folder.id}`)).toMatchObject({ status: 204, body: '' });
    for (const id of [folder.id, inner.id]) {
      for (const session of [alice, admin]) {
        expect(await session.get(`/entity/${id}`)).toEqual(
          refusal(404, `Entity ${id} is in trash can.`),
        );
      }
    }
    expect(await trashOf(alice)).toContainEqual({
      entityId: folder.id,
      entityName: 'folder',
      entityType: 'folder',
      deletedByPrincipalId: String(server.userId('alice')),
      deletedOn: expect.any(String),
      originalParentId: project.id,
    });
    expect((await trashOf(alice)).map(({ entityId }) => entityId)).not.toContain(inner.id);
    // The name is free again.
    await alice.create('folder', { parentId: project.id, name: 'folder' });
  });

  test('twice is no error', async () => {
    const { alice, bob } = server;
    const { folder, inner } = await createTree();
    await alice.delete(`/entity/${folder.id}`);
    const { length } = await trashOf(alice);
    for (const id of [folder.id, inner.id, 'syn999']) {
      expect(await alice.delete(`/entity/${id}`)).toMatchObject({ status: 204 });
      expect(await bob.delete(`/entity/${id}`)).toMatchObject({ status: 204 });
      expect(await alice.put(`/trashcan/trash/${id}`)).toMatchObject({ status: 200, body: '' });
    }
    expect(await trashOf(alice)).toHaveLength(length);
    expect(await alice.delete('/entity/banana')).toEqual(
      refusal(400, 'banana is not a valid Synapse ID.'),
    );
    expect(await alice.delete(`/entity/${folder.id}.1`)).toMatchObject({ status: 400 });
  });

  test('needs DELETE', async () => {
    const { alice, bob, anonymous } = server;
    const { project, folder } = await createTree();
    await share(project.id, ['READ', 'UPDATE', 'CREATE']);
    expect(await bob.delete(`/entity/${folder.id}`)).toEqual(
      refusal(403, 'You lack DELETE access to the requested entity.'),
    );
    expect(await bob.put(`/trashcan/trash/${folder.id}`)).toMatchObject({ status: 403 });
    expect(await anonymous.delete(`/entity/${folder.id}`)).toMatchObject({ status: 403 });
    expect(await alice.read(folder.id)).toEqual(folder);
  });

  test('without a stay in the trash is for good', async () => {
    const { alice } = server;
    const { folder, inner } = await createTree();
    expect(await alice.delete(`/entity/${folder.id}?skipTrashCan=true`)).toMatchObject({
      status: 204,
    });
    for (const id of [folder.id, inner.id]) {
      expect(await alice.get(`/entity/${id}`)).toEqual(
        refusal(404, `Resource: '${id}' does not exist`),
      );
    }
    expect(await trashOf(alice)).not.toContainEqual(
      expect.objectContaining({ entityId: folder.id }),
    );
  });

  test('can be done to a tree that holds something deleted before', async () => {
    const { alice } = server;
    const { project, folder, inner } = await createTree();
    await alice.delete(`/entity/${inner.id}`);
    await alice.delete(`/entity/${folder.id}`);
    expect(await alice.put(`/trashcan/restore/${inner.id}`)).toEqual(
      refusal(
        403,
        `The intended parent ${folder.id} is in the trash can and cannot be restored to.`,
      ),
    );
    expect(await alice.put(`/trashcan/restore/${folder.id}`)).toMatchObject({ status: 200 });
    expect(await alice.put(`/trashcan/restore/${inner.id}`)).toMatchObject({ status: 200 });
    expect(await alice.read(inner.id)).toMatchObject({ name: 'inner', parentId: folder.id });
    expect(await alice.read(folder.id)).toMatchObject({ parentId: project.id });
  });
});

describe('restoring', () => {
  test('brings back the place without the ACL below', async () => {
    const { alice } = server;
    const { project, folder, inner } = await createTree();
    const acl = {
      resourceAccess: [
        { principalId: server.userId('alice'), accessType: ['READ', 'CHANGE_PERMISSIONS'] },
      ],
    };
    await alice.post(`/entity/${inner.id}/acl`, acl);
    await alice.delete(`/entity/${folder.id}`);
    expect(await alice.put(`/trashcan/restore/${folder.id}`)).toMatchObject({
      status: 200,
      body: '',
    });
    const back = await alice.read(folder.id);
    expect(back).toMatchObject({ name: 'folder', parentId: project.id });
    expect(back.etag).not.toBe(folder.etag);
    expect(await alice.get(`/entity/${inner.id}/benefactor`)).toMatchObject({
      body: { id: project.id },
    });
    expect(await trashOf(alice)).not.toContainEqual(
      expect.objectContaining({ entityId: folder.id }),
    );
    expect(await alice.put(`/trashcan/restore/${folder.id}`)).toEqual(
      refusal(404, `The node ${folder.id} is not in the trash can.`),
    );
  });

  test('gives a project a fresh ACL of its owner', async () => {
    const { alice, bob } = server;
    const { project } = await createTree();
    await share(project.id, ['READ']);
    await alice.delete(`/entity/${project.id}`);
    expect(await alice.put(`/trashcan/restore/${project.id}`)).toMatchObject({ status: 200 });
    expect(await alice.get(`/entity/${project.id}/acl`)).toMatchObject({
      status: 200,
      body: { resourceAccess: [{ principalId: server.userId('alice') }] },
    });
    expect(await bob.get(`/entity/${project.id}`)).toMatchObject({ status: 403 });
  });

  test('elsewhere needs CREATE there', async () => {
    const { alice, bob } = server;
    const { folder } = await createTree();
    const other = await createTree();
    const bobs = await bob.create('project', { name: `Of Bob ${count}` });
    await alice.delete(`/entity/${folder.id}`);
    expect(await alice.put(`/trashcan/restore/${folder.id}/${bobs.id}`)).toEqual(
      refusal(403, 'You lack CREATE access to the requested entity.'),
    );
    expect(await alice.put(`/trashcan/restore/${folder.id}/syn4489`)).toMatchObject({
      status: 400,
    });
    expect(await alice.put(`/trashcan/restore/${folder.id}/syn999`)).toMatchObject({ status: 403 });
    expect(await alice.put(`/trashcan/restore/${folder.id}/${other.project.id}`)).toMatchObject({
      status: 409,
    });
    expect(await alice.put(`/trashcan/restore/${folder.id}/${other.inner.id}`)).toMatchObject({
      status: 200,
    });
    expect(await alice.read(folder.id)).toMatchObject({ parentId: other.inner.id, name: 'folder' });
  });

  test('is for administrators or the one who deleted', async () => {
    const { alice, bob, admin } = server;
    const { project, folder } = await createTree();
    await share(project.id, ['READ', 'UPDATE', 'CREATE', 'DELETE']);
    await alice.delete(`/entity/${folder.id}`);
    expect(await bob.put(`/trashcan/restore/${folder.id}`)).toEqual(
      refusal(
        403,
        `User ${server.userId('bob')} not allowed to restore ${folder.id}. The node was deleted by a different user.`,
      ),
    );
    expect(await bob.put(`/trashcan/purge/${folder.id}`)).toMatchObject({ status: 404 });
    expect((await trashOf(bob)).map(({ entityId }) => entityId)).not.toContain(folder.id);
    expect(await admin.put(`/trashcan/restore/${folder.id}`)).toMatchObject({ status: 200 });
    expect(await alice.read(folder.id)).toMatchObject({ name: 'folder' });
  });

  test('fails when the name was taken meanwhile', async () => {
    const { alice } = server;
    const { project, folder } = await createTree();
    await alice.delete(`/entity/${folder.id}`);
    await alice.create('folder', { parentId: project.id, name: 'folder' });
    expect(await alice.put(`/trashcan/restore/${folder.id}`)).toEqual(
      refusal(409, `An entity with the name: folder already exists with a parentId: ${project.id}`),
    );
    expect(await trashOf(alice)).toContainEqual(expect.objectContaining({ entityId: folder.id }));
  });
});

describe('purging', () => {
  test('ends everything below too', async () => {
    const { alice } = server;
    const { folder, inner } = await createTree();
    await alice.delete(`/entity/${folder.id}`);
    expect(await alice.put(`/trashcan/purge/${folder.id}`)).toMatchObject({
      status: 200,
      body: '',
    });
    for (const id of [folder.id, inner.id]) {
      expect(await alice.get(`/entity/${id}`)).toEqual(
        refusal(404, `Resource: '${id}' does not exist`),
      );
    }
    expect(await alice.put(`/trashcan/purge/${folder.id}`)).toMatchObject({ status: 404 });
    expect(await alice.put(`/trashcan/purge/${inner.id}`)).toMatchObject({ status: 404 });
    expect(await alice.put('/trashcan/purge/x')).toMatchObject({ status: 400 });
  });

  test('happens by itself after 30 days', async () => {
    const { alice } = server;
    const { folder } = await createTree();
    await alice.delete(`/entity/${folder.id}`);
    const day = 24 * 60 * 60 * 1000;
    clock.offset = 29 * day;
    expect(await trashOf(alice)).toContainEqual(expect.objectContaining({ entityId: folder.id }));
    clock.offset = 31 * day;
    expect(await trashOf(alice)).toEqual([]);
    expect(await alice.put(`/trashcan/restore/${folder.id}`)).toMatchObject({ status: 404 });
    expect(await alice.get(`/entity/${folder.id}`)).toEqual(
      refusal(404, `Resource: '${folder.id}' does not exist`),
    );
  });
});

describe('the view', () => {
  test('comes in pages', async () => {
    const { bob } = server;
    const project = await bob.create('project', { name: 'Paged trash' });
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      const { id } = await bob.create('folder', { parentId: project.id, name });
      await bob.delete(`/entity/${id}`);
      ids.push(id);
    }
    const page = (query: string) => bob.get(`/trashcan/view${query}`);
    expect(await page('?limit=2')).toMatchObject({
      body: { totalNumberOfResults: 3, results: [{ entityId: ids[0] }, { entityId: ids[1] }] },
    });
    expect(await page('?limit=2&offset=2')).toMatchObject({
      body: { totalNumberOfResults: 3, results: [{ entityId: ids[2] }] },
    });
    for (const query of ['?limit=-1', '?offset=-1', '?limit=x']) {
      expect(await page(query)).toMatchObject({ status: 400 });
    }
    expect(await server.anonymous.get('/trashcan/view')).toMatchObject({ status: 200 });
  });
});
