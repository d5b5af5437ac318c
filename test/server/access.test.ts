import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import {
  classes,
  md5s,
  refusal,
  withSessions,
  type Session,
  type Stored,
} from './entitySession.js';

const server = withSessions();
let count = 0;

/** A project of Alice with a folder in it. */
async function createPair(): Promise<{ project: Stored; folder: Stored }> {
  count += 1;
  const { alice } = server;
  const project = await alice.create('project', { name: `Access ${count}` });
  const folder = await alice.create('folder', { parentId: project.id, name: 'folder' });
  return { project, folder };
}

async function aclOf(id: string): Promise<M.AccessControlList> {
  const answer = await server.alice.get(`/entity/${id}/acl`);
  expect(answer.status).toBe(200);
  return answer.body as M.AccessControlList;
}

/** Adds rows to the ACL of an entity of Alice. */
async function grant(id: string, ...rows: M.ResourceAccess[]): Promise<void> {
  const acl = await aclOf(id);
  const body = { ...acl, resourceAccess: [...(acl.resourceAccess ?? []), ...rows] };
  expect(await server.alice.put(`/entity/${id}/acl`, body)).toMatchObject({ status: 200 });
}

async function permissions(session: Session, id: string): Promise<M.UserEntityPermissions> {
  const answer = await session.get(`/entity/${id}/permissions`);
  expect(answer.status).toBe(200);
  return answer.body as M.UserEntityPermissions;
}

