import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { md5s, refusal, withSessions, type Session, type Stored } from './entitySession.js';

const server = withSessions();
const base = 'org.sagebionetworks.repo.model';
const types = {
  termsOfUse: `${base}.TermsOfUseAccessRequirement`,
  selfSign: `${base}.SelfSignAccessRequirement`,
  act: `${base}.ACTAccessRequirement`,
  managed: `${base}.ManagedACTAccessRequirement`,
  lock: `${base}.LockAccessRequirement`,
} as const;
let project: Stored;
let count = 0;

type Requirement = Required<M.TermsOfUseAccessRequirement>;

beforeAll(async () => {
  project = await server.alice.create('project', { name: 'Restricted' });
  const { alice } = server;
  const acl = (await alice.get(`/entity/${project.id}/acl`)).body as M.AccessControlList;
  const readers: M.ACCESS_TYPE[] = ['READ', 'DOWNLOAD'];
  for (const name of ['bob', 'carol'] as const) {
    acl.resourceAccess?.push({ principalId: server.userId(name), accessType: readers });
  }
  expect((await alice.put(`/entity/${project.id}/acl`, acl)).status).toBe(200);
});

async function createFile(fields: object = {}): Promise<Stored> {
  count += 1;
  const { alice } = server;
  return alice.create('file', {
    parentId: project.id,
    name: `file ${count}`,
    dataFileHandleId: await alice.createHandle(md5s.a),
    ...fields,
  });
}

async function require(
  type: keyof typeof types,
  subject: Stored,
  fields: object = {},
): Promise<Requirement> {
  const answer = await server.admin.post('/accessRequirement', {
    concreteType: types[type],
    subjectIds: [{ id: subject.id, type: 'ENTITY' }],
    accessType: 'DOWNLOAD',
    name: `${type} of ${subject.id}`,
    ...fields,
  });
  expect(answer.status).toBe(201);
  return answer.body as Requirement;
}

async function restriction(
  session: Session,
  { id: objectId }: Stored,
): Promise<M.RestrictionInformationResponse> {
  const answer = await session.post('/restrictionInformation', {
    objectId,
    restrictableObjectType: 'ENTITY',
  });
  expect(answer.status).toBe(200);
  return answer.body as M.RestrictionInformationResponse;
}

/** A new user whose profile is validated. */
async function createReviewer(): Promise<{ readonly id: number; readonly session: Session }> {
  const answer = await server.admin.post('/admin/user', {
    username: 'reviewer',
    validatedUser: true,
  });
  const { id, accessToken } = answer.body as { id: string; accessToken: string };
  return { id: Number(id), session: server.session(accessToken) };
}

/** How the batch, which most clients download by, answers for the file. */
async function downloadResult(session: Session, file: Stored): Promise<M.FileResult | undefined> {
  const answer = await session.post('/file/v1/fileHandle/batch', {
    requestedFiles: [
      {
        fileHandleId: file.dataFileHandleId,
        associateObjectId: file.id,
        associateObjectType: 'FileEntity',
      },
    ],
    includePreSignedURLs: true,
    includeFileHandles: false,
  });
  expect(answer.status).toBe(201);
  return (answer.body as M.BatchFileResult).requestedFiles[0];
}

