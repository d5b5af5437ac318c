import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { forbidden, notFound } from '../kernel/serviceError.js';
import { hasObjectAccess } from '../permissions/objectAcls.js';
import { isAct } from '../permissions/requireLogin.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';
import { aclOwner, requirements, type RequirementRecord } from './requirementRecords.js';

/** A submission: a copy of the request, with the decision. */
export type SubmissionRecord = M.DataAccessSubmission &
  Required<
    Pick<
      M.DataAccessSubmission,
      | 'accessRequirementId'
      | 'accessRequirementVersion'
      | 'accessorChanges'
      | 'id'
      | 'modifiedOn'
      | 'requestId'
      | 'state'
      | 'submittedBy'
      | 'submittedOn'
    >
  >;

/** All submissions by id. */
export function dataAccessSubmissions(world: World): Collection<SubmissionRecord> {
  return world.store.collection<SubmissionRecord>('dataAccessSubmissions');
}

function byRequirement(world: World): Index<SubmissionRecord> {
  return dataAccessSubmissions(world).index(
    'requirement',
    ({ accessRequirementId }) => accessRequirementId,
  );
}

/** The submissions under a requirement, oldest first. */
export function submissionsFor(world: World, requirementId: number | string): SubmissionRecord[] {
  return byRequirement(world)
    .find(String(requirementId))
    .sort((a, b) => Number(a.id) - Number(b.id));
}

/** @throws 404 */
export function getSubmission(world: World, id: string): SubmissionRecord {
  const submission = dataAccessSubmissions(world).get(id);
  if (submission === undefined) {
    throw notFound(`The data access submission ${id.slice(0, 100)} does not exist.`);
  }
  return submission;
}

/** Whether the caller may review submissions: members of the ACT and principals in the ACL may. */
export function isReviewer(world: World, caller: Caller, requirement: RequirementRecord): boolean {
  return (
    isAct(caller) || hasObjectAccess(world, caller, aclOwner(requirement), 'REVIEW_SUBMISSIONS')
  );
}

/** Whether the caller may review this submission. */
export function reviews(world: World, caller: Caller, submission: SubmissionRecord): boolean {
  const requirement = requirements(world).get(submission.accessRequirementId);
  return requirement === undefined ? isAct(caller) : isReviewer(world, caller, requirement);
}

/** @throws 403 for callers who may not review submissions under the requirement */
export function requireReviewer(
  world: World,
  caller: Caller,
  requirement: RequirementRecord,
): void {
  if (!isReviewer(world, caller, requirement)) {
    throw forbidden(
      'The caller must be an ACT member or have been granted REVIEW_SUBMISSIONS on the access requirement.',
    );
  }
}

/** The status of a submission as its submitter sees it. */
export function statusOf(submission: SubmissionRecord): M.DataAccessSubmissionStatus {
  const { id, submittedBy, rejectedReason, state, modifiedOn } = submission;
  return {
    submissionId: id,
    submittedBy,
    rejectedReason,
    state,
    modifiedOn,
  };
}
