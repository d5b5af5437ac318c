import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import { refusal, withSessions, type Session, type Stored } from '../server/entitySession.js';
import { newName, require, requirementTypes, type Requirement } from './dataAccess.js';

const server = withSessions();
let project: Stored;
let bobId: string;
let aliceId: string;

beforeAll(() => {
  bobId = String(server.userId('bob'));
  aliceId = String(server.userId('alice'));
});

beforeEach(async () => {
  project = await server.alice.create('project', { name: newName('project') });
});

function approve(session: Session, { id }: Requirement, fields: object = {}): Promise<Answer> {
  return session.post('/accessApproval', { requirementId: id, accessorId: bobId, ...fields });
}

function revoke(session: Session, id: number | string, accessorId = bobId): Promise<Answer> {
  return session.delete(`/accessApproval?requirementId=${id}&accessorId=${accessorId}`);
}

async function isApproved({ id }: Requirement, userId = bobId): Promise<unknown> {
  const answer = await server.alice.post('/accessApproval/information', {
    userId,
    accessRequirementIds: [String(id)],
  });
  return (answer.body as M.BatchAccessApprovalInfoResponse).results[0]?.hasAccessApproval;
}

const onlyAct = refusal(403, 'Only ACT member can perform this action.');

describe('AccessApprovalManagerImplUnitTest', () => {
  test('testRevokeAccessApprovalsWithNonACTNorAdminUser: others do not revoke approvals', async () => {
    const requirement = await require(server, 'act', project.id);
    expect(await revoke(server.alice, requirement.id)).toEqual(
      refusal(403, 'Only ACT member may delete access approvals of other users.'),
    );
  });

  test('testRevokeAccessApprovalsWithNonExistingAccessRequirement: the requirement must exist', async () => {
    expect(await revoke(server.admin, '999999')).toMatchObject({ status: 404 });
  });

  test('testRevokeAccessApprovalsWithToUAccessRequirement: signed terms are not revoked one by one', async () => {
    const requirement = await require(server, 'termsOfUse', project.id);
    await approve(server.bob, requirement);
    expect(await revoke(server.admin, requirement.id)).toEqual(
      refusal(
        400,
        `Do not support access approval deletion for access requirement type: ${requirementTypes.termsOfUse}`,
      ),
    );
    expect(await isApproved(requirement)).toBe(true);
  });

  test.each<[string, 'admin' | 'bob']>([
    [
      'testRevokeAccessApprovalsWithACTAccessRequirement: the ACT revokes what it approved',
      'admin',
    ],
    ['testRevokeAccessApprovalsWithOwnApproval: users give their own approvals back', 'bob'],
  ])('%s', async (_, who) => {
    const requirement = await require(server, 'act', project.id);
    await approve(server.admin, requirement);
    expect(await isApproved(requirement)).toBe(true);
    expect(await revoke(server[who], requirement.id)).toMatchObject({ status: 200 });
    expect(await isApproved(requirement)).toBe(false);
  });

  test('testListAccessorGroupUnauthorized: the ACT alone lists groups', async () => {
    expect(await server.bob.post('/accessApproval/group', {})).toEqual(onlyAct);
  });

  test.each<[string]>([
    ['testListAccessorGroupAuthorized: accessors are grouped by submitter and end'],
    ['testListAccessorGroup: groups are found by submitter, accessor and end'],
  ])('%s', async () => {
    const requirement = await require(server, 'managed', project.id);
    const expiredOn = '2999-01-01T00:00:00.000Z';
    for (const accessorId of [bobId, aliceId]) {
      await approve(server.admin, requirement, { accessorId, submitterId: bobId });
    }
    await approve(server.admin, requirement, { accessorId: aliceId, expiredOn });
    const accessRequirementId = String(requirement.id);
    const list = async (fields: object = {}) => {
      const answer = await server.admin.post('/accessApproval/group', {
        accessRequirementId,
        ...fields,
      });
      return (answer.body as M.AccessorGroupResponse).results;
    };
    const endless = {
      accessRequirementId,
      submitterId: bobId,
      accessorIds: [bobId, aliceId],
      expiredOn: '1970-01-01T00:00:00.000Z',
    };
    const ending = { accessRequirementId, submitterId: aliceId, accessorIds: [aliceId], expiredOn };
    expect(await list()).toEqual([endless, ending]);
    expect(await list({ submitterId: aliceId })).toEqual([ending]);
    expect(await list({ accessorId: bobId })).toEqual([endless]);
    expect(await list({ expireBefore: expiredOn })).toEqual([ending]);
    expect(await list({ expireBefore: '2998-01-01T00:00:00.000Z' })).toEqual([]);
  });

  test.each<[string, object, string]>([
    [
      'testRevokeGroupWithNullRequirementId: the requirement is needed',
      { submitterId: '1' },
      'requirementId is required.',
    ],
    [
      'testRevokeGroupWithNullSubmitterId: the submitter is needed',
      { accessRequirementId: '1' },
      'submitterId is required.',
    ],
  ])('%s', async (_, body, reason) => {
    expect(await server.admin.put('/accessApproval/group/revoke', body)).toEqual(
      refusal(400, reason),
    );
  });

  test('testRevokeGroupUnauthorized: the ACT alone revokes groups', async () => {
    const body = { accessRequirementId: '1', submitterId: bobId };
    expect(await server.bob.put('/accessApproval/group/revoke', body)).toEqual(onlyAct);
  });

  test('testRevokeGroupAuthorized: all whom a submitter named lose access', async () => {
    const requirement = await require(server, 'managed', project.id);
    for (const accessorId of [bobId, aliceId]) {
      await approve(server.admin, requirement, { accessorId, submitterId: bobId });
    }
    const body = { accessRequirementId: String(requirement.id), submitterId: bobId };
    expect(await server.admin.put('/accessApproval/group/revoke', body)).toMatchObject({
      status: 204,
    });
    expect([await isApproved(requirement), await isApproved(requirement, aliceId)]).toEqual([
      false,
      false,
    ]);
  });

  test('testCreateAccessApprovalWithNullRequirementId: the requirement is needed', async () => {
    expect(await server.bob.post('/accessApproval', {})).toEqual(
      refusal(400, 'accessRequirementId is required.'),
    );
  });

  test('testCreateAccessApprovalUnauthorized: the ACT alone approves what it reviews', async () => {
    const requirement = await require(server, 'act', project.id);
    expect(await approve(server.bob, requirement)).toEqual(
      refusal(403, 'User is not an ACT Member.'),
    );
  });

  test.each<[string, object, string]>([
    [
      'testCreateAccessApprovalWithoutAccessorId: the accessor is needed',
      { accessorId: null },
      'accessorId is required.',
    ],
    [
      'testCreateAccessApprovalForAnonymous: the anonymous user gets no access',
      { accessorId: '273950' },
      'Cannot create an AccessApproval for anonymous user.',
    ],
  ])('%s', async (_, fields, reason) => {
    const requirement = await require(server, 'act', project.id);
    expect(await approve(server.admin, requirement, fields)).toEqual(refusal(400, reason));
  });

  test('testCreateAccessApprovalForLockAR: locks are not approved', async () => {
    const lock = await server.alice.post(`/entity/${project.id}/lockAccessRequirement`, undefined);
    expect(await approve(server.admin, lock.body as Requirement)).toEqual(
      refusal(400, `Cannot apply an approval to a ${requirementTypes.lock}`),
    );
  });

  test.each<[string, 'managed' | 'selfSign', object, string]>([
    [
      'testCreateAccessApprovalAccessorRequirementNotSatisfied: accessors meet the conditions',
      'managed',
      { isValidatedProfileRequired: true },
      'Accessors must have validated profiles.',
    ],
    [
      'testValidateWithValidatedProfileRequiredNotSatisfied: a validated profile may be required',
      'selfSign',
      { isValidatedProfileRequired: true },
      'Accessors must have validated profiles.',
    ],
  ])('%s', async (_, type, fields, reason) => {
    const requirement = await require(server, type, project.id, fields);
    expect(await approve(server.admin, requirement)).toEqual(refusal(400, reason));
  });

  test('testValidateWithCertifiedUserRequiredNotSatisfied: certification may be required', async () => {
    const fields = { isCertifiedUserRequired: true };
    const requirement = await require(server, 'selfSign', project.id, fields);
    expect(await approve(server.carol, requirement)).toMatchObject({
      status: 403,
      body: {
        reason: 'Accessors must be Synapse Certified Users.',
        errorCode: 'USER_CERTIFICATION_REQUIRED',
      },
    });
  });

  test('testValidateWithoutRequirements: without conditions, everybody signs', async () => {
    const requirement = await require(server, 'selfSign', project.id);
    expect(await approve(server.carol, requirement)).toMatchObject({ status: 201 });
  });

  test('testCreateAccessApproval: an approval names the version, the submitter and the caller', async () => {
    const requirement = await require(server, 'act', project.id);
    expect(await approve(server.admin, requirement)).toMatchObject({
      status: 201,
      body: {
        requirementId: requirement.id,
        requirementVersion: requirement.versionNumber,
        accessorId: bobId,
        submitterId: bobId,
        createdBy: '1',
        modifiedBy: '1',
        state: 'APPROVED',
      },
    });
  });

  test.each<[string, object, string]>([
    [
      'testGetAccessApprovalInfoWithNullUserId: the user is needed',
      { accessRequirementIds: ['1'] },
      'BatchAccessApprovalInfoRequest.userId is required.',
    ],
    [
      'testGetAccessApprovalInfoWithNullRequirementIds: the requirements are needed',
      { userId: '1' },
      'BatchAccessApprovalInfoRequest.accessRequirementIds is required.',
    ],
  ])('%s', async (_, body, reason) => {
    expect(await server.bob.post('/accessApproval/information', body)).toEqual(
      refusal(400, reason),
    );
  });

  test('testGetAccessApprovalInfoWithEmptyRequirementIds: no requirements have no approvals', async () => {
    const body = { userId: bobId, accessRequirementIds: [] };
    expect(await server.bob.post('/accessApproval/information', body)).toMatchObject({
      status: 200,
      body: { results: [] },
    });
  });

  test('testGetAccessApprovalInfo: each requirement is approved or not, even if it does not exist', async () => {
    const requirement = await require(server, 'termsOfUse', project.id);
    await approve(server.bob, requirement);
    const accessRequirementIds = [String(requirement.id), '999999'];
    const body = { userId: bobId, accessRequirementIds };
    expect(await server.alice.post('/accessApproval/information', body)).toMatchObject({
      status: 200,
      body: {
        results: [
          { userId: bobId, accessRequirementId: accessRequirementIds[0], hasAccessApproval: true },
          { userId: bobId, accessRequirementId: '999999', hasAccessApproval: false },
        ],
      },
    });
  });

  test.each<[string]>([
    ['testSearchAccessApprovals: the ACT finds the approvals of a user'],
    ['testSearchAccessApprovalsWithRequirement: approvals are found by requirement'],
    ['testSearchAccessApprovalsWithSort: approvals are sorted by their end'],
    ['testSearchAccessApprovalsWithNextpageToken: the token of a page is read'],
  ])('%s', async () => {
    const name = newName('Named ');
    const requirement = await require(server, 'managed', project.id, { name });
    const ends = ['2999-02-01T00:00:00.000Z', '2999-01-01T00:00:00.000Z'];
    for (const [index, expiredOn] of ends.entries()) {
      const submitterId = [bobId, aliceId][index];
      await approve(server.admin, requirement, { submitterId, expiredOn });
    }
    const search = async (fields: object) => {
      const answer = await server.admin.post('/accessApproval/search', {
        accessorId: bobId,
        accessRequirementId: String(requirement.id),
        ...fields,
      });
      return (answer.body as M.AccessApprovalSearchResponse).results;
    };
    const [later, sooner] = ends.map((expiredOn, index) => ({
      id: expect.any(String),
      accessRequirementId: String(requirement.id),
      accessRequirementVersion: String(requirement.versionNumber),
      accessRequirementName: name,
      modifiedOn: expect.any(String),
      expiredOn,
      reviewerId: '1',
      state: 'APPROVED',
      submitterId: [bobId, aliceId][index],
    }));
    expect(await search({})).toEqual([later, sooner]);
    expect(await search({ sort: [{ field: 'EXPIRED_ON' }] })).toEqual([sooner, later]);
    expect(await search({ nextPageToken: '1a1' })).toEqual([sooner]);
  });

  test('testSearchAccessApprovalsWithNoACT: others find nothing', async () => {
    expect(await server.bob.post('/accessApproval/search', { accessorId: bobId })).toEqual(onlyAct);
  });
});