describe('an unmet requirement', () => {
  test('blocks every way to the file until it is met', async () => {
    const { bob, anonymous } = server;
    const folder = await server.alice.create('folder', { name: 'terms', parentId: project.id });
    const file = await createFile({ parentId: folder.id });
    const url = expect.stringContaining('http');
    expect(await downloadResult(bob, file)).toMatchObject({ preSignedURL: url });
    expect(await restriction(bob, file)).toMatchObject({
      objectId: Number(file.id.slice(3)),
      restrictionLevel: 'OPEN',
      hasUnmetAccessRequirement: false,
      restrictionDetails: [],
    });
    const requirement = await require('termsOfUse', folder, { termsOfUse: 'Be kind.' });
    expect(await downloadResult(bob, file)).toMatchObject({ failureCode: 'UNAUTHORIZED' });
    expect(
      await bob.get(
        `/file/v1/file/${file.dataFileHandleId ?? ''}?fileAssociateType=FileEntity&fileAssociateId=${file.id}&redirect=false`,
      ),
    ).toMatchObject({ status: 403 });
    const unmet = {
      restrictionLevel: 'RESTRICTED_BY_TERMS_OF_USE',
      hasUnmetAccessRequirement: true,
      restrictionDetails: [
        { accessRequirementId: requirement.id, isApproved: false, isMet: false, isExempt: false },
      ],
    };
    expect(await restriction(bob, file)).toMatchObject(unmet);
    expect(await restriction(anonymous, file)).toMatchObject(unmet);
    const bundle = { includeRestrictionInformation: true, includeFileHandles: true };
    expect(await bob.post(`/entity/${file.id}/bundle2`, bundle)).toMatchObject({
      body: { restrictionInformation: unmet, fileHandles: [] },
    });
    expect(await bob.get(`/entity/${file.id}/actions/download`)).toMatchObject({
      body: {
        actions: [
          {
            concreteType: `${base}.download.MeetAccessRequirement`,
            accessRequirementId: requirement.id,
          },
        ],
      },
    });
    expect(await bob.get(`/entity/${file.id}/accessRequirement`)).toMatchObject({
      status: 200,
      body: { results: [{ id: requirement.id, termsOfUse: 'Be kind.' }], totalNumberOfResults: 1 },
    });
    const approval = await bob.post('/accessApproval', { requirementId: requirement.id });
    expect(approval).toMatchObject({
      status: 201,
      body: {
        requirementId: requirement.id,
        requirementVersion: 0,
        accessorId: String(server.userId('bob')),
        submitterId: String(server.userId('bob')),
        state: 'APPROVED',
      },
    });
    expect(await restriction(bob, file)).toMatchObject({
      hasUnmetAccessRequirement: false,
      restrictionDetails: [{ isApproved: true, isMet: true }],
    });
    expect(await downloadResult(bob, file)).toMatchObject({ preSignedURL: url });
    // For others it is still there, and for Bob again once it is revoked.
    expect(await downloadResult(server.carol, file)).toMatchObject({ failureCode: 'UNAUTHORIZED' });
    const revoke = `/accessApproval?requirementId=${requirement.id}&accessorId=${server.userId('bob')}`;
    expect(await server.carol.delete(revoke)).toMatchObject({ status: 403 });
    // The approvals of such a requirement are revoked in groups.
    expect(await server.admin.delete(revoke)).toMatchObject({ status: 400 });
    const group = {
      accessRequirementId: String(requirement.id),
      submitterId: String(server.userId('bob')),
    };
    const revokeGroup = '/accessApproval/group/revoke';
    expect(await bob.put(revokeGroup, group)).toMatchObject({ status: 403 });
    expect(await server.admin.put(revokeGroup, group)).toMatchObject({ status: 204 });
    expect(await downloadResult(bob, file)).toMatchObject({ failureCode: 'UNAUTHORIZED' });
    const { id } = approval.body as { id: number };
    expect(await bob.get(`/accessApproval/${id}`)).toMatchObject({ body: { state: 'REVOKED' } });
    expect(await server.carol.get(`/accessApproval/${id}`)).toMatchObject({ status: 200 });
    expect(await bob.get('/accessApproval/999')).toMatchObject({ status: 404 });
  });

  test('is for the user who signs, whoever the body names', async () => {
    const file = await createFile();
    const { id } = await require('selfSign', file);
    const accessorId = String(server.userId('carol'));
    expect(
      await server.bob.post('/accessApproval', { requirementId: id, accessorId }),
    ).toMatchObject({
      status: 201,
      body: { accessorId: String(server.userId('bob')), submitterId: String(server.userId('bob')) },
    });
    expect(await restriction(server.carol, file)).toMatchObject({
      hasUnmetAccessRequirement: true,
    });
  });

  test('asks for certification where it says so', async () => {
    const file = await createFile();
    const { id } = await require('selfSign', file, { isCertifiedUserRequired: true });
    expect(await server.carol.post('/accessApproval', { requirementId: id })).toEqual(
      refusal(403, 'Accessors must be Synapse Certified Users.'),
    );
    expect((await server.bob.post('/accessApproval', { requirementId: id })).status).toBe(201);
    expect(await restriction(server.bob, file)).toMatchObject({ hasUnmetAccessRequirement: false });
    expect(await restriction(server.carol, file)).toMatchObject({
      hasUnmetAccessRequirement: true,
    });
  });

  test('is for the ACT to approve where it says so', async () => {
    const { bob, admin } = server;
    const file = await createFile();
    const { id } = await require('act', file);
    expect(await restriction(bob, file)).toMatchObject({ restrictionLevel: 'CONTROLLED_BY_ACT' });
    const approve = (session: Session, fields: object = {}) =>
      session.post('/accessApproval', {
        requirementId: id,
        accessorId: String(server.userId('bob')),
        ...fields,
      });
    expect(await approve(bob)).toEqual(refusal(403, 'User is not an ACT Member.'));
    expect((await approve(admin, { expiredOn: '2001-01-01T00:00:00.000Z' })).status).toBe(201);
    expect(await restriction(bob, file)).toMatchObject({ hasUnmetAccessRequirement: true });
    expect((await approve(admin)).status).toBe(201);
    expect(await restriction(bob, file)).toMatchObject({ hasUnmetAccessRequirement: false });
    const asked = { userId: String(server.userId('bob')), accessRequirementIds: [String(id)] };
    expect(await bob.post('/accessApproval/information', asked)).toMatchObject({
      status: 200,
      body: { results: [{ ...{ userId: asked.userId }, hasAccessApproval: true }] },
    });
    expect(await server.carol.post('/accessApproval/information', asked)).toMatchObject({
      status: 200,
      body: { results: [{ hasAccessApproval: true }] },
    });
    const group = { accessRequirementId: String(id) };
    expect(await admin.post('/accessApproval/group', group)).toMatchObject({
      status: 200,
      body: {
        results: [
          {
            accessorIds: [asked.userId],
            submitterId: asked.userId,
            accessRequirementId: String(id),
          },
        ],
      },
    });
    expect(await bob.post('/accessApproval/group', group)).toMatchObject({ status: 403 });
    expect(await admin.post('/accessApproval/search', { accessorId: asked.userId })).toMatchObject({
      status: 200,
      body: { results: expect.arrayContaining([expect.objectContaining({ state: 'APPROVED' })]) },
    });
    expect(
      await admin.post('/accessApproval/notifications', {
        requirementId: id,
        recipientIds: [server.userId('bob')],
      }),
    ).toMatchObject({ status: 200, body: { results: [] } });
    expect(
      await admin.put('/accessApproval/group/revoke', { ...group, submitterId: asked.userId }),
    ).toMatchObject({ status: 204 });
    expect(await restriction(bob, file)).toMatchObject({ hasUnmetAccessRequirement: true });
    for (const fields of [
      { accessorId: null },
      { expiredOn: 'tomorrow' },
      { requirementId: null },
    ]) {
      expect(await approve(admin, fields)).toMatchObject({ status: 400 });
    }
    expect(await approve(admin, { accessorId: '99' })).toMatchObject({ status: 404 });
    expect(await approve(admin, { requirementId: 99 })).toMatchObject({ status: 404 });
  });

  test('can be a lock set by whoever may edit', async () => {
    const { alice, bob } = server;
    const file = await createFile();
    const path = `/entity/${file.id}/lockAccessRequirement`;
    expect(await bob.post(path, undefined)).toMatchObject({ status: 403 });
    const lock = await alice.post(path, undefined);
    expect(lock).toMatchObject({
      status: 201,
      body: { concreteType: types.lock, subjectIds: [{ id: file.id, type: 'ENTITY' }] },
    });
    expect(await restriction(alice, file)).toMatchObject({
      restrictionLevel: 'CONTROLLED_BY_ACT',
      hasUnmetAccessRequirement: true,
    });
    expect(await downloadResult(bob, file)).toMatchObject({ failureCode: 'UNAUTHORIZED' });
    expect(await alice.post(path, undefined)).toEqual(
      refusal(400, `Entity ${file.id} is already restricted.`),
    );
    const { id } = lock.body as { id: number };
    const approval = { requirementId: id };
    expect(await alice.post('/accessApproval', approval)).toMatchObject({ status: 400 });
    expect(await alice.delete(`/accessRequirement/${id}`)).toMatchObject({ status: 403 });
    expect(await server.admin.delete(`/accessRequirement/${id}`)).toMatchObject({ status: 200 });
    expect(await restriction(alice, file)).toMatchObject({ restrictionLevel: 'OPEN' });
  });

  test('does not hold for eligible contributors', async () => {
    const { admin, alice } = server;
    const file = await createFile();
    const { id } = await require('act', file);
    const path = `/accessRequirement/${id}/acl`;
    const acl = (principalId: number, accessType: string) => ({
      resourceAccess: [{ principalId, accessType: [accessType] }],
    });
    const eligible = acl(server.userId('alice'), 'EXEMPTION_ELIGIBLE');
    expect(await alice.get(path)).toMatchObject({ status: 404 });
    expect(await alice.post(path, eligible)).toMatchObject({ status: 403 });
    expect(await admin.post(path, acl(273949, 'EXEMPTION_ELIGIBLE'))).toMatchObject({
      status: 400,
    });
    const made = await admin.post(path, eligible);
    expect(made).toMatchObject({ status: 201 });
    expect(await admin.post(path, eligible)).toMatchObject({ status: 409 });
    expect(await restriction(alice, file)).toMatchObject({
      hasUnmetAccessRequirement: false,
      restrictionDetails: [{ isExempt: true, isMet: true, isApproved: false }],
    });
    const body = { ...(made.body as object), ...acl(server.userId('bob'), 'REVIEW_SUBMISSIONS') };
    expect(await admin.put(path, body)).toMatchObject({ status: 200 });
    expect(await restriction(alice, file)).toMatchObject({ hasUnmetAccessRequirement: true });
    expect(await admin.delete(path)).toMatchObject({ status: 200 });
    expect(await alice.get(path)).toMatchObject({ status: 404 });
  });
});

