import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import {
  change,
  createProject,
  createRequest,
  decide,
  newName,
  require,
  submitted,
  type Requirement,
  type StoredRequest,
} from './dataAccess.js';

const server = withSessions();
const requestType = 'org.sagebionetworks.repo.model.dataaccess.Request';
const renewalType = 'org.sagebionetworks.repo.model.dataaccess.Renewal';
let project: Stored;
let requirement: Requirement;
let bobId: string;

beforeAll(() => {
  bobId = String(server.userId('bob'));
});

beforeEach(async () => {
  project = await server.alice.create('project', { name: newName('project') });
  requirement = await require(server, 'managed', project.id);
});

/** Bob's request for himself and Carol. */
function make(): Promise<StoredRequest> {
  return createRequest(server.bob, requirement, [change(bobId), change(server.userId('carol'))]);
}

function put(body: object): Promise<Answer> {
  return server.bob.post('/dataAccessRequest', body);
}

async function create(fields: object): Promise<Answer> {
  const { id } = await createProject(server.bob, requirement);
  return put({
    concreteType: requestType,
    accessRequirementId: String(requirement.id),
    researchProjectId: id,
    ...fields,
  });
}

async function current(): Promise<M.RequestInterface> {
  const path = `/accessRequirement/${requirement.id}/dataAccessRequestForUpdate`;
  const answer = await server.bob.get(path);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as M.RequestInterface;
}

async function approve(request: StoredRequest): Promise<void> {
  const id = await submitted(server.bob, request, project.id);
  expect(await decide(server.admin, id, 'APPROVED')).toMatchObject({ status: 200 });
}

const tooMany = Array.from({ length: 501 }, (_, index) => change(index));
const fixed =
  'researchProjectId, accessRequirementId, createdOn and createdBy fields cannot be edited.';