describe('an ACL', () => {
  let owner: M.ResourceAccess;

  beforeAll(() => {
    owner = {
      principalId: server.userId('alice'),
      accessType: ['READ', 'UPDATE', 'DELETE', 'CREATE', 'CHANGE_PERMISSIONS'],
    };
  });

  test('is readable only on the entity that holds it', async () => {
    const { alice, bob } = server;
    const { project, folder } = await createPair();
    expect(await alice.get(`/entity/${folder.id}/acl`)).toEqual(
      refusal(
        404,
        `The requested ACL does not exist. This entity inherits its permissions from: /repo/v1/entity/${project.id}/acl`,
      ),
    );
    expect(await bob.get(`/entity/${project.id}/acl`)).toMatchObject({ status: 403 });
    expect(await alice.get('/entity/syn999/acl')).toMatchObject({ status: 404 });
    expect(await aclOf(project.id)).toEqual({
      id: project.id,
      etag: expect.any(String),
      creationDate: expect.any(String),
      resourceAccess: expect.any(Array),
    });
  });

  test('touches its entity with every change', async () => {
    const { alice } = server;
    const { project, folder } = await createPair();
    const path = `/entity/${folder.id}/acl`;
    const made = await alice.post(path, {
      id: folder.id,
      etag: 'ignored',
      resourceAccess: [owner],
    });
    expect(made).toMatchObject({ status: 201, body: { id: folder.id, resourceAccess: [owner] } });
    const touched = await alice.read(folder.id);
    expect(touched.etag).not.toBe(folder.etag);
    expect(await alice.get(`/entity/${folder.id}/benefactor`)).toMatchObject({
      body: { id: folder.id },
    });
    expect(await alice.post(path, { resourceAccess: [owner] })).toEqual(
      refusal(403, 'Resource already has an ACL.'),
    );
    const body = made.body as M.AccessControlList;
    const stale = { ...body, etag: '00000000-0000-0000-0000-000000000000' };
    expect(await alice.put(path, stale)).toEqual(refusal(412, 'E-tags do not match.'));
    expect(await alice.put(path, { ...body, etag: null })).toMatchObject({ status: 400 });
    const reader: M.ResourceAccess = { principalId: server.userId('bob'), accessType: ['READ'] };
    const put = await alice.put(path, { ...body, resourceAccess: [owner, reader] });
    expect(put).toMatchObject({
      status: 200,
      body: { creationDate: body.creationDate, resourceAccess: [owner, reader] },
    });
    expect((put.body as M.AccessControlList).etag).not.toBe(body.etag);
    expect(await alice.delete(path)).toMatchObject({ status: 204, body: '' });
    expect(await alice.get(`/entity/${folder.id}/benefactor`)).toMatchObject({
      body: { id: project.id },
    });
    expect(await alice.delete(path)).toEqual(
      refusal(403, 'Resource already inherits its permissions.'),
    );
    expect(await alice.put(path, body)).toEqual(
      refusal(403, 'Cannot update ACL for a resource which inherits its permissions.'),
    );
    expect(await alice.delete(`/entity/${project.id}/acl`)).toEqual(
      refusal(403, 'Cannot restore inheritance for resource which has no parent.'),
    );
  });

  test('needs CHANGE_PERMISSIONS: on the benefactor to make one', async () => {
    const { alice, bob } = server;
    const { project, folder } = await createPair();
    const acl = { resourceAccess: [owner] };
    await grant(project.id, { principalId: server.userId('bob'), accessType: ['READ', 'UPDATE'] });
    const lacks = refusal(403, 'You lack CHANGE_PERMISSIONS access to the requested entity.');
    expect(await bob.post(`/entity/${folder.id}/acl`, acl)).toEqual(lacks);
    expect(await bob.put(`/entity/${project.id}/acl`, await aclOf(project.id))).toEqual(lacks);
    expect((await alice.post(`/entity/${folder.id}/acl`, acl)).status).toBe(201);
    expect(await bob.delete(`/entity/${folder.id}/acl`)).toEqual(lacks);
  });

  test.each<[string, (rows: M.ResourceAccess[]) => unknown, number, unknown]>([
    [
      'the anonymous user',
      (rows) => [...rows, { principalId: 273950, accessType: ['READ'] }],
      400,
      expect.stringContaining('Cannot assign permissions to anonymous.'),
    ],
    [
      'more than READ for the public',
      (rows) => [...rows, { principalId: 273949, accessType: ['READ', 'UPDATE'] }],
      400,
      'Only READ permissions can be assigned to the public group',
    ],
    ['no principal', (rows) => [...rows, { accessType: ['READ'] }], 400, 'Group ID is null'],
    ['no types', (rows) => [...rows, { principalId: 273948 }], 400, 'No access types specified.'],
    [
      'an unknown type',
      (rows) => [...rows, { principalId: 273948, accessType: ['FLY'] }],
      400,
      expect.any(String),
    ],
    [
      'an unknown principal',
      (rows) => [...rows, { principalId: 31, accessType: ['READ'] }],
      400,
      expect.any(String),
    ],
    ['a text for the rows', () => 'x', 400, expect.any(String)],
    ['a null row', (rows) => [...rows, null], 400, expect.any(String)],
    [
      'a principal that is no number',
      (rows) => [...rows, { principalId: 'x', accessType: ['READ'] }],
      400,
      expect.any(String),
    ],
  ])('with %s is refused and changes nothing', async (_name, change, status, reason) => {
    const { project } = await createPair();
    const acl = await aclOf(project.id);
    const body = { ...acl, resourceAccess: change(acl.resourceAccess ?? []) };
    expect(await server.alice.put(`/entity/${project.id}/acl`, body)).toEqual(
      refusal(status, reason),
    );
    expect(await aclOf(project.id)).toEqual(acl);
    expect(await server.alice.read(project.id)).toEqual(project);
  });

  test('cannot lock out its writer unless they made the entity', async () => {
    const { alice, bob } = server;
    const { project, folder } = await createPair();
    const bobRow: M.ResourceAccess = {
      principalId: server.userId('bob'),
      accessType: ['READ', 'CHANGE_PERMISSIONS'],
    };
    await grant(project.id, bobRow);
    const body = { resourceAccess: [owner] };
    expect(await bob.post(`/entity/${folder.id}/acl`, body)).toEqual(
      refusal(400, 'Caller is trying to revoke their own ACL editing permissions.'),
    );
    expect(await bob.post(`/entity/${folder.id}/acl`, { resourceAccess: [bobRow] })).toMatchObject({
      status: 201,
    });
    const acl = await aclOf(project.id);
    expect(
      await alice.put(`/entity/${project.id}/acl`, { ...acl, resourceAccess: [] }),
    ).toMatchObject({ status: 200, body: { resourceAccess: [] } });
    expect(await alice.get(`/entity/${project.id}`)).toMatchObject({ status: 403 });
    expect(await server.admin.get(`/entity/${project.id}`)).toMatchObject({ status: 200 });
  });

  test('of an uncertified user does not open downloads to everybody', async () => {
    const { carol } = server;
    const project = await carol.create('project', { name: 'Of Carol' });
    const acl = (await carol.get(`/entity/${project.id}/acl`)).body as M.AccessControlList;
    const rows = (accessType: M.ACCESS_TYPE[]) => ({
      ...acl,
      resourceAccess: [...(acl.resourceAccess ?? []), { principalId: 273948, accessType }],
    });
    expect(await carol.put(`/entity/${project.id}/acl`, rows(['READ', 'DOWNLOAD']))).toMatchObject({
      status: 403,
      body: { errorCode: 'USER_CERTIFICATION_REQUIRED' },
    });
    expect(await carol.put(`/entity/${project.id}/acl`, rows(['READ']))).toMatchObject({
      status: 200,
    });
  });
});

