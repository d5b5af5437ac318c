import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import { md5s, refusal, withSessions, type Session, type Stored } from '../server/entitySession.js';
import {
  change,
  createRequest,
  decide,
  grant,
  newName,
  notValidated,
  require,
  submit,
  submitted,
  type Requirement,
  type StoredRequest,
} from './dataAccess.js';

const server = withSessions();
const model = 'org.sagebionetworks.repo.model';
let project: Stored;
let bobId: string;

beforeAll(() => {
  bobId = String(server.userId('bob'));
});

beforeEach(async () => {
  project = await server.alice.create('project', { name: newName('project') });
});

/** A managed requirement and Bob's request under it, for himself. */
async function request(
  fields: object = {},
  requestFields: object = {},
): Promise<{ readonly requirement: Requirement; readonly stored: StoredRequest }> {
  const requirement = await require(server, 'managed', project.id, fields);
  const stored = await createRequest(server.bob, requirement, [change(bobId)], requestFields);
  return { requirement, stored };
}

async function submitAsBob(fields: object = {}): Promise<{
  readonly requirement: Requirement;
  readonly stored: StoredRequest;
  readonly id: string;
}> {
  const made = await request(fields);
  return { ...made, id: await submitted(server.bob, made.stored, project.id) };
}

function cancel(session: Session, id: string): Promise<Answer> {
  return session.put(`/dataAccessSubmission/${id}/cancellation`);
}

function statusOf(session: Session, { id }: Requirement): Promise<Answer> {
  return session.get(`/accessRequirement/${id}/status`);
}

const onlyAct = refusal(403, 'Only ACT member can perform this action.');

