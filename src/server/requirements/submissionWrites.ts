import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, preconditionFailed } from '../kernel/serviceError.js';
import { requireAct } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { putApproval, requireQualified, revokeWhere, validApproval } from './approvals.js';
import { getOwnRequest, type RequestRecord } from './dataAccessRequests.js';
import {
  getManagedRequirement,
  getRequirement,
  type RequirementRecord,
} from './requirementRecords.js';
import { findResearchProject } from './researchProjects.js';
import {
  dataAccessSubmissions,
  getSubmission,
  requireReviewer,
  statusOf,
  submissionsFor,
  type SubmissionRecord,
} from './submissionRecords.js';

/**
 * Submits the caller's request for review.
 *
 * @throws 404, 403 when it belongs to another user, 412 when the request was changed, 400 for
 * missing properties or while another submission is open
 * @see https://rest-docs.synapse.org/rest/POST/dataAccessRequest/requestId/submission.html
 */
export function submitRequest(
  world: World,
  caller: Caller,
  requestId: string,
  body: M.CreateSubmissionRequest,
): M.DataAccessSubmissionStatus {
  const request = getOwnRequest(world, caller, requestId);
  if (body.requestEtag === undefined) {
    throw badRequest('The requestEtag is required.');
  }
  if (body.requestEtag !== request.etag) {
    throw preconditionFailed(
      'The request was updated since you last fetched it, retrieve it again and re-apply the update',
    );
  }
  if (body.subjectId === undefined || body.subjectType === undefined) {
    throw badRequest('The subjectId and the subjectType are required.');
  }
  const requirement = getManagedRequirement(world, request.accessRequirementId);
  checkSubmittable(world, caller, request, requirement);
  const now = world.timestamp();
  const { ducFileHandleId, irbFileHandleId, attachments, accessorChanges = [] } = request;
  const project = findResearchProject(world, requirement.id, caller.userId);
  const submission: SubmissionRecord = {
    id: String(world.store.sequence('dataAccessSubmissions')()),
    accessRequirementId: String(requirement.id),
    accessRequirementVersion: requirement.versionNumber,
    requestId: request.id,
    ducFileHandleId,
    irbFileHandleId,
    attachments,
    accessorChanges,
    researchProjectSnapshot: project,
    isRenewalSubmission: 'publication' in request || 'summaryOfUse' in request,
    ...('publication' in request && { publication: request.publication }),
    ...('summaryOfUse' in request && { summaryOfUse: request.summaryOfUse }),
    submittedOn: now,
    submittedBy: String(caller.userId),
    modifiedOn: now,
    modifiedBy: String(caller.userId),
    state: 'SUBMITTED',
    etag: world.uuid(),
    subjectId: body.subjectId,
    subjectType: body.subjectType,
  };
  dataAccessSubmissions(world).put(submission.id, submission);
  return statusOf(submission);
}

function checkSubmittable(
  world: World,
  caller: Caller,
  request: RequestRecord,
  requirement: RequirementRecord<M.ManagedACTAccessRequirement>,
): void {
  const { accessorChanges = [], attachments = [] } = request;
  const needed: readonly (readonly [boolean | undefined, boolean, string])[] = [
    [requirement.isDUCRequired, request.ducFileHandleId !== undefined, 'a Data Use Certification'],
    [requirement.isIRBApprovalRequired, request.irbFileHandleId !== undefined, 'an IRB approval'],
    [requirement.areOtherAttachmentsRequired, attachments.length > 0, 'an attachment'],
    [true, accessorChanges.length > 0, 'at least one accessor change'],
  ];
  for (const [isRequired, isThere, what] of needed) {
    if (isRequired === true && !isThere) {
      throw badRequest(`The access requirement requires ${what}.`);
    }
  }
  const own = accessorChanges.find(({ userId }) => userId === String(caller.userId));
  if (own === undefined || own.type === 'REVOKE_ACCESS') {
    throw badRequest('Submitter has to be an accessor.');
  }
  for (const { userId = '', type } of accessorChanges) {
    const hasAccess = validApproval(world, requirement.id, userId) !== undefined;
    if (type === 'GAIN_ACCESS' && hasAccess) {
      throw badRequest(`The user ${userId} already has access: the type must be RENEW_ACCESS.`);
    }
    if (type !== 'GAIN_ACCESS' && !hasAccess) {
      throw badRequest(`The user ${userId} does not have access: the type must be GAIN_ACCESS.`);
    }
    if (type !== 'REVOKE_ACCESS') {
      requireQualified(world, requirement, userId);
    }
  }
  const isWaiting = submissionsFor(world, requirement.id).some(
    ({ submittedBy, state }) => submittedBy === String(caller.userId) && state === 'SUBMITTED',
  );
  if (isWaiting) {
    throw badRequest(
      'A submission has been created. It has to be reviewed or cancelled before another submission can be created.',
    );
  }
}