describe('groups', () => {
  test('give the public access to public data only', async () => {
    const { bob, carol, anonymous } = server;
    const { project, folder } = await createPair();
    await grant(project.id, { principalId: 273948, accessType: ['READ', 'DOWNLOAD'] });
    expect(await bob.read(folder.id)).toMatchObject({ id: folder.id });
    expect(await carol.read(folder.id)).toMatchObject({ id: folder.id });
    expect(await anonymous.get(`/entity/${folder.id}`)).toEqual(
      refusal(403, 'You lack READ access to the requested entity.'),
    );
    await grant(project.id, { principalId: 273949, accessType: ['READ'] });
    expect(await anonymous.read(folder.id)).toMatchObject({ id: folder.id });
    expect(await anonymous.put(`/entity/${folder.id}`, folder)).toEqual(
      refusal(403, 'Anonymous users have only READ access permission.'),
    );
    expect(await permissions(anonymous, folder.id)).toMatchObject({
      canView: true,
      canPublicRead: true,
      canDownload: false,
      canEdit: false,
    });
  });

  test('certified users may be given rights as a group', async () => {
    const { bob, carol } = server;
    const { project } = await createPair();
    await grant(project.id, { principalId: 3, accessType: ['READ', 'UPDATE'] });
    expect(await permissions(bob, project.id)).toMatchObject({ canView: true, canEdit: true });
    expect(await permissions(carol, project.id)).toMatchObject({ canView: false, canEdit: false });
  });
});

describe('permissions', () => {
  test('depend on the role of the user', async () => {
    const { alice, bob, carol, admin } = server;
    const { project, folder } = await createPair();
    await grant(
      project.id,
      { principalId: server.userId('bob'), accessType: ['READ'] },
      { principalId: server.userId('carol'), accessType: ['READ', 'UPDATE', 'CREATE', 'DELETE'] },
    );
    expect(await permissions(alice, folder.id)).toEqual({
      canView: true,
      canEdit: true,
      canMove: true,
      canAddChild: true,
      canCertifiedUserEdit: true,
      canCertifiedUserAddChild: true,
      isCertifiedUser: true,
      canChangePermissions: true,
      canChangeSettings: true,
      canDelete: true,
      canDownload: true,
      canUpload: true,
      canEnableInheritance: true,
      ownerPrincipalId: server.userId('alice'),
      canPublicRead: false,
      canModerate: true,
      isCertificationRequired: true,
      isEntityOpenData: false,
      isDataContributor: true,
    });
    expect(await permissions(alice, project.id)).toMatchObject({ canEnableInheritance: false });
    expect(await permissions(bob, folder.id)).toMatchObject({
      canView: true,
      canEdit: false,
      canMove: false,
      canDownload: false,
      canDelete: false,
      isDataContributor: false,
    });
    expect(await permissions(carol, folder.id)).toMatchObject({
      canEdit: false,
      canAddChild: false,
      canCertifiedUserEdit: true,
      canCertifiedUserAddChild: true,
      isCertifiedUser: false,
      canDelete: true,
      isDataContributor: true,
    });
    expect(await permissions(carol, project.id)).toMatchObject({
      canEdit: true,
      canAddChild: false,
    });
    expect(await permissions(admin, folder.id)).toMatchObject({
      canView: true,
      canEdit: true,
      canDownload: true,
      canCertifiedUserEdit: false,
    });
    expect(await alice.get('/entity/syn999/permissions')).toMatchObject({ status: 404 });
  });

  test('one at a time', async () => {
    const { alice, bob } = server;
    const { project } = await createPair();
    const ask = (session: Session, type: string, id = project.id) =>
      session.get(`/entity/${id}/access?accessType=${type}`);
    expect(await ask(alice, 'DELETE')).toMatchObject({ status: 200, body: { result: true } });
    expect(await ask(bob, 'READ')).toMatchObject({ status: 200, body: { result: false } });
    expect(await ask(alice, 'SUBMIT')).toEqual(refusal(400, 'Unknown access type: SUBMIT'));
    expect(await ask(alice, 'READ', 'syn999')).toMatchObject({ status: 404 });
    expect(await alice.get(`/entity/${project.id}/access`)).toMatchObject({ status: 400 });
  });

  test('a creator keeps CHANGE_SETTINGS without the ACL', async () => {
    const { alice } = server;
    const { project } = await createPair();
    const acl = await aclOf(project.id);
    const resourceAccess = [
      { principalId: server.userId('alice'), accessType: ['READ', 'CHANGE_PERMISSIONS'] },
    ];
    expect((await alice.put(`/entity/${project.id}/acl`, { ...acl, resourceAccess })).status).toBe(
      200,
    );
    expect(await permissions(alice, project.id)).toMatchObject({
      canChangeSettings: true,
      canEdit: false,
    });
  });

  test('move with an entity', async () => {
    const { alice, bob } = server;
    const open = await createPair();
    const closed = await createPair();
    await grant(open.project.id, { principalId: server.userId('bob'), accessType: ['READ'] });
    expect(await bob.get(`/entity/${open.folder.id}`)).toMatchObject({ status: 200 });
    await alice.update(open.folder, { parentId: closed.project.id, name: 'moved' });
    expect(await bob.get(`/entity/${open.folder.id}`)).toMatchObject({ status: 403 });
  });
});