describe('requirements', () => {
  test('are changed by the ACT alone', async () => {
    const { admin, bob, anonymous } = server;
    const file = await createFile();
    const requirement = await require('termsOfUse', file, { termsOfUse: 'One.' });
    const path = `/accessRequirement/${requirement.id}`;
    expect(await anonymous.get(path)).toMatchObject({ status: 200, body: requirement });
    const change = { ...requirement, termsOfUse: 'Two.' };
    expect(await bob.put(path, change)).toMatchObject({ status: 403 });
    const changed = await admin.put(path, change);
    expect(changed).toMatchObject({
      status: 200,
      body: { termsOfUse: 'Two.', versionNumber: 1, createdOn: requirement.createdOn },
    });
    expect(await admin.put(path, change)).toMatchObject({ status: 412 });
    const current = changed.body as object;
    expect(await admin.put(path, { ...current, versionNumber: 0 })).toMatchObject({ status: 412 });
    expect(await admin.put(path, { ...current, etag: null })).toMatchObject({ status: 412 });
    for (const fields of [
      { id: 99 },
      { concreteType: types.act },
      { subjectIds: null },
      { name: 'x'.repeat(51) },
    ]) {
      expect(await admin.put(path, { ...current, ...fields })).toMatchObject({ status: 400 });
    }
    expect(await admin.get(path)).toMatchObject({ body: current });
    expect(await bob.get(`${path}/subjects`)).toMatchObject({
      status: 200,
      body: { subjects: [{ id: file.id, type: 'ENTITY' }] },
    });
    expect(await bob.get('/accessRequirement/999')).toMatchObject({ status: 404 });
    expect(await bob.get('/accessRequirement/x')).toMatchObject({ status: 400 });
  });

  test.each<[object, number]>([
    [{ subjectIds: null }, 400],
    [{ subjectIds: [{ id: 'syn999999', type: 'ENTITY' }] }, 404],
    [{ subjectIds: [{ id: 'banana', type: 'ENTITY' }] }, 400],
    [{ subjectIds: [{ type: 'ENTITY' }] }, 400],
    [{ subjectIds: [{ id: 'syn4489', type: 'ENTITY' }] }, 400],
    [{ subjectIds: [{ id: 'x', type: 'TEAM' }] }, 400],
    [{ accessType: 'PARTICIPATE' }, 400],
    [{ accessType: null }, 400],
    [{ description: 'x'.repeat(51) }, 400],
    [{ concreteType: 'banana' }, 400],
    [{ concreteType: null }, 400],
    [{ subjectsDefinedByAnnotations: true }, 400],
  ])('are not made with %j', async (fields, status) => {
    const answer = await server.admin.post('/accessRequirement', {
      concreteType: types.termsOfUse,
      subjectIds: [{ id: project.id, type: 'ENTITY' }],
      accessType: 'DOWNLOAD',
      ...fields,
    });
    expect(answer).toEqual(refusal(status, expect.any(String)));
    expect(await restriction(server.bob, project)).toMatchObject({ restrictionLevel: 'OPEN' });
  });

  test('are found by what they are about', async () => {
    const { admin, bob } = server;
    const file = await createFile();
    const requirement = await require('act', file, { name: 'A very special name' });
    const search = async (request: object) => {
      const answer = await bob.post('/accessRequirement/search', request);
      expect(answer.status).toBe(200);
      return (answer.body as M.AccessRequirementSearchResponse).results.map(
        ({ name }) => name ?? '',
      );
    };
    expect(await search({ nameContains: 'VERY SPECIAL' })).toEqual([requirement.name]);
    expect(await search({ ids: [requirement.id], relatedProjectId: project.id })).toEqual([
      requirement.name,
    ]);
    expect(await search({ ids: [requirement.id], type: types.termsOfUse })).toEqual([]);
    expect(await search({ reviewerId: '12345' })).toEqual([]);
    const all = await search({ sort: [{ field: 'NAME', direction: 'DESC' }] });
    expect(all).toEqual([...all].sort().reverse());
    const team = {
      concreteType: types.termsOfUse,
      subjectIds: [{ id: '42', type: 'TEAM' }],
      accessType: 'PARTICIPATE',
    };
    expect(await admin.post('/accessRequirement', team)).toMatchObject({
      status: 201,
      body: { accessType: 'PARTICIPATE' },
    });
    expect(await bob.get('/team/42/accessRequirement')).toMatchObject({
      body: { results: [{ subjectIds: [{ id: '42', type: 'TEAM' }] }] },
    });
    const teamInformation = { objectId: '42', restrictableObjectType: 'TEAM' };
    expect(await bob.post('/restrictionInformation', teamInformation)).toMatchObject({
      body: { objectId: 42, hasUnmetAccessRequirement: true },
    });
  });

  test('are told in batches', async () => {
    const { bob } = server;
    const file = await createFile();
    const batch = (objectIds: unknown) =>
      bob.post('/restrictionInformation/batch', { objectIds, restrictableObjectType: 'ENTITY' });
    expect(await batch([project.id, file.id])).toMatchObject({
      status: 200,
      body: {
        restrictionInformation: [{ restrictionLevel: 'OPEN' }, { restrictionLevel: 'OPEN' }],
      },
    });
    expect(await batch([])).toMatchObject({ status: 400 });
    expect(await batch(Array.from({ length: 51 }, () => file.id))).toMatchObject({ status: 400 });
    expect(await batch(['syn999999'])).toMatchObject({ status: 404 });
    expect(await bob.post('/restrictionInformation', {})).toMatchObject({ status: 400 });
    for (const wrong of [
      { objectId: 'x', restrictableObjectType: 'ENTITY' },
      { objectId: file.id },
      { objectId: '1', restrictableObjectType: 'EVALUATION' },
    ]) {
      expect(await bob.post('/restrictionInformation', wrong)).toMatchObject({ status: 400 });
    }
  });
});

