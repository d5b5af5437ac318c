import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import { createProject, newName, require, type Requirement } from './dataAccess.js';

const server = withSessions();
const complete = {
  institution: 'Institute',
  projectLead: 'Leader',
  intendedDataUseStatement: 'Use.',
};
let project: Stored;
let requirement: Requirement;

beforeEach(async () => {
  project = await server.alice.create('project', { name: newName('project') });
  requirement = await require(server, 'managed', project.id);
});

function put(body: object): Promise<Answer> {
  return server.bob.post('/researchProject', body);
}

function create(fields: object = {}, { id } = requirement): Promise<Answer> {
  return put({ accessRequirementId: String(id), ...complete, ...fields });
}

async function current(): Promise<M.ResearchProject> {
  const path = `/accessRequirement/${requirement.id}/researchProjectForUpdate`;
  return (await server.bob.get(path)).body as M.ResearchProject;
}

const lead = 'The projectLead must contains more than 0 characters.';
const institution = 'The insitution must contains more than 0 characters.';
const statement = 'The intended data use statement must contains more than 0 characters.';

describe('ResearchProjectManagerImplTest', () => {
  test.each<[string, object, string]>([
    [
      'testCreateWithNullAccessRequirementId: the requirement is needed',
      { accessRequirementId: null },
      'The accessRequirementId is required.',
    ],
    ['testCreateWithNullProjectLead: the lead is needed', { projectLead: null }, lead],
    ['testCreateWithEmptyProjectLead: the lead is not empty', { projectLead: '' }, lead],
    [
      'testCreateWithNullInstitution: the institution is needed',
      { institution: null },
      institution,
    ],
    [
      'testCreateWithEmptyInstitution: the institution is not empty',
      { institution: '' },
      institution,
    ],
    [
      'testCreateWithNullIDUWhenRequired: the use is needed where it is required',
      { intendedDataUseStatement: null },
      statement,
    ],
    [
      'testCreateWithEmptyIDUWhenRequired: the use is not empty where it is required',
      { intendedDataUseStatement: '' },
      statement,
    ],
  ])('%s', async (_, fields, reason) => {
    expect(await create(fields)).toEqual(refusal(400, reason));
  });

  test('testCreateWithNullIDUWhenOptional: the use may be missing where it is optional', async () => {
    const optional = await require(server, 'managed', project.id, { isIDURequired: false });
    expect(await create({ intendedDataUseStatement: null }, optional)).toMatchObject({
      status: 200,
    });
  });

  test('testCreateWithNotACTAccessRequirementId: projects are for managed requirements', async () => {
    const other = await require(server, 'termsOfUse', project.id);
    expect(await create({}, other)).toEqual(
      refusal(
        400,
        'A research project can only be associated with an ManagedACTAccessRequirement.',
      ),
    );
  });

  test.each<[string]>([
    ['testCreate: a project is stored as it was sent'],
    ['testPrepareCreationFields: the server says who made a project, and when'],
    ['testCreateOrUpdateWithNullId: without an id, a project is new'],
    ['testGet: users get their own project'],
  ])('%s', async () => {
    const bobId = String(server.userId('bob'));
    const answer = await create({ createdBy: '1', createdOn: '2000-01-01T00:00:00.000Z' });
    expect(answer).toMatchObject({
      status: 200,
      body: { ...complete, createdBy: bobId, modifiedBy: bobId, etag: expect.any(String) },
    });
    expect((answer.body as M.ResearchProject).createdOn).not.toMatch(/^2000/);
    expect(await current()).toEqual(answer.body);
  });

  test('testGetNotFound: without a project, users get one to fill in', async () => {
    expect(await current()).toEqual({ accessRequirementId: String(requirement.id) });
  });

  test.each<[string, object, string]>([
    ['testUpdateWithNullProjectLead: an update has a lead', { projectLead: null }, lead],
    [
      'testUpdateWithNullInstitution: an update has an institution',
      { institution: null },
      institution,
    ],
    [
      'testUpdateWithNullIDUWhenRequired: an update has the use where it is required',
      { intendedDataUseStatement: null },
      statement,
    ],
  ])('%s', async (_, fields, reason) => {
    const stored = await createProject(server.bob, requirement);
    expect(await put({ ...stored, ...fields })).toEqual(refusal(400, reason));
    expect(await current()).toEqual(stored);
  });

  test('testUpdateWithNullIDUWhenOptional: an update may lack the use where it is optional', async () => {
    requirement = await require(server, 'managed', project.id, { isIDURequired: false });
    const stored = await createProject(server.bob, requirement);
    expect(await put({ ...stored, intendedDataUseStatement: null })).toMatchObject({ status: 200 });
    expect(await current()).not.toHaveProperty('intendedDataUseStatement');
  });

  test('testUpdateNotFound: only what exists is updated', async () => {
    const stored = await createProject(server.bob, requirement);
    expect(await put({ ...stored, id: '999999' })).toEqual(
      refusal(404, "Research project: '999999' does not exist"),
    );
  });

  test('testUpdateWithImmutableFields: creator, time and requirement stay', async () => {
    const stored = await createProject(server.bob, requirement);
    const other = await require(server, 'managed', project.id);
    expect(
      await put({
        ...stored,
        createdBy: '1',
        createdOn: '2000-01-01T00:00:00.000Z',
        accessRequirementId: String(other.id),
      }),
    ).toMatchObject({
      status: 200,
      body: {
        createdBy: stored.createdBy,
        createdOn: stored.createdOn,
        accessRequirementId: stored.accessRequirementId,
      },
    });
  });

  test('testUpdateWithOutdatedEtag: an update has the current etag', async () => {
    const stored = await createProject(server.bob, requirement);
    expect(await put({ ...stored, etag: 'other' })).toMatchObject({ status: 412 });
  });

  test('testUpdateUnauthorized: others do not update it', async () => {
    const stored = await createProject(server.bob, requirement);
    expect(await server.alice.post('/researchProject', stored)).toEqual(
      refusal(403, 'Only the owner can perform this action.'),
    );
  });

  test.each<[string]>([
    ['testUpdate: an update replaces what was sent'],
    ['testPrepareUpdateFields: the server says who updated a project, and when'],
    ['testCreateOrUpdateWithId: with its id, a project is updated'],
  ])('%s', async () => {
    const stored = await createProject(server.bob, requirement);
    const updated = await put({ ...stored, projectLead: 'New', modifiedBy: '1' });
    expect(updated).toMatchObject({
      status: 200,
      body: { id: stored.id, projectLead: 'New', modifiedBy: stored.modifiedBy },
    });
    expect((updated.body as M.ResearchProject).etag).not.toBe(stored.etag);
    expect(await current()).toEqual(updated.body);
  });
});