describe('open data', () => {
  test('may be downloaded by whoever may read it once the access committee opens it', async () => {
    const { alice, bob, admin, anonymous } = server;
    const { project, folder } = await createPair();
    const file = await alice.create('file', {
      parentId: project.id,
      name: 'data',
      dataFileHandleId: await alice.createHandle(md5s.a),
    });
    await grant(project.id, { principalId: 273949, accessType: ['READ'] });
    const path = `/entity/${file.id}/datatype?type=OPEN_DATA`;
    expect(await alice.put(path)).toMatchObject({ status: 403 });
    expect(await permissions(bob, file.id)).toMatchObject({ canDownload: false });
    expect(await bob.get(`/entity/${file.id}/actions/download`)).toMatchObject({
      status: 200,
      body: {
        actions: [
          {
            concreteType: 'org.sagebionetworks.repo.model.download.RequestDownload',
            benefactorId: Number(project.id.slice(3)),
          },
        ],
      },
    });
    expect(await admin.put(path)).toMatchObject({
      status: 200,
      body: { objectId: file.id, objectType: 'ENTITY', dataType: 'OPEN_DATA' },
    });
    expect(await permissions(bob, file.id)).toMatchObject({
      canDownload: true,
      isEntityOpenData: true,
    });
    expect(await permissions(anonymous, file.id)).toMatchObject({ canDownload: true });
    expect(await bob.get(`/entity/${file.id}/actions/download`)).toMatchObject({
      body: { actions: [] },
    });
    expect(await admin.put(`/entity/${folder.id}/datatype?type=NONE`)).toMatchObject({
      status: 400,
    });
    expect(await admin.put('/entity/syn999/datatype?type=OPEN_DATA')).toMatchObject({
      status: 404,
    });
  });
});

describe('the order of checks', () => {
  test('is existence before trash before permission', async () => {
    const { alice, bob } = server;
    const { folder } = await createPair();
    await alice.delete(`/entity/${folder.id}`);
    for (const session of [alice, bob]) {
      expect(await session.get(`/entity/${folder.id}`)).toEqual(
        refusal(404, `Entity ${folder.id} is in trash can.`),
      );
      expect(
        await session.put(`/entity/${folder.id}`, { ...folder, concreteType: classes.folder }),
      ).toMatchObject({ status: 404 });
      for (const path of [
        'acl',
        'permissions',
        'path',
        'annotations2',
        'benefactor',
        'type',
        'version',
      ]) {
        expect(await session.get(`/entity/${folder.id}/${path}`)).toMatchObject({ status: 404 });
      }
    }
  });
});
