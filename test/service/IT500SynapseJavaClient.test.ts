import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { md5s, withSessions, type Session, type Stored } from '../server/entitySession.js';
import { bytesOf, uploadFile } from '../server/filesClient.js';

const server = withSessions();
let alice: Session;
let project: Stored;
let dataset: Stored;

beforeEach(async () => {
  alice = server.alice;
  project = await alice.create('project', {});
  dataset = await alice.create('folder', { parentId: project.id, name: 'dataset' });
});

const accessOf = async (user: Session, id: string, type: string): Promise<unknown> =>
  (await user.get(`/entity/${id}/access?accessType=${type}`)).body;

/** Lets bob read and download what is in the project. */
async function shareWithBob(): Promise<void> {
  const path = `/entity/${project.id}/acl`;
  const acl = (await alice.get(path)).body as M.AccessControlList;
  const access = { principalId: server.userId('bob'), accessType: ['READ', 'DOWNLOAD'] };
  const resourceAccess = [...(acl.resourceAccess ?? []), access];
  expect(await alice.put(path, { ...acl, resourceAccess })).toMatchObject({ status: 200 });
}

async function requireTerms(id: string): Promise<M.AccessRequirement> {
  const { body } = await server.admin.post('/accessRequirement', {
    concreteType: 'org.sagebionetworks.repo.model.TermsOfUseAccessRequirement',
    accessType: 'DOWNLOAD',
    subjectIds: [{ id, type: 'ENTITY' }],
    termsOfUse: 'play nice',
  });
  return body as M.AccessRequirement;
}

