import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { forbidden, notFound } from '../kernel/serviceError.js';
import { hasObjectAccess } from '../permissions/objectAcls.js';
import { isAct } from '../permissions/requireLogin.js';
import type { Collection, Index } from '../state/store.js';
import { isVerified } from '../verification/verificationRecords.js';
import type { World } from '../world.js';
import { aclOwner, requirements } from './requirementRecords.js';

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

/** Whether a user's request under a requirement waits for its review. */
export function isSubmitted(
  world: World,
  {
    accessRequirementId,
    createdBy,
  }: Required<Pick<M.Request, 'accessRequirementId' | 'createdBy'>>,
): boolean {
  return byRequirement(world)
    .find(accessRequirementId)
    .some(({ submittedBy, state }) => submittedBy === createdBy && state === 'SUBMITTED');
}

/** @throws 404 */
export function getSubmission(world: World, id: string): SubmissionRecord {
  const submission = dataAccessSubmissions(world).get(id);
  if (submission === undefined) {
    throw notFound(`Submission: '${id.slice(0, 100)}' does not exist`);
  }
  return submission;
}

/** Whether the ACL of a requirement names the caller as a reviewer. */
export function isNamedReviewer(world: World, caller: Caller, requirementId: string): boolean {
  const requirement = requirements(world).get(requirementId);
  return (
    requirement !== undefined &&
    hasObjectAccess(world, caller, aclOwner(requirement), 'REVIEW_SUBMISSIONS')
  );
}

/**
 * Why the caller may not review submissions under a requirement. The ACT may review all; others
 * need a validated profile and the permission.
 */
function reviewRefusal(world: World, caller: Caller, requirementId: string): string | undefined {
  if (isAct(caller)) {
    return undefined;
  }
  if (!isVerified(world, caller.userId)) {
    return 'The user must be validated in order to review data access submissions.';
  }
  return isNamedReviewer(world, caller, requirementId)
    ? undefined
    : `The user does not have permissions to review data access submissions for access requirement ${requirementId}.`;
}

/** Whether the caller may review submissions under a requirement. */
export function mayReview(world: World, caller: Caller, requirementId: string): boolean {
  return reviewRefusal(world, caller, requirementId) === undefined;
}

/** @throws 403 for callers who may not review submissions under the requirement */
export function requireReviewer(world: World, caller: Caller, requirementId: string): void {
  const refusal = reviewRefusal(world, caller, requirementId);
  if (refusal !== undefined) {
    throw forbidden(refusal);
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
