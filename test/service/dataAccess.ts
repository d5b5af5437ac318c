import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import { refusal, type Session, type TestServer } from '../server/entitySession.js';

const model = 'org.sagebionetworks.repo.model';

/** Concrete types of requirements. */
export const requirementTypes = {
  termsOfUse: `${model}.TermsOfUseAccessRequirement`,
  selfSign: `${model}.SelfSignAccessRequirement`,
  act: `${model}.ACTAccessRequirement`,
  managed: `${model}.ManagedACTAccessRequirement`,
  lock: `${model}.LockAccessRequirement`,
  postMessage: `${model}.PostMessageContentAccessRequirement`,
} as const;

/** A requirement as the server returns it. */
export type Requirement = M.ManagedACTAccessRequirement &
  Required<Pick<M.ManagedACTAccessRequirement, 'etag' | 'id' | 'versionNumber'>>;

/** A user whom a test makes for itself. */
export interface TestUser {
  readonly id: string;
  readonly name: string;
  readonly session: Session;
}

let count = 0;

/** A name that no other test uses. */
export function newName(prefix: string): string {
  count += 1;
  return `${prefix}${count}`;
}

/** Makes a certified user. */
export async function createUser(server: TestServer, fields: object = {}): Promise<TestUser> {
  const name = newName('user');
  const answer = await server.admin.post('/admin/user', {
    username: name,
    email: `${name}@example.org`,
    isCertified: true,
    ...fields,
  });
  expect(answer).toMatchObject({ status: 201 });
  const { id, accessToken } = answer.body as { id: string; accessToken: string };
  return { id, name, session: server.session(accessToken) };
}

/** Asks as the ACT for a requirement on an entity. */
export function postRequirement(
  server: TestServer,
  type: keyof typeof requirementTypes,
  subjectId: string,
  fields: object = {},
): Promise<Answer> {
  return server.admin.post('/accessRequirement', {
    concreteType: requirementTypes[type],
    accessType: 'DOWNLOAD',
    subjectIds: [{ id: subjectId, type: 'ENTITY' }],
    ...fields,
  });
}

/** Makes a requirement on an entity. */
export async function require(
  server: TestServer,
  type: keyof typeof requirementTypes,
  subjectId: string,
  fields: object = {},
): Promise<Requirement> {
  const answer = await postRequirement(server, type, subjectId, fields);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Requirement;
}

/** Names reviewers, or others, in a new ACL of a requirement. */
export function grant(
  server: TestServer,
  requirement: Requirement,
  principalIds: readonly (number | string)[],
  accessType: M.ACCESS_TYPE = 'REVIEW_SUBMISSIONS',
): Promise<Answer> {
  return server.admin.post(`/accessRequirement/${requirement.id}/acl`, {
    id: String(requirement.id),
    resourceAccess: principalIds.map((id) => ({
      principalId: Number(id),
      accessType: [accessType],
    })),
  });
}

/** The own research project of a user under a requirement. */
export async function createProject(
  session: Session,
  requirement: Requirement,
  fields: object = {},
): Promise<Required<M.ResearchProject>> {
  const answer = await session.post('/researchProject', {
    accessRequirementId: String(requirement.id),
    institution: 'Institute',
    projectLead: 'Leader',
    intendedDataUseStatement: 'Research.',
    ...fields,
  });
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as Required<M.ResearchProject>;
}

/** A stored request. */
export type StoredRequest = M.Request & Required<Pick<M.Request, 'etag' | 'id'>>;

/** Makes a request for access, after the research project that it needs. */
export async function createRequest(
  session: Session,
  requirement: Requirement,
  accessorChanges: readonly M.AccessorChange[],
  fields: object = {},
): Promise<StoredRequest> {
  const project = await createProject(session, requirement);
  const answer = await session.post('/dataAccessRequest', {
    concreteType: `${model}.dataaccess.Request`,
    accessRequirementId: String(requirement.id),
    researchProjectId: project.id,
    accessorChanges,
    ...fields,
  });
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as StoredRequest;
}

/** Submits a request. */
export function submit(
  session: Session,
  request: { readonly id?: string; readonly etag?: string },
  subjectId: string,
  fields: object = {},
): Promise<Answer> {
  return session.post(`/dataAccessRequest/${request.id ?? ''}/submission`, {
    requestId: request.id,
    requestEtag: request.etag,
    subjectId,
    subjectType: 'ENTITY',
    ...fields,
  });
}

/** Submits a request that is complete. @returns the id of the submission */
export async function submitted(
  session: Session,
  request: { readonly id?: string; readonly etag?: string },
  subjectId: string,
): Promise<string> {
  const answer = await submit(session, request, subjectId);
  expect(answer).toMatchObject({ status: 200, body: { state: 'SUBMITTED' } });
  return (answer.body as M.DataAccessSubmissionStatus).submissionId ?? '';
}

/** Approves or rejects a submission. */
export function decide(
  session: Session,
  submissionId: string,
  newState: M.SubmissionState,
  rejectedReason?: string,
): Promise<Answer> {
  return session.put(`/dataAccessSubmission/${submissionId}`, {
    submissionId,
    newState,
    rejectedReason,
  });
}

/** A change that gives a user access, or another one. */
export function change(
  userId: number | string,
  type: M.AccessType = 'GAIN_ACCESS',
): M.AccessorChange {
  return { userId: String(userId), type };
}

/** The refusal of callers whose profile is not validated. */
export const notValidated = refusal(
  403,
  'The user must be validated in order to review data access submissions.',
);

/** The refusal of callers whom the ACL of a requirement does not name. */
export function notReviewer({ id }: Requirement): object {
  return refusal(
    403,
    `The user does not have permissions to review data access submissions for access requirement ${id}.`,
  );
}