describe('RequestManagerImplTest', () => {
  test.each<[string, object, string]>([
    [
      'testCreateWithNullAccessRequirementId: the requirement is needed',
      { accessRequirementId: null },
      'Request.accessRequirementId is required.',
    ],
    [
      'testCreateWithNullResearchProjectId: the research project is needed',
      { researchProjectId: null },
      'Request.researchProjectId is required.',
    ],
    [
      'testCreateWithMoreThanMaxAccessorChanges: there are at most 500 changes',
      { accessorChanges: tooMany },
      'A request cannot have more than 500 changes.',
    ],
    [
      'testCreateOrUpdateWithRenewalNullId: no renewal is the first request',
      { concreteType: renewalType },
      'Cannot create a request of type Renewal',
    ],
  ])('%s', async (_, fields, reason) => {
    expect(await create(fields)).toEqual(refusal(400, reason));
  });

  test('testCreateWithNotACTAccessRequirementId: requests are for managed requirements', async () => {
    const other = await require(server, 'act', project.id);
    expect(await create({ accessRequirementId: String(other.id) })).toEqual(
      refusal(400, 'A Request can only associate with an ManagedACTAccessRequirement.'),
    );
  });

  test.each<[string]>([
    ['testCreate: a request is stored as it was sent'],
    ['testPrepareCreationFields: the server says who made a request, and when'],
    ['testCreateOrUpdateWithNullId: without an id, a request is new'],
  ])('%s', async () => {
    const accessorChanges = [change(bobId)];
    const answer = await create({
      accessorChanges,
      createdBy: '1',
      createdOn: '2000-01-01T00:00:00Z',
    });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        id: expect.any(String),
        etag: expect.any(String),
        concreteType: requestType,
        createdBy: bobId,
        modifiedBy: bobId,
        accessorChanges,
      },
    });
    expect((answer.body as M.Request).createdOn).not.toMatch(/^2000/);
    expect(await current()).toEqual(answer.body);
  });

  test('testGetRequestForUpdate: users get their own request', async () => {
    expect(await current()).toEqual({
      concreteType: requestType,
      accessRequirementId: String(requirement.id),
    });
    expect(await current()).not.toEqual(await make());
  });

  test('testGetForUpdateNotFound: without a request, users get one to fill in', async () => {
    expect(await current()).toEqual({
      concreteType: requestType,
      accessRequirementId: String(requirement.id),
    });
  });

  test.each<[string]>([
    ['testUpdateApprovedRequestCurrentRequest: an approved request becomes a renewal'],
    ['testCreateRenewalFromApprovedRequest: a renewal renews all who have access'],
  ])('%s', async () => {
    const request = await make();
    await approve(request);
    expect(await current()).toMatchObject({
      id: request.id,
      concreteType: renewalType,
      researchProjectId: request.researchProjectId,
      accessorChanges: [
        change(bobId, 'RENEW_ACCESS'),
        change(server.userId('carol'), 'RENEW_ACCESS'),
      ],
    });
    expect((await current()).etag).not.toBe(request.etag);
  });

  test.each<[string]>([
    ['testUpdateApprovedRequestCurrentRenewal: an approved renewal stays a renewal'],
    ['testGetForUpdateAlreadyHasRenewal: users get the renewal that they have'],
  ])('%s', async () => {
    await approve(await make());
    const renewal = await current();
    const changes = [
      change(bobId, 'RENEW_ACCESS'),
      change(server.userId('carol'), 'REVOKE_ACCESS'),
    ];
    const stored = (await put({ ...renewal, accessorChanges: changes, summaryOfUse: 'Used' })).body;
    expect(await current()).toEqual(stored);
    await approve(stored as StoredRequest);
    // Who is revoked is not renewed the next time.
    expect(await current()).toMatchObject({
      concreteType: renewalType,
      accessorChanges: [change(bobId, 'RENEW_ACCESS')],
    });
  });

  test.each<[string, object, string]>([
    [
      'testUpdateWithNullAccessRequirementId: an update has the requirement',
      { accessRequirementId: null },
      'Request.accessRequirementId is required.',
    ],
    [
      'testUpdateWithNullResearchProjectId: an update has the research project',
      { researchProjectId: null },
      'Request.researchProjectId is required.',
    ],
    [
      'testUpdateResearchProjectId: the research project stays',
      { researchProjectId: '333' },
      fixed,
    ],
    ['testUpdateCreatedBy: the creator stays', { createdBy: '333' }, fixed],
    ['testUpdateCreatedOn: the time stays', { createdOn: '2000-01-01T00:00:00.000Z' }, fixed],
    ['testUpdateAccessRequirementId: the requirement stays', { accessRequirementId: '333' }, fixed],
    [
      'testUpdateWithMoreThanMaxAccessorChanges: an update has at most 500 changes',
      { accessorChanges: tooMany },
      'A request cannot have more than 500 changes.',
    ],
  ])('%s', async (_, fields, reason) => {
    const request = await make();
    expect(await put({ ...request, ...fields })).toEqual(refusal(400, reason));
    expect(await current()).toEqual(request);
  });

  test('testUpdateNotFound: only what exists is updated', async () => {
    const request = await make();
    expect(await put({ ...request, id: '999999' })).toEqual(
      refusal(404, "Data access request: '999999' does not exist"),
    );
  });

  test('testUpdateWithOutdatedEtag: an update has the current etag', async () => {
    const request = await make();
    expect(await put({ ...request, etag: 'other' })).toEqual(refusal(412, 'etag does not match.'));
  });

  test('testUpdateUnauthorized: others do not update it', async () => {
    const request = await make();
    expect(await server.alice.post('/dataAccessRequest', request)).toEqual(
      refusal(403, 'Only owner can perform this action.'),
    );
  });

  test('testUpdateWithSubmittedSubmission: what is submitted is not updated', async () => {
    const request = await make();
    await submitted(server.bob, request, project.id);
    expect(await put(request)).toEqual(
      refusal(
        400,
        'A submission has been created. User needs to cancel the created submission or wait for an ACT member to review it before create another submission.',
      ),
    );
  });

  test.each<[string]>([
    ['testUpdate: an update replaces what was sent'],
    ['testPrepareUpdateFields: the server says who updated a request, and when'],
    ['testCreateOrUpdateWithId: with its id, a request is updated'],
  ])('%s', async () => {
    const request = await make();
    const accessorChanges = [change(bobId)];
    const updated = await put({ ...request, accessorChanges, modifiedBy: '1' });
    expect(updated).toMatchObject({
      status: 200,
      body: { id: request.id, createdOn: request.createdOn, modifiedBy: bobId, accessorChanges },
    });
    expect((updated.body as StoredRequest).etag).not.toBe(request.etag);
    expect(await current()).toEqual(updated.body);
  });
});
