import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { md5s, refusal, withSessions, type Stored } from '../server/entitySession.js';
import {
  change,
  createProject,
  createRequest,
  createUser,
  decide,
  grant,
  newName,
  notReviewer,
  notValidated,
  require,
  requirementTypes,
  submit,
  submitted,
  type Requirement,
} from './dataAccess.js';

const server = withSessions();
const model = 'org.sagebionetworks.repo.model';
let project: Stored;

beforeEach(async () => {
  project = await server.alice.create('project', { name: newName('project') });
});

/** A managed requirement with a submission of Alice, who asks for herself and the administrator. */
async function submitAsAlice(): Promise<{
  readonly requirement: Requirement;
  readonly submissionId: string;
}> {
  const requirement = await require(server, 'managed', project.id);
  const request = await createRequest(server.alice, requirement, [
    change(server.userId('admin')),
    change(server.userId('alice')),
  ]);
  return { requirement, submissionId: await submitted(server.alice, request, project.id) };
}

async function restrictions(ids: readonly string[]): Promise<M.RestrictionInformationResponse[]> {
  const answer = await server.alice.post('/restrictionInformation/batch', {
    restrictableObjectType: 'ENTITY',
    objectIds: ids,
  });
  expect(answer).toMatchObject({ status: 200 });
  return (answer.body as M.RestrictionInformationBatchResponse).restrictionInformation;
}

