import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import { requireAct, requireLogin } from '../permissions/requireLogin.js';
import { getUser } from '../users/users.js';
import type { World } from '../world.js';
import { gainedThrough, putApproval, requireQualified, revokeWhere } from './approvals.js';
import { getRequest, renewRequest, type RequestRecord } from './dataAccessRequests.js';
import { getRequirement, requirementTypes, type RequirementRecord } from './requirementRecords.js';
import { getResearchProject } from './researchProjects.js';
import {
  dataAccessSubmissions,
  getSubmission,
  isSubmitted,
  requireReviewer,
  statusOf,
  type SubmissionRecord,
} from './submissionRecords.js';

/**
 * Submits a request for review.
 *
 * @throws 404, 400 for missing properties, for a request that was changed, and while another
 * submission is open; 403 for accessors who are not certified
 * @see https://rest-docs.synapse.org/rest/POST/dataAccessRequest/requestId/submission.html
 */
export function submitRequest(
  world: World,
  caller: Caller,
  requestId: string,
  { requestEtag, subjectId, subjectType }: M.CreateSubmissionRequest,
): M.DataAccessSubmissionStatus {
  requireLogin(caller);
  for (const [name, value] of Object.entries({ etag: requestEtag, subjectId, subjectType })) {
    if (value === undefined) {
      throw badRequest(`${name} is required.`);
    }
  }
  const request = getRequest(world, requestId);
  if (requestEtag !== request.etag) {
    throw badRequest('Etag does not match.');
  }
  const project = getResearchProject(world, request.researchProjectId);
  const requirement = checkRequirement(world, caller, request);
  checkAccessors(world, caller, request, requirement);
  const now = world.timestamp();
  const submission: SubmissionRecord = {
    id: String(world.store.sequence('dataAccessSubmissions')()),
    accessRequirementId: String(requirement.id),
    accessRequirementVersion: requirement.versionNumber,
    requestId: request.id,
    ...requiredFiles(request, requirement),
    accessorChanges: request.accessorChanges ?? [],
    researchProjectSnapshot: project,
    isRenewalSubmission: isRenewal(request),
    ...(isRenewal(request) && {
      publication: request.publication,
      summaryOfUse: request.summaryOfUse,
    }),
    submittedOn: now,
    submittedBy: String(caller.userId),
    modifiedOn: now,
    modifiedBy: String(caller.userId),
    state: 'SUBMITTED',
    etag: world.uuid(),
    subjectId,
    subjectType,
  };
  dataAccessSubmissions(world).put(submission.id, submission);
  return statusOf(submission);
}

type ManagedRequirement = RequirementRecord<M.ManagedACTAccessRequirement>;

function isRenewal(request: RequestRecord): request is RequestRecord & M.Renewal {
  return request.concreteType === 'org.sagebionetworks.repo.model.dataaccess.Renewal';
}

/** The requirement of a request that has the files that it needs. @throws 400 */
function checkRequirement(
  world: World,
  caller: Caller,
  request: RequestRecord,
): ManagedRequirement {
  const { accessRequirementId } = request;
  if (isSubmitted(world, { accessRequirementId, createdBy: String(caller.userId) })) {
    throw badRequest(
      'A submission has been created. It has to be reviewed or cancelled before another submission can be created.',
    );
  }
  const requirement = getRequirement(world, accessRequirementId);
  if (requirement.concreteType !== requirementTypes.managed) {
    throw badRequest('A Submission can only be created for an ManagedACTAccessRequirement.');
  }
  const needed: readonly (readonly [boolean | undefined, boolean, string])[] = [
    [
      requirement.isDUCRequired,
      request.ducFileHandleId !== undefined,
      'a Data Use Certification document',
    ],
    [
      requirement.isIRBApprovalRequired,
      request.irbFileHandleId !== undefined,
      'an Institutional Review Board approval document',
    ],
    [
      requirement.areOtherAttachmentsRequired,
      (request.attachments ?? []).length > 0,
      'the required attachment(s)',
    ],
  ];
  for (const [isRequired, isThere, what] of needed) {
    if (isRequired === true && !isThere) {
      throw badRequest(`You must provide ${what}.`);
    }
  }
  return requirement;
}

/** A submission has only the files that the requirement asks for. */
function requiredFiles(
  { ducFileHandleId, irbFileHandleId, attachments }: RequestRecord,
  requirement: ManagedRequirement,
): Pick<M.DataAccessSubmission, 'attachments' | 'ducFileHandleId' | 'irbFileHandleId'> {
  return {
    ...(requirement.isDUCRequired === true && { ducFileHandleId }),
    ...(requirement.isIRBApprovalRequired === true && { irbFileHandleId }),
    ...(requirement.areOtherAttachmentsRequired === true && { attachments }),
  };
}