describe('IT500SynapseJavaClient', () => {
  test('testNoDeleteACLOnProject: a project keeps its ACL', async () => {
    expect(await alice.get(`/entity/${project.id}/permissions`)).toMatchObject({
      body: { canChangePermissions: true, canEnableInheritance: false },
    });
    expect(await alice.delete(`/entity/${project.id}/acl`)).toMatchObject({ status: 403 });
  });

  test('testEmptyACLAccessTypeList: nobody is listed without a permission', async () => {
    const path = `/entity/${project.id}/acl`;
    const acl = (await alice.get(path)).body as M.AccessControlList;
    const groups = (await alice.get('/userGroup?offset=0&limit=100'))
      .body as M.PaginatedResultsOfUserGroup;
    expect(groups.results.map(({ id }) => id)).toContain('273949');
    const access = { principalId: 273_949, accessType: [] };
    const resourceAccess = [...(acl.resourceAccess ?? []), access];
    expect(await alice.put(path, { ...acl, resourceAccess })).toMatchObject({ status: 400 });
  });

  test('testJavaClientCRUD: an answer about access is an object with the result', async () => {
    const dataFileHandleId = await alice.createHandle(md5s.a);
    const file = await alice.create('file', { parentId: project.id, dataFileHandleId });
    for (const type of ['UPDATE', 'READ', 'DOWNLOAD']) {
      expect(await accessOf(alice, file.id, type)).toEqual({ result: true });
      expect(await accessOf(server.bob, file.id, type)).toEqual({ result: false });
    }
    const evaluation = (await alice.post('/evaluation', { name: 'e1', contentSource: project.id }))
      .body as M.Evaluation;
    const path = `/evaluation/${evaluation.id ?? ''}/access?accessType=READ`;
    expect((await alice.get(path)).body).toEqual({ result: true });
    expect((await server.bob.get(path)).body).toEqual({ result: false });
    expect((await alice.get(`/evaluation/${evaluation.id ?? ''}/submission/count`)).body).toBe(0);
  });

  test('testJavaClientCRUD: terms of use keep a reader from the file until they are accepted', async () => {
    const dataFileHandleId = await alice.createHandle(md5s.a);
    const file = await alice.create('file', { parentId: project.id, dataFileHandleId });
    await shareWithBob();
    const requirement = await requireTerms(file.id);
    expect(await accessOf(server.bob, file.id, 'DOWNLOAD')).toEqual({ result: false });
    const approval = { requirementId: requirement.id };
    expect(await server.bob.post('/accessApproval', approval)).toMatchObject({ status: 201 });
    expect(await accessOf(server.bob, file.id, 'DOWNLOAD')).toEqual({ result: true });
    const changed = { ...requirement, termsOfUse: 'play nicer' };
    expect(
      await server.admin.put(`/accessRequirement/${String(requirement.id)}`, changed),
    ).toMatchObject({ status: 200, body: { termsOfUse: 'play nicer' } });
  });

  test('testJavaClientCRUD: annotations change the etag, and the path ends at the file', async () => {
    const dataFileHandleId = await alice.createHandle(md5s.a);
    const file = await alice.create('file', { parentId: project.id, dataFileHandleId });
    const path = `/entity/${file.id}/annotations2`;
    const before = (await alice.get(path)).body as M.Annotations;
    expect(before).toMatchObject({ id: file.id, etag: file.etag });
    const annotations = { longKey: { type: 'DOUBLE', value: ['999999'] } };
    const after = (await alice.put(path, { ...before, annotations })).body as M.Annotations;
    expect(after).toMatchObject({ id: file.id, annotations });
    expect(after.etag).not.toBe(before.etag);
    expect(await alice.get(`/entity/${file.id}/version/1`)).toMatchObject({
      body: { etag: expect.not.stringMatching(/^0{8}/) },
    });
    expect(await alice.get(`/entity/${file.id}/permissions`)).toMatchObject({
      body: {
        canEdit: true,
        canView: true,
        canChangePermissions: true,
        canChangeSettings: true,
        canEnableInheritance: true,
        ownerPrincipalId: server.userId('alice'),
      },
    });
    const { path: parts } = (await alice.get(`/entity/${file.id}/path`)).body as M.EntityPath;
    expect(parts.map(({ id }) => id)).toEqual(['syn4489', project.id, file.id]);
    const ids = [project.id, dataset.id, file.id];
    const references = ids.map((targetId) => ({ targetId }));
    const headers = await alice.post('/entity/header', { references });
    expect(headers).toMatchObject({ body: { totalNumberOfResults: 3 } });
    const found = headers.body as M.PaginatedResultsOfEntityHeader;
    expect(found.results.map(({ id }) => id).sort()).toEqual([...ids].sort());
  });

  test('testJavaClientCRUD: a new version has its number as label', async () => {
    const dataFileHandleId = await alice.createHandle(md5s.a);
    const file = await alice.create('file', { parentId: project.id, dataFileHandleId });
    const other = await alice.createHandle(md5s.b);
    const versionComment = 'A new version comment';
    const change = { versionLabel: undefined, versionComment, dataFileHandleId: other };
    await alice.update(file, change, '?newVersion=true');
    expect(await alice.read(file.id)).toMatchObject({
      versionLabel: '2',
      versionComment,
      dataFileHandleId: other,
    });
  });

  test('testJavaClientCreateEntity: a folder is read as it was made', async () => {
    const folder = await alice.create('folder', { parentId: project.id });
    expect(await alice.read(folder.id)).toEqual(folder);
  });

  test('testJavaClientGetEntityBundle: a bundle holds what the single requests give', async () => {
    const path = `/entity/${project.id}`;
    const before = (await alice.get(`${path}/annotations2`)).body as M.Annotations;
    const annotations = {
      doubleAnno: { type: 'DOUBLE', value: ['45.0001'] },
      string: { type: 'STRING', value: ['A string'] },
    };
    await alice.put(`${path}/annotations2`, { ...before, annotations });
    const bundle = await alice.post(`${path}/bundle2`, {
      includeEntity: true,
      includeAnnotations: true,
      includePermissions: true,
      includeEntityPath: true,
      includeHasChildren: true,
      includeAccessControlList: true,
      includeFileName: true,
      includeRestrictionInformation: true,
    });
    const bodyOf = async (rest: string): Promise<unknown> => (await alice.get(path + rest)).body;
    expect(bundle.body).toEqual({
      entityType: 'project',
      entity: await bodyOf(''),
      annotations: await bodyOf('/annotations2'),
      permissions: await bodyOf('/permissions'),
      path: await bodyOf('/path'),
      hasChildren: true,
      accessControlList: await bodyOf('/acl'),
      restrictionInformation: expect.objectContaining({ hasUnmetAccessRequirement: false }),
    });
  });

  test('testSpecialCharacters: a profile keeps letters of any language', async () => {
    const profile = (await alice.get('/userProfile')).body as M.UserProfile;
    const names = { location: 'Zürich', firstName: 'Sławomir' };
    expect(await alice.put('/userProfile', { ...profile, ...names })).toMatchObject({
      status: 200,
    });
    expect((await alice.get('/userProfile')).body).toMatchObject(names);
  });

  test('testJavaClientCreateUpdateEntityBundle: an entity is made and changed with all of its parts', async () => {
    const concreteType = 'org.sagebionetworks.repo.model.Folder';
    const accessType = ['READ', 'UPDATE', 'CREATE', 'DELETE', 'CHANGE_PERMISSIONS', 'DOWNLOAD'];
    const resourceAccess = [{ principalId: server.userId('alice'), accessType }];
    const annotations = { string: { type: 'STRING', value: ['A string'] } };
    const made = await alice.post('/entity/bundle2/create', {
      entity: { concreteType, name: 'Dummy Study 1', parentId: project.id },
      annotations: { annotations },
      accessControlList: { resourceAccess },
    });
    const first = made.body as M.EntityBundle;
    expect(first).toMatchObject({
      entity: { name: 'Dummy Study 1', etag: expect.any(String) },
      annotations: { annotations, etag: expect.any(String) },
      accessControlList: { etag: expect.any(String) },
    });
    const second = (
      await alice.put(`/entity/${(first.entity as Stored).id}/bundle2`, {
        entity: { ...first.entity, name: 'Dummy study 1 updated' },
        annotations: {
          ...first.annotations,
          annotations: { ...annotations, string2: { type: 'STRING', value: ['Another string'] } },
        },
        accessControlList: first.accessControlList,
      })
    ).body as M.EntityBundle;
    expect(second).toMatchObject({
      entity: { name: 'Dummy study 1 updated' },
      annotations: { annotations: { string2: { value: ['Another string'] } } },
      accessControlList: { resourceAccess: first.accessControlList?.resourceAccess },
    });
    for (const part of ['entity', 'annotations', 'accessControlList'] as const) {
      expect((second[part] as Stored).etag).not.toBe((first[part] as Stored).etag);
    }
  });

  test('testGetUsers: users are listed a thousand at a time', async () => {
    const { results } = (await alice.get('/user?offset=0&limit=1000'))
      .body as M.PaginatedResultsOfUserProfile;
    expect(results.map(({ ownerId }) => ownerId)).toContain(String(server.userId('alice')));
  });

  test('testListUserProfiles: profiles are found by their ids', async () => {
    const ownerId = String(server.userId('alice'));
    const found = await server.bob.post('/userProfile', { list: [Number(ownerId)] });
    expect(found).toMatchObject({ body: { list: [{ ownerId }] } });
    expect((found.body as { list: object[] }).list).toHaveLength(1);
  });

  test('testGetUserGroupHeaders: users are found by the beginning of their name', async () => {
    for (const query of ['prefix=alice', 'prefix=alice&typeFilter=USERS_ONLY&limit=5&offset=0']) {
      const { body } = await server.bob.get(`/userGroupHeaders?${query}`);
      expect(body).toMatchObject({ totalNumberOfResults: 1, children: [{ userName: 'alice' }] });
    }
  });

  test('testGetUserGroupHeadersByAliases: a user is found by the whole name', async () => {
    const ownerId = String(server.userId('alice'));
    const found = await server.bob.post('/userGroupHeaders/aliases', { list: ['alice'] });
    expect(found.body).toEqual({
      list: [expect.objectContaining({ ownerId, userName: 'alice', isIndividual: true })],
    });
  });

  test('testGetGroups: groups have ids', async () => {
    const { results } = (await alice.get('/userGroup?offset=0&limit=100'))
      .body as M.PaginatedResultsOfUserGroup;
    expect(results.length).toBeGreaterThan(0);
    expect(results.filter(({ id }) => id === undefined)).toEqual([]);
  });

  test('testGetUserGroupHeadersById: users are found by their ids', async () => {
    const ids = [server.userId('alice'), server.userId('bob')].map(String);
    const { children } = (await alice.get(`/userGroupHeaders/batch?ids=${ids.join(',')}`))
      .body as M.UserGroupHeaderResponsePage;
    expect(children?.map(({ ownerId }) => ownerId)).toEqual(ids);
  });

  test('testAccessRequirement: terms of use of a folder keep its owner from it too', async () => {
    const layer = await alice.create('folder', { parentId: dataset.id });
    expect(await accessOf(alice, layer.id, 'DOWNLOAD')).toEqual({ result: true });
    const requirement = await requireTerms(layer.id);
    expect((await server.admin.get(`/accessRequirement/${String(requirement.id)}`)).body).toEqual(
      requirement,
    );
    expect(await accessOf(alice, layer.id, 'DOWNLOAD')).toEqual({ result: false });
    await shareWithBob();
    expect(await accessOf(server.bob, layer.id, 'DOWNLOAD')).toEqual({ result: false });
    const created = await server.bob.post('/accessApproval', { requirementId: requirement.id });
    const approval = created.body as M.AccessApproval;
    expect((await server.bob.get(`/accessApproval/${String(approval.id)}`)).body).toEqual(approval);
    expect(await accessOf(server.bob, layer.id, 'DOWNLOAD')).toEqual({ result: true });
    expect(await server.admin.delete(`/accessRequirement/${String(requirement.id)}`)).toMatchObject(
      { status: 200 },
    );
  });

  test('testRetrieveApiKey: a user has an API key', async () => {
    const path = '/auth/v1/secretKey';
    const { body } = await alice.get(path);
    expect(body).toEqual({ secretKey: expect.stringMatching(/./) });
    expect((await alice.get(path)).body).toEqual(body);
  });

  test('testProfileImageRoundTrip: a picture of a profile has a URL', async () => {
    const { id: profilePicureFileHandleId } = await uploadFile(alice, bytesOf(20));
    const profile = (await alice.get('/userProfile')).body as M.UserProfile;
    expect(
      await alice.put('/userProfile', { ...profile, profilePicureFileHandleId }),
    ).toMatchObject({ status: 200 });
    const path = `/userProfile/${server.userId('alice')}/image?redirect=false`;
    expect(await server.bob.get(path)).toMatchObject({
      status: 200,
      body: expect.stringMatching(/^http/),
    });
  });

  test('testCertifiedUserQuiz: wrong answers to the quiz are recorded as failed', async () => {
    const { carol } = server;
    const quiz = (await carol.get('/certifiedUserTest')).body as M.Quiz;
    const response = {
      concreteType: 'org.sagebionetworks.repo.model.quiz.MultichoiceResponse',
      questionIndex: 1,
      answerIndex: [1, 2],
    };
    expect(
      await carol.post('/certifiedUserTestResponse', {
        quizId: quiz.id,
        questionResponses: [response],
      }),
    ).toMatchObject({
      status: 201,
      body: { score: 0, passed: false, quizId: quiz.id, responseId: expect.any(Number) },
    });
    const path = `/admin/certifiedUserTestResponse?principalId=${server.userId('carol')}&limit=2`;
    expect(await server.admin.get(path)).toMatchObject({ body: { totalNumberOfResults: 1 } });
  });

  test('testLogService: errors of clients are taken', async () => {
    const entry = { label: 'label', message: 'message 1' };
    expect(await alice.post('/log', entry)).toMatchObject({ status: 200 });
    const stacktrace = 'at test\n\tat client';
    expect(await alice.post('/log', { ...entry, stacktrace })).toMatchObject({ status: 200 });
  });

  test('testGetEntityIdByAlias: a project is found by its alias', async () => {
    await alice.update(project, { alias: 'an_alias_of_a_project' });
    expect((await alice.get('/entity/alias/an_alias_of_a_project')).body).toEqual({
      id: project.id,
    });
  });

  test('testGetEntityChildren: the folders of a project are listed', async () => {
    const request = { parentId: project.id, includeTypes: ['folder'] };
    expect(await alice.post('/entity/children', request)).toMatchObject({
      status: 200,
      body: { page: [{ id: dataset.id }] },
    });
  });

  test('testGetEntityChildrenProjects: without a parent, projects are listed', async () => {
    const { page } = (await alice.post('/entity/children', { includeTypes: ['project'] }))
      .body as M.EntityChildrenResponse;
    expect(page[0]).toMatchObject({ type: 'org.sagebionetworks.repo.model.Project' });
  });

  test('testLookupEntity: a child is found by its name', async () => {
    const request = { parentId: project.id, entityName: 'dataset' };
    expect((await alice.post('/entity/child', request)).body).toEqual({ id: dataset.id });
  });
});