describe('SubmissionManagerImplTest', () => {
  test.each<[string, object, string]>([
    ['testCreateWithNullEtag: the etag is needed', { requestEtag: null }, 'etag is required.'],
    [
      'testCreateWithNullSubjectId: the subject is needed',
      { subjectId: null },
      'subjectId is required.',
    ],
    [
      'testCreateWithNullSubjectType: the type of the subject is needed',
      { subjectType: null },
      'subjectType is required.',
    ],
    [
      'testCreateWithOutdatedEtag: the etag must be that of the request',
      { requestEtag: 'other' },
      'Etag does not match.',
    ],
  ])('%s', async (_, fields, reason) => {
    const { stored } = await request();
    expect(await submit(server.bob, stored, project.id, fields)).toEqual(refusal(400, reason));
  });

  test('testCreateWithNonExistRequest: the request must exist', async () => {
    expect(await submit(server.bob, { id: '999999', etag: 'x' }, project.id)).toEqual(
      refusal(404, "Data access request: '999999' does not exist"),
    );
  });

  test('testCreateWithSubmittedSubmission: one submission at a time is open', async () => {
    const { stored } = await submitAsBob();
    expect(await submit(server.bob, stored, project.id)).toEqual(
      refusal(
        400,
        'A submission has been created. It has to be reviewed or cancelled before another submission can be created.',
      ),
    );
  });

  test.each<[string, object, object, string]>([
    [
      'testCreateWithDUCRequired: the data use certification is needed where it is required',
      { isDUCRequired: true },
      {},
      'You must provide a Data Use Certification document.',
    ],
    [
      'testCreateWithIRBRequired: the approval of a review board is needed where it is required',
      { isIRBApprovalRequired: true },
      {},
      'You must provide an Institutional Review Board approval document.',
    ],
    [
      'testCreateWithAttachmentsRequiredAndNullList: attachments are needed where they are required',
      { areOtherAttachmentsRequired: true },
      {},
      'You must provide the required attachment(s).',
    ],
    [
      'testCreateWithAttachmentsRequiredAndEmptyList: an empty list of attachments is not enough',
      { areOtherAttachmentsRequired: true },
      { attachments: [] },
      'You must provide the required attachment(s).',
    ],
    [
      'testCreateWithNullAccessors: accessors are needed',
      {},
      { accessorChanges: null },
      'Must provide at least one accessor.',
    ],
    [
      'testCreateWithEmptyAccessorList: an empty list of accessors is not enough',
      {},
      { accessorChanges: [] },
      'Must provide at least one accessor.',
    ],
    [
      'testCreateWithAccessorRequirementNotSatisfied: accessors have a validated profile where it is required',
      { isValidatedProfileRequired: true },
      {},
      'Accessors must have validated profiles.',
    ],
  ])('%s', async (_, fields, requestFields, reason) => {
    const { stored } = await request(fields, requestFields);
    expect(await submit(server.bob, stored, project.id)).toEqual(refusal(400, reason));
  });

  test('testCreateWithAccessorRequirementNotSatisfied: accessors are certified where it is required', async () => {
    const carol = change(server.userId('carol'));
    const { stored } = await request(
      { isCertifiedUserRequired: true },
      { accessorChanges: [change(server.userId('bob')), carol] },
    );
    expect(await submit(server.bob, stored, project.id)).toMatchObject({
      status: 403,
      body: {
        reason: 'Accessors must be Synapse Certified Users.',
        errorCode: 'USER_CERTIFICATION_REQUIRED',
      },
    });
  });

  test('testCreateWithSubmitterIsNotAccessor: submitters are accessors themselves', async () => {
    const { stored } = await request({}, { accessorChanges: [change(server.userId('alice'))] });
    expect(await submit(server.bob, stored, project.id)).toEqual(
      refusal(400, 'Submitter has to be an accessor.'),
    );
  });

  test('testCreateWithRenewAccessorUserDidNotSubmit: only own accessors are renewed', async () => {
    const { stored } = await request({}, { accessorChanges: [change(bobId, 'RENEW_ACCESS')] });
    expect(await submit(server.bob, stored, project.id)).toEqual(
      refusal(
        400,
        "Cannot revoke / renew access for accessor who didn't gain access via your submission.",
      ),
    );
  });

  test('testCreateListAccessorTwice: every accessor is listed once', async () => {
    const { stored } = await request({}, { accessorChanges: [change(bobId), change(bobId)] });
    expect(await submit(server.bob, stored, project.id)).toEqual(
      refusal(400, `Accessor ${bobId} is listed more than one.`),
    );
  });

  test('testCreate: a submission has the required files and a copy of the project', async () => {
    const { bob, admin } = server;
    const files = {
      ducFileHandleId: await bob.createHandle(md5s.a),
      irbFileHandleId: await bob.createHandle(md5s.b),
      attachments: [await bob.createHandle(md5s.c)],
    };
    const { requirement, stored } = await request({ isDUCRequired: true }, files);
    const id = await submitted(bob, stored, project.id);
    const submission = (await admin.get(`/dataAccessSubmission/${id}`)).body;
    expect(submission).toMatchObject({
      requestId: stored.id,
      accessRequirementId: String(requirement.id),
      accessRequirementVersion: requirement.versionNumber,
      submittedBy: bobId,
      modifiedBy: bobId,
      state: 'SUBMITTED',
      isRenewalSubmission: false,
      ducFileHandleId: files.ducFileHandleId,
      accessorChanges: [change(bobId)],
      researchProjectSnapshot: { id: stored.researchProjectId, institution: 'Institute' },
      subjectId: project.id,
      subjectType: 'ENTITY',
    });
    expect(submission).not.toHaveProperty('irbFileHandleId');
    expect(submission).not.toHaveProperty('attachments');
  });

  test('testCreateWithNonRenewal: the submission of a renewal says what was done', async () => {
    const { bob, admin } = server;
    const { requirement, id } = await submitAsBob();
    await decide(admin, id, 'APPROVED');
    const path = `/accessRequirement/${requirement.id}/dataAccessRequestForUpdate`;
    const renewal = (await bob.get(path)).body as M.Renewal;
    const said = { publication: 'A paper', summaryOfUse: 'It was used' };
    const stored = (await bob.post('/dataAccessRequest', { ...renewal, ...said })).body;
    const second = await submitted(bob, stored as M.Renewal, project.id);
    expect(await admin.get(`/dataAccessSubmission/${second}`)).toMatchObject({
      body: { isRenewalSubmission: true, ...said },
    });
    expect(await admin.get(`/dataAccessSubmission/${id}`)).toMatchObject({
      body: { isRenewalSubmission: false },
    });
  });

  test('testCancelWithNotFoundSubmission: only what exists is cancelled', async () => {
    expect(await cancel(server.bob, '999999')).toEqual(
      refusal(404, "Submission: '999999' does not exist"),
    );
  });

  test('testCancelSubmissionUserHasNotSubmitted: only the submitter cancels', async () => {
    const { id } = await submitAsBob();
    expect(await cancel(server.admin, id)).toEqual(
      refusal(403, 'Can only cancel submission you submitted.'),
    );
  });

  test.each<[string, 'APPROVED' | 'CANCELLED' | 'REJECTED']>([
    ['testCancelApprovedSubmission: what is approved is not cancelled', 'APPROVED'],
    ['testCancelRejectedSubmission: what is rejected is not cancelled', 'REJECTED'],
    ['testCancelCanceledSubmission: what is cancelled is not cancelled again', 'CANCELLED'],
  ])('%s', async (_, state) => {
    const { id } = await submitAsBob();
    await (state === 'CANCELLED' ? cancel(server.bob, id) : decide(server.admin, id, state));
    expect(await cancel(server.bob, id)).toEqual(
      refusal(400, `Cannot cancel a submission with ${state} state.`),
    );
  });

  test('testCancel: an open submission is cancelled, and another may follow', async () => {
    const { id, stored } = await submitAsBob();
    expect(await cancel(server.bob, id)).toMatchObject({
      status: 200,
      body: { submissionId: id, state: 'CANCELLED', submittedBy: bobId },
    });
    expect(await submit(server.bob, stored, project.id)).toMatchObject({ status: 200 });
  });

  test('testDeleteSumbission: the ACT deletes submissions', async () => {
    const { id } = await submitAsBob();
    expect(await server.admin.delete(`/dataAccessSubmission/${id}`)).toMatchObject({ status: 200 });
    expect(await server.admin.get(`/dataAccessSubmission/${id}`)).toMatchObject({ status: 404 });
  });

  test('testDeleteSumbissionUnauthorized: nobody else deletes them', async () => {
    const { id } = await submitAsBob();
    expect(await server.bob.delete(`/dataAccessSubmission/${id}`)).toEqual(onlyAct);
  });

  test.each<[string, object, string]>([
    ['testUpdateStatusWithNullNewState: the new state is needed', {}, 'newState is required.'],
    [
      'testUpdateStatusWithCancelledState: reviewers do not cancel',
      { newState: 'CANCELLED' },
      'Do not support changing to state: CANCELLED',
    ],
    [
      'testUpdateStatusWithSubmittedState: reviewers do not submit',
      { newState: 'SUBMITTED' },
      'Do not support changing to state: SUBMITTED',
    ],
  ])('%s', async (_, body, reason) => {
    const { id } = await submitAsBob();
    expect(await server.admin.put(`/dataAccessSubmission/${id}`, body)).toEqual(
      refusal(400, reason),
    );
  });

  test('testUpdateStatusUnauthorized: only reviewers decide', async () => {
    const { id } = await submitAsBob();
    expect(await decide(server.bob, id, 'APPROVED')).toEqual(notValidated);
  });

  test('testUpdateStatusSubmissionNotFound: only what exists is decided', async () => {
    expect(await decide(server.admin, '999999', 'APPROVED')).toEqual(
      refusal(404, "Submission: '999999' does not exist"),
    );
  });

  test.each<[string, 'APPROVED' | 'CANCELLED' | 'REJECTED']>([
    ['testUpdateStatusCancelledSubmission: what is cancelled is not decided', 'CANCELLED'],
    ['testUpdateStatusRejectedSubmission: what is rejected is not decided again', 'REJECTED'],
    ['testUpdateStatusApprovedSubmission: what is approved is not decided again', 'APPROVED'],
  ])('%s', async (_, state) => {
    const { id } = await submitAsBob();
    await (state === 'CANCELLED' ? cancel(server.bob, id) : decide(server.admin, id, state));
    expect(await decide(server.admin, id, 'APPROVED')).toEqual(
      refusal(400, `Cannot change state of a submission with ${state} state.`),
    );
  });

  test('testUpdateStatusRejected: a rejection has a reason and gives nothing', async () => {
    const { id, requirement } = await submitAsBob();
    expect(await decide(server.admin, id, 'REJECTED', 'no reason')).toMatchObject({
      status: 200,
      body: { state: 'REJECTED', rejectedReason: 'no reason', modifiedBy: '1' },
    });
    expect(await statusOf(server.bob, requirement)).toMatchObject({ body: { isApproved: false } });
  });

  test('testUpdateStatusApproved: an approval gives access without end', async () => {
    const { id, requirement } = await submitAsBob();
    expect(await decide(server.admin, id, 'APPROVED')).toMatchObject({
      status: 200,
      body: { state: 'APPROVED' },
    });
    const { body } = await statusOf(server.bob, requirement);
    expect(body).toMatchObject({ isApproved: true });
    expect(body).not.toHaveProperty('expiredOn');
  });

  test('testUpdateStatusApprovedWithExpiration: an approval ends after the period of the requirement', async () => {
    const expirationPeriod = 30 * 24 * 60 * 60 * 1000;
    const { id, requirement } = await submitAsBob({ expirationPeriod });
    const before = Date.now();
    await decide(server.admin, id, 'APPROVED');
    const { expiredOn = '' } = (await statusOf(server.bob, requirement))
      .body as M.ManagedACTAccessRequirementStatus;
    expect(Date.parse(expiredOn)).toBeGreaterThanOrEqual(before + expirationPeriod);
    expect(Date.parse(expiredOn)).toBeLessThanOrEqual(Date.now() + expirationPeriod);
  });

  test('testListSubmissionsUnauthorized: the ACT alone lists submissions', async () => {
    const { requirement } = await submitAsBob();
    const path = `/accessRequirement/${requirement.id}/submissions`;
    expect(await server.bob.post(path, {})).toEqual(onlyAct);
  });

  test('testListSubmissionsAuthorized: submissions are listed by state, accessor and order', async () => {
    const { admin, bob } = server;
    const { requirement, stored, id } = await submitAsBob();
    await cancel(bob, id);
    const second = await submitted(bob, stored, project.id);
    const list = async (query: object) => {
      const answer = await admin.post(`/accessRequirement/${requirement.id}/submissions`, query);
      return (answer.body as M.SubmissionPage).results.map((submission) => submission.id);
    };
    expect(await list({})).toEqual([id, second]);
    expect(await list({ filterBy: 'CANCELLED' })).toEqual([id]);
    expect(await list({ accessorId: bobId, filterBy: 'SUBMITTED' })).toEqual([second]);
    expect(await list({ accessorId: '1' })).toEqual([]);
    expect(await list({ orderBy: 'CREATED_ON', isAscending: false })).toEqual([second, id]);
  });

  test.each<[string, 'managed' | 'termsOfUse', object, string]>([
    [
      'testListResearchProjectsForApprovedSubmissionsNotManaged: other requirements have no projects',
      'termsOfUse',
      {},
      'Cannot list research projects for an access requirement which is not a Managed ACT Access Requirement',
    ],
    [
      'testListResearchProjectsForApprovedSubmissionsNotPublic: projects are listed where they are public',
      'managed',
      { isIDUPublic: false },
      'Cannot list research projects for an access requirement whose IDUs are not public.',
    ],
  ])('%s', async (_, type, fields, reason) => {
    const { id } = await require(server, type, project.id, fields);
    expect(await server.admin.post(`/accessRequirement/${id}/approvedSubmissionInfo`, {})).toEqual(
      refusal(400, reason),
    );
  });

  test.each<[string, 'admin' | 'alice', boolean]>([
    [
      'testListResearchProjectsForApprovedSubmissionsAuthorizedNotACT: users see projects without their accessors',
      'alice',
      false,
    ],
    [
      'testListResearchProjectsForApprovedSubmissionsAuthorizedIsACT: the ACT sees the accessors',
      'admin',
      true,
    ],
  ])('%s', async (_, user, seesAccessors) => {
    const { requirement, id } = await submitAsBob({ isIDUPublic: true });
    const path = `/accessRequirement/${requirement.id}/approvedSubmissionInfo`;
    expect(await server[user].post(path, {})).toMatchObject({ body: { results: [] } });
    await decide(server.admin, id, 'APPROVED');
    const page = (await server[user].post(path, {})).body as M.SubmissionInfoPage;
    expect(page).not.toHaveProperty('nextPageToken');
    expect(page.results).toEqual([
      {
        institution: 'Institute',
        projectLead: 'Leader',
        intendedDataUseStatement: 'Research.',
        submittedBy: bobId,
        modifiedOn: expect.any(String),
        ...(seesAccessors && { accessorChanges: [change(bobId)] }),
      },
    ]);
  });

  test('testGetAccessRequirementStatusWithNonExistingAccessRequirement: the requirement must exist', async () => {
    expect(await server.bob.get('/accessRequirement/999999/status')).toMatchObject({ status: 404 });
  });

  test.each<[string, 'act' | 'selfSign' | 'termsOfUse', boolean]>([
    [
      'testGetAccessRequirementStatusToUNotApproved: what is not signed is not approved',
      'termsOfUse',
      false,
    ],
    ['testGetAccessRequirementStatusToUApproved: what is signed is approved', 'termsOfUse', true],
    [
      'testGetAccessRequirementStatusSelfSignApproved: what is confirmed is approved',
      'selfSign',
      true,
    ],
    ['testGetAccessRequirementStatusACTApproved: what the ACT approves is approved', 'act', true],
  ])('%s', async (_, type, isApproved) => {
    const requirement = await require(server, type, project.id);
    if (isApproved) {
      const by = type === 'act' ? server.admin : server.bob;
      const approval = { requirementId: requirement.id, accessorId: bobId };
      expect(await by.post('/accessApproval', approval)).toMatchObject({ status: 201 });
    }
    const { body } = await statusOf(server.bob, requirement);
    expect(body).toEqual({
      concreteType: `${model}.dataaccess.BasicAccessRequirementStatus`,
      accessRequirementId: String(requirement.id),
      isApproved,
    });
  });

  test('testGetAccessRequirementStatusACT: submitters see their submission, its other accessors do not', async () => {
    const { requirement, stored } = await request(
      {},
      { accessorChanges: [change(server.userId('bob')), change(server.userId('alice'))] },
    );
    const submissionId = await submitted(server.bob, stored, project.id);
    expect(await statusOf(server.bob, requirement)).toMatchObject({
      body: {
        concreteType: `${model}.dataaccess.ManagedACTAccessRequirementStatus`,
        isApproved: false,
        currentSubmissionStatus: { submissionId, state: 'SUBMITTED', submittedBy: bobId },
      },
    });
    const { body } = await statusOf(server.alice, requirement);
    expect(body).not.toHaveProperty('currentSubmissionStatus');
  });

  test('testGetOpenSubmissionsUnauthorized: the ACT alone sees what is open', async () => {
    expect(await server.bob.get('/dataAccessSubmission/openSubmissions')).toEqual(onlyAct);
  });

  test('testGetOpenSubmissionsAuthorized: open submissions are counted by requirement', async () => {
    const { requirement } = await submitAsBob();
    const { body } = await server.admin.get('/dataAccessSubmission/openSubmissions');
    expect((body as M.OpenSubmissionPage).openSubmissionList).toContainEqual({
      accessRequirementId: String(requirement.id),
      numberOfSubmittedSubmission: 1,
    });
  });

  /** A managed requirement to which Bob was approved by several submitters. */
  async function approvedUntil(...ends: (string | undefined)[]): Promise<Requirement> {
    const requirement = await require(server, 'managed', project.id);
    for (const [number, expiredOn] of ends.entries()) {
      const approval = {
        requirementId: requirement.id,
        accessorId: bobId,
        submitterId: String([server.userId('bob'), server.userId('alice'), 1][number]),
        ...(expiredOn !== undefined && { expiredOn }),
      };
      expect(await server.admin.post('/accessApproval', approval)).toMatchObject({ status: 201 });
    }
    return requirement;
  }

  test.each<[string, (string | undefined)[], string | undefined]>([
    ['testGetLatestExpirationDateWithEmptyList: without approvals there is no end', [], undefined],
    [
      'testGetLatestExpirationDateWithoutExpiration: approvals without an end have none',
      [undefined, undefined],
      undefined,
    ],
    [
      'testGetLatestExpirationDateWithOneExpiration: the only end counts',
      [undefined, '2999-01-01T00:00:00.000Z'],
      '2999-01-01T00:00:00.000Z',
    ],
    [
      'testGetLatestExpirationDateWithMultipleExpiration: the latest end counts',
      ['2999-01-01T00:00:00.000Z', '2999-03-01T00:00:00.000Z', '2999-02-01T00:00:00.000Z'],
      '2999-03-01T00:00:00.000Z',
    ],
  ])('%s', async (_, ends, expected) => {
    const { body } = await statusOf(server.bob, await approvedUntil(...ends));
    expect((body as M.ManagedACTAccessRequirementStatus).expiredOn).toBe(expected);
  });

  /** Three submissions of Bob under requirements of which two name Carol as a reviewer. */
  async function threeSubmissions(): Promise<{
    readonly ids: string[];
    readonly requirements: Requirement[];
    readonly search: (session: Session, query?: object) => Promise<string[]>;
  }> {
    const made = [await submitAsBob(), await submitAsBob(), await submitAsBob()];
    const ids = made.map(({ id }) => id);
    const requirements = made.map(({ requirement }) => requirement);
    for (const requirement of requirements.slice(1)) {
      await grant(server, requirement, [server.userId('carol')]);
    }
    const search = async (session: Session, query: object = {}) => {
      const answer = await session.post('/dataAccessSubmission/search', query);
      expect(answer).toMatchObject({ status: 200 });
      const { results } = answer.body as M.SubmissionSearchResponse;
      return results.map(({ id }) => id ?? '').filter((id) => ids.includes(id));
    };
    return { ids, requirements, search };
  }

  const newestFirst = { sort: [{ field: 'CREATED_ON', direction: 'DESC' }] };

  test('testSearchSubmissionsWithAct: the ACT finds all submissions, newest first if asked', async () => {
    const { ids, requirements, search } = await threeSubmissions();
    for (const { id } of requirements) {
      expect(await search(server.admin, { accessRequirementId: String(id) })).toHaveLength(1);
    }
    const [, , newest] = ids;
    expect((await search(server.admin, newestFirst))[0]).toBe(newest);
  });

  test('testSearchSubmissionsWithActAndFilters: all filters apply at once', async () => {
    const { ids, requirements, search } = await threeSubmissions();
    const [one, two] = ids;
    const [first, second] = requirements;
    const of = (requirement?: Requirement) => ({
      accessRequirementId: String(requirement?.id),
      accessorId: bobId,
      submissionState: 'SUBMITTED',
    });
    const { admin } = server;
    const reviewerId = String(server.userId('carol'));
    expect(await search(admin, { ...of(second), reviewerId })).toEqual([two]);
    expect(await search(admin, { ...of(first), reviewerId })).toEqual([]);
    expect(await search(admin, { ...of(first), reviewerFilterType: 'ACT_ONLY' })).toEqual([one]);
    expect(await search(admin, { ...of(second), reviewerFilterType: 'ACT_ONLY' })).toEqual([]);
    expect(await search(admin, { ...of(second), reviewerFilterType: 'DELEGATED_ONLY' })).toEqual([
      two,
    ]);
    expect(await search(admin, { ...of(second), submissionState: 'APPROVED' })).toEqual([]);
  });

  test('testSearchSubmissionsWithActAndPagination: the token of a page is read', async () => {
    const { search } = await threeSubmissions();
    const all = await search(server.admin, newestFirst);
    const page = { ...newestFirst, nextPageToken: '1a1' };
    expect(await search(server.admin, page)).toEqual(all.slice(1, 2));
  });

  test('testSearchSubmissionsWithNonAct: reviewers find what they may review', async () => {
    const { ids, search } = await threeSubmissions();
    expect(await search(server.carol)).toEqual(ids.slice(1));
    expect(await search(server.bob)).toEqual([]);
  });

  test('testSearchSubmissionsWithNonActAndFilters: filters apply to what reviewers find', async () => {
    const { ids, requirements, search } = await threeSubmissions();
    const [, two] = ids;
    const accessRequirementId = String(requirements[1]?.id);
    expect(await search(server.carol, { accessRequirementId })).toEqual([two]);
    expect(await search(server.carol, { accessorId: '1' })).toEqual([]);
    expect(await search(server.carol, { submissionState: 'REJECTED' })).toEqual([]);
  });

  test('testSearchSubmissionsWithNonActAndDelegatedOnly: what reviewers find is delegated', async () => {
    const { ids, search } = await threeSubmissions();
    const query = { reviewerFilterType: 'DELEGATED_ONLY' };
    expect(await search(server.carol, query)).toEqual(ids.slice(1));
  });

  test('testSearchSubmissionsWithNonActAndACTOnly: reviewers find nothing that is for the ACT only', async () => {
    const { search } = await threeSubmissions();
    expect(await search(server.carol, { reviewerFilterType: 'ACT_ONLY' })).toEqual([]);
  });

  test('testSearchSubmissionsWithNonActAndPagination: reviewers read pages', async () => {
    const { search } = await threeSubmissions();
    const all = await search(server.carol, newestFirst);
    expect(await search(server.carol, { ...newestFirst, nextPageToken: '1a1' })).toEqual(
      all.slice(1, 2),
    );
  });

  test('testGetSubmission: the ACT reads a submission', async () => {
    const { id } = await submitAsBob();
    expect(await server.admin.get(`/dataAccessSubmission/${id}`)).toMatchObject({
      status: 200,
      body: { id, submittedBy: bobId },
    });
  });

  test('testGetSubmissionWithUnauthorized: others do not', async () => {
    const { id } = await submitAsBob();
    expect(await server.bob.get(`/dataAccessSubmission/${id}`)).toEqual(notValidated);
  });
});
