import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import type { Session, Stored } from '../server/entitySession.js';
import { ok } from './teamCalls.js';

export type StoredEvaluation = M.Evaluation & Required<Pick<M.Evaluation, 'etag' | 'id' | 'name'>>;
export type StoredSubmission = M.Submission & Required<Pick<M.Submission, 'id'>>;
export type StoredStatus = M.SubmissionStatus &
  Required<Pick<M.SubmissionStatus, 'etag' | 'id' | 'modifiedOn' | 'statusVersion'>>;

let number = 0;

/** An evaluation of a project, with a name that no other has. */
export function createEvaluation(
  session: Session,
  contentSource: string,
  fields: M.Evaluation = {},
): Promise<StoredEvaluation> {
  number += 1;
  return ok(session.post('/evaluation', { name: `queue ${number}`, contentSource, ...fields }));
}

/** Gives a user permissions on an evaluation. */
export async function share(
  session: Session,
  { id }: StoredEvaluation,
  principalId: number,
  accessType: M.ACCESS_TYPE[],
): Promise<void> {
  const acl = await ok<Required<M.AccessControlList>>(session.get(`/evaluation/${id}/acl`));
  const resourceAccess = [...acl.resourceAccess, { principalId, accessType }];
  const answer = await session.put('/evaluation/acl', { ...acl, resourceAccess });
  expect(answer).toMatchObject({ status: 200 });
}

/** Submits an entity; the answer may be a refusal. */
export function trySubmit(
  session: Session,
  evaluation: StoredEvaluation,
  entity: Stored,
  fields: M.Submission & { readonly hash?: number } = {},
): Promise<Answer> {
  const { hash, ...rest } = fields;
  const eligibility = hash === undefined ? '' : `&submissionEligibilityHash=${hash}`;
  return session.post(`/evaluation/submission?etag=${entity.etag}${eligibility}`, {
    evaluationId: evaluation.id,
    entityId: entity.id,
    versionNumber: 1,
    ...rest,
  });
}

export function submit(...args: Parameters<typeof trySubmit>): Promise<StoredSubmission> {
  return ok(trySubmit(...args));
}

export function statusOf(session: Session, { id }: StoredSubmission): Promise<StoredStatus> {
  return ok(session.get(`/evaluation/submission/${id}/status`));
}

/** A page of something about the submissions of an evaluation. */
export function submissionsOf(
  session: Session,
  { id }: StoredEvaluation,
  what: string,
): Promise<{ results: object[]; totalNumberOfResults: number }> {
  return ok(session.get(`/evaluation/${id}/submission${what}`));
}