describe('access through a request', () => {
  test('is given by the reviewer of the request', async () => {
    const { admin, bob, carol } = server;
    const file = await createFile();
    const asked = await require('act', file, { name: 'managed later' });
    const converted = await admin.put('/accessRequirement/conversion', {
      accessRequirementId: String(asked.id),
      etag: asked.etag,
      currentVersion: asked.versionNumber,
    });
    expect(converted).toMatchObject({ status: 200, body: { concreteType: types.managed } });
    const path = `/accessRequirement/${asked.id}`;
    const managed = await admin.put(path, {
      ...(converted.body as object),
      name: 'managed later',
      isIDURequired: true,
      isIDUPublic: true,
      isIRBApprovalRequired: true,
      expirationPeriod: 86_400_000,
    });
    expect(managed.status).toBe(200);
    const draft = await bob.get(`${path}/researchProjectForUpdate`);
    expect(draft).toMatchObject({ status: 200, body: { accessRequirementId: String(asked.id) } });
    const project1 = { ...(draft.body as object), institution: 'Sage', projectLead: 'Bob' };
    expect(await bob.post('/researchProject', project1)).toMatchObject({ status: 400 });
    const whole = { ...project1, intendedDataUseStatement: 'Cures.' };
    const research = (await bob.post('/researchProject', whole))
      .body as Required<M.ResearchProject>;
    expect(research).toMatchObject({
      institution: 'Sage',
      createdBy: String(server.userId('bob')),
    });
    expect(await bob.post('/researchProject', { ...research, etag: 'x' })).toMatchObject({
      status: 412,
    });
    expect(await carol.post('/researchProject', research)).toMatchObject({ status: 403 });
    const first = await bob.get(`${path}/dataAccessRequestForUpdate`);
    expect(first.body).toMatchObject({ accessRequirementId: String(asked.id) });
    const userId = String(server.userId('bob'));
    const request = {
      ...(first.body as object),
      researchProjectId: research.id,
      accessorChanges: [{ userId, type: 'GAIN_ACCESS' }],
    };
    const stored = (await bob.post('/dataAccessRequest', request)).body as M.Request;
    const submit = (session: Session, fields: object = {}) =>
      session.post(`/dataAccessRequest/${stored.id ?? ''}/submission`, {
        requestId: stored.id,
        requestEtag: stored.etag,
        subjectId: file.id,
        subjectType: 'ENTITY',
        ...fields,
      });
    expect(await submit(bob)).toEqual(
      refusal(400, 'You must provide an Institutional Review Board approval document.'),
    );
    const irbFileHandleId = await bob.createHandle(md5s.b);
    const complete = await bob.post('/dataAccessRequest', { ...stored, irbFileHandleId });
    expect(complete.status).toBe(200);
    expect(await submit(bob)).toEqual(refusal(400, 'Etag does not match.'));
    const requestEtag = (complete.body as M.Request).etag;
    expect(await submit(carol, { requestEtag })).toEqual(
      refusal(400, 'Submitter has to be an accessor.'),
    );
    expect(await submit(bob, { requestEtag, subjectId: null })).toMatchObject({ status: 400 });
    const submitted = await submit(bob, { requestEtag });
    expect(submitted).toMatchObject({ status: 200, body: { state: 'SUBMITTED' } });
    expect(await submit(bob, { requestEtag })).toMatchObject({ status: 400 });
    const { submissionId = '' } = submitted.body as M.DataAccessSubmissionStatus;
    const submission = `/dataAccessSubmission/${submissionId}`;
    expect(await carol.get(submission)).toMatchObject({ status: 403 });
    expect(await bob.get(submission)).toMatchObject({ status: 403 });
    expect(await admin.get(submission)).toMatchObject({
      body: { irbFileHandleId, state: 'SUBMITTED' },
    });
    expect(await bob.get(`${path}/status`)).toMatchObject({
      body: { isApproved: false, currentSubmissionStatus: { submissionId, state: 'SUBMITTED' } },
    });
    expect(await admin.get('/dataAccessSubmission/openSubmissions')).toMatchObject({
      body: {
        openSubmissionList: [
          { accessRequirementId: String(asked.id), numberOfSubmittedSubmission: 1 },
        ],
      },
    });
    const approve = { submissionId, newState: 'APPROVED' };
    expect(await bob.put(submission, approve)).toMatchObject({ status: 403 });
    expect(await admin.put(submission, { newState: 'SUBMITTED' })).toMatchObject({ status: 400 });
    // A validated reviewer named by the ACL may decide too.
    const reviewer = await createReviewer();
    const reviewers = {
      resourceAccess: [{ principalId: reviewer.id, accessType: ['REVIEW_SUBMISSIONS'] }],
    };
    expect((await admin.post(`${path}/acl`, reviewers)).status).toBe(201);
    expect(await reviewer.session.post('/dataAccessSubmission/search', {})).toMatchObject({
      body: { results: [{ id: submissionId, submitterId: userId }] },
    });
    expect(await downloadResult(bob, file)).toMatchObject({ failureCode: 'UNAUTHORIZED' });
    expect(await reviewer.session.put(submission, approve)).toMatchObject({
      status: 200,
      body: { state: 'APPROVED' },
    });
    expect(await reviewer.session.put(submission, approve)).toMatchObject({ status: 400 });
    expect(await downloadResult(bob, file)).toHaveProperty('preSignedURL');
    expect(await bob.get(`${submission}/userAccessApproval`)).toMatchObject({
      status: 200,
      body: { accessorId: userId, expiredOn: expect.any(String) },
    });
    expect(await bob.post('/dataAccessSubmission/userRequests', {})).toMatchObject({
      body: { results: [{ id: submissionId, userAccessApproval: { state: 'APPROVED' } }] },
    });
    expect(await server.anonymous.post(`${path}/approvedSubmissionInfo`, {})).toMatchObject({
      body: { results: [{ institution: 'Sage', intendedDataUseStatement: 'Cures.' }] },
    });
    expect(
      await admin.post(`${path}/submissions`, { filterBy: 'APPROVED', isAscending: false }),
    ).toMatchObject({ body: { results: [{ id: submissionId }] } });
    const renewal = await bob.get(`${path}/dataAccessRequestForUpdate`);
    expect(renewal.body).toMatchObject({ concreteType: `${base}.dataaccess.Renewal` });
    const again = renewal.body as M.Renewal;
    expect(again.accessorChanges).toEqual([{ userId, type: 'RENEW_ACCESS' }]);
    const right = { ...again, summaryOfUse: 'Cured.' };
    const renewed = (await bob.post('/dataAccessRequest', right)).body as M.Renewal;
    const second = await submit(bob, { requestEtag: renewed.etag });
    expect(second).toMatchObject({ status: 200 });
    const secondId = (second.body as M.DataAccessSubmissionStatus).submissionId ?? '';
    const cancel = `/dataAccessSubmission/${secondId}/cancellation`;
    expect(await carol.put(cancel)).toMatchObject({ status: 403 });
    expect(await bob.put(cancel)).toMatchObject({ status: 200, body: { state: 'CANCELLED' } });
    expect(await bob.put(cancel)).toMatchObject({ status: 400 });
    expect(await bob.delete(submission)).toMatchObject({ status: 403 });
    expect(await admin.delete(submission)).toMatchObject({ status: 200 });
    expect(await bob.get(submission)).toMatchObject({ status: 404 });
  });

  test('is not asked for where there is nothing to ask', async () => {
    const { bob, anonymous } = server;
    const file = await createFile();
    const { id } = await require('termsOfUse', file);
    const path = `/accessRequirement/${id}`;
    expect(await bob.get(`${path}/researchProjectForUpdate`)).toMatchObject({
      status: 200,
      body: { accessRequirementId: String(id) },
    });
    expect(await bob.get(`${path}/status`)).toMatchObject({
      status: 200,
      body: { isApproved: false, concreteType: `${base}.dataaccess.BasicAccessRequirementStatus` },
    });
    expect(await anonymous.get(`${path}/status`)).toMatchObject({ status: 403 });
    for (const body of [{}, { accessRequirementId: String(id) }, { accessRequirementId: 'x' }]) {
      expect(await bob.post('/researchProject', body)).toMatchObject({ status: 400 });
      const request = { concreteType: `${base}.dataaccess.Request`, ...body };
      expect(await bob.post('/dataAccessRequest', request)).toMatchObject({ status: 400 });
    }
    const submission = { requestEtag: 'x', subjectId: file.id, subjectType: 'ENTITY' };
    expect(await bob.post('/dataAccessRequest/99/submission', {})).toMatchObject({ status: 400 });
    expect(await bob.post('/dataAccessRequest/99/submission', submission)).toMatchObject({
      status: 404,
    });
    expect(await bob.get('/dataAccessSubmission/99')).toMatchObject({ status: 404 });
    expect(await bob.get('/dataAccessSubmission/openSubmissions')).toMatchObject({ status: 403 });
  });
});