function checkAccessors(
  world: World,
  caller: Caller,
  { accessorChanges = [] }: RequestRecord,
  requirement: ManagedRequirement,
): void {
  if (accessorChanges.length === 0) {
    throw badRequest('Must provide at least one accessor.');
  }
  const seen = new Set<string>();
  for (const { userId, type } of accessorChanges) {
    if (userId === undefined || type === undefined) {
      throw badRequest('Each accessor change needs a userId and a type.');
    }
    if (seen.has(userId)) {
      throw badRequest(`Accessor ${userId} is listed more than one.`);
    }
    if (getUser(world, userId) === undefined) {
      throw badRequest(`The user ${userId.slice(0, 100)} does not exist.`);
    }
    seen.add(userId);
  }
  const idsOf = (except: M.AccessType) =>
    accessorChanges.filter(({ type }) => type !== except).map(({ userId = '' }) => userId);
  const withAccess = idsOf('REVOKE_ACCESS');
  requireQualified(world, requirement, withAccess);
  if (!gainedThrough(world, requirement.id, caller.userId, idsOf('GAIN_ACCESS'))) {
    throw badRequest(
      "Cannot revoke / renew access for accessor who didn't gain access via your submission.",
    );
  }
  if (!withAccess.includes(String(caller.userId))) {
    throw badRequest('Submitter has to be an accessor.');
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
  requireState(submission, 'cancel');
  return statusOf(decide(world, caller, submission, { newState: 'CANCELLED' }));
}

const decisions: readonly (M.SubmissionState | undefined)[] = ['APPROVED', 'REJECTED'];

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
  { newState, rejectedReason }: M.SubmissionStateChangeRequest,
): SubmissionRecord {
  if (newState === undefined) {
    throw badRequest('newState is required.');
  }
  if (!decisions.includes(newState)) {
    throw badRequest(`Do not support changing to state: ${newState}`);
  }
  const submission = getSubmission(world, id);
  requireReviewer(world, caller, submission.accessRequirementId);
  requireState(submission, 'change state of');
  if (newState === 'APPROVED') {
    grantAccess(world, caller, submission);
    renewRequest(world, submission.requestId);
  }
  return decide(world, caller, submission, { newState, rejectedReason });
}

/** @throws 400 when a submission has been decided */
function requireState({ state }: SubmissionRecord, action: string): void {
  if (state !== 'SUBMITTED') {
    throw badRequest(`Cannot ${action} a submission with ${state} state.`);
  }
}

interface Decision {
  readonly newState: M.SubmissionState;
  /** As on the service, the reviewer's words are kept for an approval too. */
  readonly rejectedReason?: string;
}

function decide(
  world: World,
  caller: Caller,
  submission: SubmissionRecord,
  { newState, rejectedReason }: Decision,
): SubmissionRecord {
  const decided: SubmissionRecord = {
    ...submission,
    state: newState,
    ...(rejectedReason !== undefined && { rejectedReason }),
    modifiedOn: world.timestamp(),
    modifiedBy: String(caller.userId),
    etag: world.uuid(),
  };
  dataAccessSubmissions(world).put(decided.id, decided);
  return decided;
}

function grantAccess(world: World, caller: Caller, submission: SubmissionRecord): void {
  const { submittedBy, accessorChanges, accessRequirementVersion } = submission;
  const requirement = getRequirement(world, submission.accessRequirementId);
  const period = ('expirationPeriod' in requirement && requirement.expirationPeriod) || 0;
  const expiredOn = period > 0 && new Date(world.now().getTime() + period).toISOString();
  const revoked = accessorChanges
    .filter(({ type }) => type !== 'GAIN_ACCESS')
    .map(({ userId }) => userId);
  revokeWhere(
    world,
    caller,
    requirement.id,
    ({ accessorId, submitterId }) => submitterId === submittedBy && revoked.includes(accessorId),
  );
  for (const { userId = '', type } of accessorChanges) {
    if (type !== 'REVOKE_ACCESS') {
      putApproval(world, {
        requirementId: requirement.id,
        requirementVersion: accessRequirementVersion,
        submitterId: submittedBy,
        accessorId: userId,
        approvedBy: caller.userId,
        ...(expiredOn !== false && { expiredOn }),
      });
    }
  }
}

/** Deletes a submission, if it exists. @throws 403 for callers outside the ACT */
export function deleteSubmission(world: World, caller: Caller, id: string): void {
  requireAct(caller);
  dataAccessSubmissions(world).delete(id);
}