describe('ITDataAccessTest', () => {
  test('test: a requirement that is converted is asked for, approved and revoked', async () => {
    const { admin, alice } = server;
    const act = await require(server, 'act', project.id);
    expect(
      await alice.post('/restrictionInformation', {
        objectId: project.id,
        restrictableObjectType: 'ENTITY',
      }),
    ).toMatchObject({
      body: { restrictionLevel: 'CONTROLLED_BY_ACT', hasUnmetAccessRequirement: true },
    });
    const converted = await admin.put('/accessRequirement/conversion', {
      accessRequirementId: String(act.id),
      currentVersion: act.versionNumber,
      etag: act.etag,
    });
    expect(converted).toMatchObject({
      status: 200,
      body: { id: act.id, concreteType: requirementTypes.managed },
    });
    const path = `/accessRequirement/${act.id}`;
    const updated = await admin.put(path, { ...(converted.body as object), isIDUPublic: true });
    expect(updated).toMatchObject({ status: 200, body: { isIDUPublic: true } });
    const managed = updated.body as Requirement;
    expect(await alice.get(`${path}/subjects`)).toMatchObject({
      body: { subjects: [{ id: project.id, type: 'ENTITY' }] },
    });

    const research = await createProject(alice, managed);
    expect(await alice.get(`${path}/researchProjectForUpdate`)).toMatchObject({ body: research });
    const changed = { ...research, intendedDataUseStatement: 'Other research.' };
    const stored = (await alice.post('/researchProject', changed)).body;
    expect(stored).toMatchObject({ intendedDataUseStatement: 'Other research.' });
    expect(await alice.get(`${path}/researchProjectForUpdate`)).toMatchObject({ body: stored });

    const template = (await alice.get(`${path}/dataAccessRequestForUpdate`)).body as M.Request;
    const created = await alice.post('/dataAccessRequest', {
      ...template,
      researchProjectId: research.id,
    });
    expect(await alice.get(`${path}/dataAccessRequestForUpdate`)).toMatchObject({
      status: 200,
      body: created.body,
    });
    const accessorChanges = [change(server.userId('admin')), change(server.userId('alice'))];
    const request = await alice.post('/dataAccessRequest', {
      ...(created.body as M.Request),
      accessorChanges,
    });
    const status = (await submit(alice, request.body as M.Request, project.id)).body;
    const { submissionId = '' } = status as M.DataAccessSubmissionStatus;
    expect(await alice.get(`${path}/status`)).toMatchObject({
      body: {
        concreteType: `${model}.dataaccess.ManagedACTAccessRequirementStatus`,
        currentSubmissionStatus: status,
      },
    });
    expect(await admin.get('/dataAccessSubmission/openSubmissions')).toMatchObject({
      body: {
        openSubmissionList: [
          { accessRequirementId: String(act.id), numberOfSubmittedSubmission: 1 },
        ],
      },
    });
    const submission = (await decide(admin, submissionId, 'APPROVED'))
      .body as M.DataAccessSubmission;
    expect(await alice.put(`/dataAccessSubmission/${submissionId}/cancellation`)).toEqual(
      refusal(400, 'Cannot cancel a submission with APPROVED state.'),
    );
    const details = { accessRequirementId: act.id, isExempt: false };
    expect(await restrictions([project.id])).toMatchObject([
      {
        objectId: Number(project.id.slice(3)),
        hasUnmetAccessRequirement: false,
        restrictionLevel: 'CONTROLLED_BY_ACT',
        restrictionDetails: [{ ...details, isApproved: true, isMet: true }],
        userEntityPermissions: { canDownload: true, isDataContributor: true },
      },
    ]);
    expect(await alice.get(`${path}/dataAccessRequestForUpdate`)).toMatchObject({
      body: { concreteType: `${model}.dataaccess.Renewal` },
    });
    expect(await admin.post(`${path}/submissions`, {})).toMatchObject({
      body: { results: [submission] },
    });
    expect(await admin.post(`${path}/approvedSubmissionInfo`, {})).toMatchObject({
      body: {
        results: [
          {
            intendedDataUseStatement: 'Other research.',
            modifiedOn: submission.modifiedOn,
            submittedBy: String(server.userId('alice')),
            accessorChanges,
          },
        ],
      },
    });
    expect(await admin.post('/accessApproval/group', {})).toMatchObject({ status: 200 });
    const userId = String(server.userId('alice'));
    expect(
      await alice.post('/accessApproval/information', {
        userId,
        accessRequirementIds: [String(act.id)],
      }),
    ).toMatchObject({ status: 200, body: { results: [{ hasAccessApproval: true }] } });
    expect(
      await admin.put('/accessApproval/group/revoke', {
        accessRequirementId: String(act.id),
        submitterId: userId,
      }),
    ).toMatchObject({ status: 204 });
    const folder = await alice.create('folder', { name: 'Inside', parentId: project.id });
    const unmet = {
      hasUnmetAccessRequirement: true,
      restrictionDetails: [{ ...details, isApproved: false, isMet: false }],
    };
    expect(await restrictions([project.id, folder.id])).toMatchObject([
      { ...unmet, userEntityPermissions: { canDownload: false, canEnableInheritance: false } },
      { ...unmet, userEntityPermissions: { canDownload: false, canEnableInheritance: true } },
    ]);
  });

  test('testGetAccessAprovalNotifications: nobody has been notified of a new requirement', async () => {
    const { id } = await require(server, 'act', project.id);
    const request = { requirementId: id, recipientIds: [server.userId('alice')] };
    expect(await server.admin.post('/accessApproval/notifications', request)).toMatchObject({
      status: 200,
      body: { requirementId: id, results: [] },
    });
  });

  test('testAccessRequirementAcl: the ACT alone creates, changes and deletes the ACL', async () => {
    const { admin, alice } = server;
    const requirement = await require(server, 'act', project.id);
    const path = `/accessRequirement/${requirement.id}/acl`;
    const acl = (user: 'admin' | 'alice') => ({
      id: String(requirement.id),
      resourceAccess: [{ principalId: server.userId(user), accessType: ['REVIEW_SUBMISSIONS'] }],
    });
    expect(await alice.post(path, acl('alice'))).toEqual(
      refusal(403, 'Only an ACT member can assign an ACL to an access requirement.'),
    );
    expect(await admin.post(path, acl('alice'))).toMatchObject({ status: 201 });
    const { etag, creationDate } = (await admin.get(path)).body as M.AccessControlList;
    const updated = { ...acl('admin'), etag, creationDate };
    expect(await alice.put(path, updated)).toEqual(
      refusal(403, 'Only an ACT member can update the ACL of an access requirement.'),
    );
    const answer = await admin.put(path, updated);
    expect(answer).toMatchObject({
      status: 200,
      body: { resourceAccess: [{ principalId: server.userId('admin') }] },
    });
    expect((answer.body as M.AccessControlList).etag).not.toBe(etag);
    expect(await alice.delete(path)).toEqual(
      refusal(403, 'Only an ACT member can delete the ACL of an access requirement.'),
    );
    expect(await admin.delete(path)).toMatchObject({ status: 200 });
    expect(await admin.get(path)).toMatchObject({ status: 404 });
  });

  test('testExemptionEligibleForDataContributor: contributors whom the ACL names may download', async () => {
    const { alice, admin } = server;
    const fileHandleId = await alice.createHandle(md5s.a);
    const file = await alice.create('file', {
      parentId: project.id,
      dataFileHandleId: fileHandleId,
    });
    const contributor = await createUser(server);
    const acl = await admin.post(`/entity/${file.id}/acl`, {
      id: file.id,
      resourceAccess: [
        {
          principalId: Number(contributor.id),
          accessType: ['UPDATE', 'DELETE', 'DOWNLOAD'],
        },
      ],
    });
    expect(acl).toMatchObject({ status: 201 });
    const requirement = await require(server, 'managed', file.id);
    const url = () =>
      contributor.session.get(
        `/file/v1/file/${fileHandleId}?fileAssociateType=FileEntity&fileAssociateId=${file.id}&redirect=false`,
      );
    expect(await url()).toEqual(
      refusal(
        403,
        'There are unmet access requirements that must be met to read content in the requested container.',
      ),
    );
    expect(await grant(server, requirement, [contributor.id], 'EXEMPTION_ELIGIBLE')).toMatchObject({
      status: 201,
    });
    expect(await url()).toMatchObject({ status: 200, body: expect.stringContaining('http') });
  });

  test('testAccessRequirementSubmissionReviewer: reviewers are validated and named by the ACL', async () => {
    const { alice } = server;
    const validated = await createUser(server, { validatedUser: true });
    const { requirement, submissionId } = await submitAsAlice();
    const approve = 'Approving the request';
    expect(await decide(alice, submissionId, 'APPROVED', approve)).toEqual(notValidated);
    expect(await decide(validated.session, submissionId, 'APPROVED', approve)).toEqual(
      notReviewer(requirement),
    );
    await grant(server, requirement, [server.userId('alice'), validated.id]);
    expect(await decide(alice, submissionId, 'APPROVED', approve)).toEqual(notValidated);
    expect(await decide(validated.session, submissionId, 'APPROVED', approve)).toMatchObject({
      status: 200,
      body: { state: 'APPROVED' },
    });
  });

  test('testAccessRequirementSubmissionReviewer: a later submission is rejected by the same reviewer', async () => {
    const { alice } = server;
    const validated = await createUser(server, { validatedUser: true });
    const { requirement, submissionId } = await submitAsAlice();
    await grant(server, requirement, [server.userId('alice'), validated.id]);
    await decide(validated.session, submissionId, 'APPROVED');
    const path = `/accessRequirement/${requirement.id}/dataAccessRequestForUpdate`;
    const renewal = (await alice.get(path)).body as M.Renewal;
    // What is not stored is not submitted: the stored request renews the access of both.
    const second = await submitted(alice, renewal, project.id);
    expect(await decide(alice, second, 'REJECTED')).toEqual(notValidated);
    expect(await decide(validated.session, second, 'REJECTED', 'No more')).toMatchObject({
      status: 200,
      body: { state: 'REJECTED', rejectedReason: 'No more' },
    });
  });

  test('testSearchAccessApprovals: the ACT finds the approvals of a user', async () => {
    const { admin, alice } = server;
    const { requirement, submissionId } = await submitAsAlice();
    await decide(admin, submissionId, 'APPROVED', 'Approving the request');
    const accessorId = String(server.userId('alice'));
    const request = { accessorId, sort: [{ field: 'MODIFIED_ON' }] };
    const search = '/accessApproval/search';
    expect(await alice.post(search, request)).toEqual(
      refusal(403, 'Only ACT member can perform this action.'),
    );
    const found = (await admin.post(search, request)).body as M.AccessApprovalSearchResponse;
    expect(found.results).toContainEqual(
      expect.objectContaining({
        accessRequirementId: String(requirement.id),
        submitterId: accessorId,
        state: 'APPROVED',
      }),
    );
    expect(found.results.every(({ submitterId }) => submitterId === accessorId)).toBe(true);
    expect(await admin.post(search, { ...request, accessRequirementId: '-1' })).toMatchObject({
      body: { results: [] },
    });
  });

  test('testSearchSubmissions: reviewers find what they review, themselves or by a team', async () => {
    const { admin, alice } = server;
    const { requirement, submissionId } = await submitAsAlice();
    await decide(admin, submissionId, 'APPROVED', 'Approving the request');
    const request = {
      accessRequirementId: String(requirement.id),
      submissionState: 'APPROVED',
    };
    const search = (session: typeof alice) => session.post('/dataAccessSubmission/search', request);
    const found = { status: 200, body: { results: [{ id: submissionId }] } };
    expect(await search(alice)).toMatchObject({ body: { results: [] } });
    expect(await search(admin)).toMatchObject(found);
    const acl = await grant(server, requirement, [server.userId('alice')]);
    expect(await search(alice)).toMatchObject(found);
    const team = (await alice.post('/team', { name: newName('team') })).body as { id: string };
    const byTeam = await admin.put(`/accessRequirement/${requirement.id}/acl`, {
      ...(acl.body as M.AccessControlList),
      resourceAccess: [{ principalId: Number(team.id), accessType: ['REVIEW_SUBMISSIONS'] }],
    });
    expect(byTeam).toMatchObject({ status: 200 });
    expect(await search(alice)).toMatchObject(found);
  });

  test('testSearchAccessRequirements: a requirement is found by its name and its reviewer', async () => {
    const { alice } = server;
    const name = newName('Very special requirement ');
    const requirement = await require(server, 'managed', project.id, { name });
    const search = (fields: object = {}) =>
      alice.post('/accessRequirement/search', {
        nameContains: name.slice(5, -1),
        accessType: 'DOWNLOAD',
        ...fields,
      });
    const found = { body: { results: [{ id: String(requirement.id) }] } };
    expect(await search()).toMatchObject(found);
    const reviewerId = String(server.userId('alice'));
    expect(await search({ reviewerId })).toMatchObject({ body: { results: [] } });
    await grant(server, requirement, [reviewerId]);
    expect(await search({ reviewerId })).toMatchObject(found);
  });

  test('testGetSubmission: the ACT and validated reviewers read a submission, its submitter does not', async () => {
    const { admin, alice } = server;
    const validated = await createUser(server, { validatedUser: true });
    const { requirement, submissionId } = await submitAsAlice();
    const path = `/dataAccessSubmission/${submissionId}`;
    const found = { status: 200, body: { id: submissionId } };
    expect(await admin.get(path)).toMatchObject(found);
    expect(await alice.get(path)).toEqual(notValidated);
    expect(await validated.session.get(path)).toEqual(notReviewer(requirement));
    await grant(server, requirement, [server.userId('alice'), validated.id]);
    expect(await validated.session.get(path)).toMatchObject(found);
    expect(await alice.get(path)).toEqual(notValidated);
  });

  test('testGetUserBundleIsArReviewer: users are reviewers while the ACL of a requirement names them', async () => {
    const { admin } = server;
    const { id, session } = await createUser(server, { validatedUser: true });
    const requirement = await require(server, 'managed', project.id);
    const bundle = () => session.get('/user/bundle?mask=255');
    expect(await bundle()).toMatchObject({ body: { isARReviewer: false, isVerified: true } });
    await grant(server, requirement, [id]);
    expect(await bundle()).toMatchObject({ body: { isARReviewer: true } });
    await admin.delete(`/accessRequirement/${requirement.id}`);
    expect(await bundle()).toMatchObject({ body: { isARReviewer: false } });
  });

  test('testResearchProjectIduWithSpecialChars: quotation marks of all kinds are kept', async () => {
    const { admin, alice } = server;
    const requirement = await require(server, 'managed', project.id, { isIDUPublic: true });
    const intendedDataUseStatement = 'Straight \' and ",\n\ncurly ‘one’ and “two”.';
    const research = await createProject(alice, requirement, { intendedDataUseStatement });
    expect(research).toMatchObject({ intendedDataUseStatement });
    const request = await alice.post('/dataAccessRequest', {
      concreteType: `${model}.dataaccess.Request`,
      accessRequirementId: String(requirement.id),
      researchProjectId: research.id,
      accessorChanges: [change(server.userId('admin')), change(server.userId('alice'))],
    });
    const submissionId = await submitted(alice, request.body as M.Request, project.id);
    const snapshot = { body: { researchProjectSnapshot: { intendedDataUseStatement } } };
    expect(await admin.get(`/dataAccessSubmission/${submissionId}`)).toMatchObject(snapshot);
    expect(await decide(admin, submissionId, 'APPROVED', 'Fine')).toMatchObject(snapshot);
    const path = `/accessRequirement/${requirement.id}/approvedSubmissionInfo`;
    expect(await admin.post(path, {})).toMatchObject({
      body: { results: [{ intendedDataUseStatement }] },
    });
  });
});