describe('the validation of a profile', () => {
  test('is decided by the ACT', async () => {
    const { bob, carol, admin } = server;
    const profile = (await carol.get('/userProfile')).body as M.UserProfile;
    const { firstName, lastName, emails } = profile;
    const complete = { firstName, lastName, company: 'Lab', location: 'Here', emails };
    for (const change of [{}, { company: 'Other' }, { emails: ['nobody@example.org'] }]) {
      const wrong = { ...complete, ...change };
      expect(await carol.post('/verificationSubmission', wrong)).toMatchObject({ status: 400 });
    }
    const changed = { ...profile, company: 'Lab', location: 'Here' };
    expect(await carol.put('/userProfile', changed)).toMatchObject({ status: 200 });
    expect(await server.anonymous.post('/verificationSubmission', complete)).toMatchObject({
      status: 403,
    });
    const made = await carol.post('/verificationSubmission', complete);
    expect(made).toMatchObject({ status: 201, body: { stateHistory: [{ state: 'SUBMITTED' }] } });
    expect(await carol.post('/verificationSubmission', complete)).toMatchObject({ status: 403 });
    const { id } = made.body as { id: string };
    const path = `/verificationSubmission/${id}`;
    expect(await bob.get('/verificationSubmission')).toMatchObject({ status: 403 });
    expect(
      await admin.get('/verificationSubmission?currentVerificationState=SUBMITTED'),
    ).toMatchObject({ body: { results: [{ id }], totalNumberOfResults: 1 } });
    expect(await carol.post(`${path}/state`, { state: 'APPROVED' })).toMatchObject({ status: 403 });
    expect(await admin.post(`${path}/state`, { state: 'SUSPENDED' })).toMatchObject({
      status: 400,
    });
    expect(await admin.post(`${path}/state`, { state: 'APPROVED' })).toMatchObject({ status: 201 });
    const bundle = `/user/${server.userId('carol')}/bundle?mask=20`;
    expect(await bob.get(bundle)).toMatchObject({
      body: { isVerified: true, verification: { id } },
    });
    const file = await createFile();
    const requirement = await require('selfSign', file, { isValidatedProfileRequired: true });
    const approval = { requirementId: requirement.id };
    expect(await bob.post('/accessApproval', approval)).toMatchObject({ status: 400 });
    expect(await carol.post('/accessApproval', approval)).toMatchObject({ status: 201 });
    expect(await bob.delete(path)).toMatchObject({ status: 403 });
    expect(await carol.delete(path)).toMatchObject({ status: 204 });
    expect(await carol.delete(path)).toMatchObject({ status: 404 });
  });
});