/**
 * Cancels the caller's submission.
 *
 * @throws 404, 403 when it belongs to another user, 400 when it has been decided
 */
export function cancelSubmission(
  world: World,
  caller: Caller,
  id: string,
): M.DataAccessSubmissionStatus {
  const submission = getSubmission(world, id);
  if (submission.submittedBy !== String(caller.userId)) {
    throw forbidden('Can only cancel submission you submitted.');
  }
  return statusOf(decide(world, caller, submission, { newState: 'CANCELLED' }));
}

/**
 * Approves or rejects a submission; an approval grants and revokes access as requested.
 *
 * @throws 404, 403 for callers who are not reviewers, 400 for a state that cannot follow the
 * current one
 * @see https://rest-docs.synapse.org/rest/PUT/dataAccessSubmission/submissionId.html
 */
export function reviewSubmission(
  world: World,
  caller: Caller,
  id: string,
  request: M.SubmissionStateChangeRequest,
): SubmissionRecord {
  const submission = getSubmission(world, id);
  const requirement = getRequirement(world, submission.accessRequirementId);
  requireReviewer(world, caller, requirement);
  if (request.newState !== 'APPROVED' && request.newState !== 'REJECTED') {
    throw badRequest(`Do not support changing to state: ${request.newState ?? 'none'}`);
  }
  const decided = decide(world, caller, submission, request);
  if (decided.state === 'APPROVED') {
    grantAccess(world, caller, decided, requirement);
  }
  return decided;
}

function decide(
  world: World,
  caller: Caller,
  submission: SubmissionRecord,
  { newState, rejectedReason }: M.SubmissionStateChangeRequest,
): SubmissionRecord {
  if (submission.state !== 'SUBMITTED' || newState === undefined) {
    throw badRequest(`Cannot change state of a submission with ${submission.state} state.`);
  }
  const decided: SubmissionRecord = {
    ...submission,
    state: newState,
    ...(newState === 'REJECTED' && rejectedReason !== undefined && { rejectedReason }),
    modifiedOn: world.timestamp(),
    modifiedBy: String(caller.userId),
    etag: world.uuid(),
  };
  dataAccessSubmissions(world).put(decided.id, decided);
  return decided;
}

function grantAccess(
  world: World,
  caller: Caller,
  submission: SubmissionRecord,
  requirement: RequirementRecord,
): void {
  const period = ('expirationPeriod' in requirement && requirement.expirationPeriod) || 0;
  const expiredOn = period > 0 && new Date(world.now().getTime() + period).toISOString();
  for (const { userId = '', type } of submission.accessorChanges) {
    if (type === 'REVOKE_ACCESS') {
      revokeWhere(world, caller, requirement.id, ({ accessorId }) => accessorId === userId);
    } else {
      putApproval(world, {
        requirement,
        submitterId: submission.submittedBy,
        accessorId: userId,
        approvedBy: caller.userId,
        ...(expiredOn !== false && { expiredOn }),
      });
    }
  }
}

/** @throws 404, 403 for callers outside the ACT */
export function deleteSubmission(world: World, caller: Caller, id: string): void {
  requireAct(caller);
  dataAccessSubmissions(world).delete(getSubmission(world, id).id);
}
