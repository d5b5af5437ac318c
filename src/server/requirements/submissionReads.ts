import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { tokenPage } from '../kernel/paging.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import { findObjectAcl } from '../permissions/objectAcls.js';
import { isAct, requireAct, requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { validApproval, validApprovals } from './approvals.js';
import { reviewersOf } from './requirementSearch.js';
import { aclOwner, getRequirement, requirements, requirementTypes } from './requirementRecords.js';
import {
  dataAccessSubmissions,
  getSubmission,
  isNamedReviewer,
  requireReviewer,
  statusOf,
  submissionsFor,
  type SubmissionRecord,
} from './submissionRecords.js';
import { sortOrder } from './sortOrder.js';

const sortKeys: Readonly<Record<M.SubmissionSortField, (submission: SubmissionRecord) => string>> =
  {
    CREATED_ON: ({ submittedOn }) => submittedOn,
    MODIFIED_ON: ({ modifiedOn }) => modifiedOn,
  };

/** The status of the caller for a requirement. @throws 403 for anonymous callers, 404 */
export function requirementStatus(
  world: World,
  caller: Caller,
  id: string,
): M.AccessRequirementStatus {
  requireLogin(caller);
  const requirement = getRequirement(world, id);
  const valid = validApprovals(world, requirement.id, caller.userId);
  const expiredOn = valid
    .map((approval) => approval.expiredOn ?? '')
    .sort()
    .at(-1);
  const status = {
    accessRequirementId: String(requirement.id),
    isApproved: valid.length > 0,
    ...(expiredOn !== undefined && expiredOn !== '' && { expiredOn }),
  };
  const base = 'org.sagebionetworks.repo.model.dataaccess';
  if (requirement.concreteType !== requirementTypes.managed) {
    return { ...status, concreteType: `${base}.BasicAccessRequirementStatus` };
  }
  const latest = submissionsFor(world, requirement.id)
    .filter(({ submittedBy }) => submittedBy === String(caller.userId))
    .at(-1);
  return {
    ...status,
    concreteType: `${base}.ManagedACTAccessRequirementStatus`,
    ...(latest && { currentSubmissionStatus: statusOf(latest) }),
  };
}

/** Returns a submission. @throws 404, 403 for callers who are not reviewers */
export function readSubmission(world: World, caller: Caller, id: string): SubmissionRecord {
  const submission = getSubmission(world, id);
  requireReviewer(world, caller, submission.accessRequirementId);
  return submission;
}

/** The approval of a submission for the caller. @throws 404 */
export function submissionApproval(world: World, caller: Caller, id: string): M.AccessApproval {
  requireLogin(caller);
  const { accessRequirementId } = getSubmission(world, id);
  const approval = validApproval(world, Number(accessRequirementId), caller.userId);
  if (approval === undefined) {
    throw notFound(`The submission ${id} gave no access to the user ${caller.userId}.`);
  }
  return approval;
}

/** The submissions under a requirement. @throws 403 for callers outside the ACT, 400 */
export function listSubmissions(
  world: World,
  caller: Caller,
  requirementId: string,
  request: M.SubmissionPageRequest,
): M.SubmissionPage {
  requireAct(caller);
  const { filterBy, accessorId, orderBy, isAscending = true } = request;
  const found = submissionsFor(world, requirementId)
    .filter(({ state }) => filterBy === undefined || state === filterBy)
    .filter((submission) => concerns(submission, accessorId));
  if (orderBy !== undefined) {
    const direction = isAscending ? 'ASC' : 'DESC';
    found.sort(sortOrder([{ field: orderBy, direction }], sortKeys));
  }
  const { page, ...next } = tokenPage(found, request.nextPageToken);
  return { results: page, ...next };
}

function concerns({ accessorChanges }: SubmissionRecord, accessorId: string | undefined): boolean {
  return accessorId === undefined || accessorChanges.some(({ userId }) => userId === accessorId);
}

/**
 * The public research projects of approved submissions: the latest submission of each project,
 * newest first. The accessors are shown to the ACT only.
 *
 * @throws 404, 400
 */
export function approvedInformation(
  world: World,
  caller: Caller,
  requirementId: string,
  request: M.SubmissionInfoPageRequest,
): M.SubmissionInfoPage {
  const requirement = getRequirement(world, requirementId);
  const refused = 'Cannot list research projects for an access requirement';
  if (requirement.concreteType !== requirementTypes.managed) {
    throw badRequest(`${refused} which is not a Managed ACT Access Requirement`);
  }
  if (requirement.isIDUPublic !== true) {
    throw badRequest(`${refused} whose IDUs are not public.`);
  }
  const latest = new Map<string | undefined, SubmissionRecord>();
  const approved = submissionsFor(world, requirement.id)
    .filter(({ state }) => state === 'APPROVED')
    .sort(sortOrder([{ field: 'MODIFIED_ON' }], sortKeys));
  for (const submission of approved) {
    const project = submission.researchProjectSnapshot?.id;
    latest.delete(project);
    latest.set(project, submission);
  }
  const { page, ...next } = tokenPage([...latest.values()].reverse(), request.nextPageToken);
  return { results: page.map((submission) => publicInformation(caller, submission)), ...next };
}

function publicInformation(
  caller: Caller,
  { researchProjectSnapshot = {}, modifiedOn, submittedBy, accessorChanges }: SubmissionRecord,
): M.SubmissionInfo {
  const { institution, projectLead, intendedDataUseStatement } = researchProjectSnapshot;
  return {
    institution,
    projectLead,
    intendedDataUseStatement,
    modifiedOn,
    submittedBy,
    ...(isAct(caller) && { accessorChanges }),
  };
}

/** Number of open submissions under each requirement. @throws 403 for callers outside the ACT */
export function openSubmissions(
  world: World,
  caller: Caller,
  nextPageToken: string | undefined,
): M.OpenSubmissionPage {
  requireAct(caller);
  const counts = new Map<string, number>();
  for (const { state, accessRequirementId } of dataAccessSubmissions(world).values()) {
    if (state === 'SUBMITTED') {
      counts.set(accessRequirementId, (counts.get(accessRequirementId) ?? 0) + 1);
    }
  }
  const open = [...counts]
    .map(([accessRequirementId, numberOfSubmittedSubmission]) => ({
      accessRequirementId,
      numberOfSubmittedSubmission,
    }))
    .sort((a, b) => Number(a.accessRequirementId) - Number(b.accessRequirementId));
  const { page, ...next } = tokenPage(open, nextPageToken);
  return { openSubmissionList: page, ...next };
}

/**
 * Searches the submissions that the caller may review: all for the ACT, for others those under the
 * requirements that name them or a team of theirs as reviewers.
 *
 * @throws 403 for anonymous callers, 400
 */
export function searchSubmissions(
  world: World,
  caller: Caller,
  request: M.SubmissionSearchRequest,
): M.SubmissionSearchResponse {
  requireLogin(caller);
  const order = sortOrder(sortOf(request.sort), sortKeys);
  const { accessRequirementId, nextPageToken } = request;
  const candidates =
    accessRequirementId === undefined
      ? dataAccessSubmissions(world).values()
      : submissionsFor(world, accessRequirementId);
  const found = [...candidates]
    .filter((submission) => isSought(world, caller, submission, request))
    .sort(order);
  const { page, ...next } = tokenPage(found, nextPageToken);
  return {
    results: page.map((submission) => {
      const requirement = requirements(world).get(submission.accessRequirementId);
      return {
        ...summary(world, submission),
        accessRequirementReviewerIds: requirement ? reviewersOf(world, requirement) : [],
        accessorChanges: submission.accessorChanges,
      };
    }),
    ...next,
  };
}

function isSought(
  world: World,
  caller: Caller,
  submission: SubmissionRecord,
  request: M.SubmissionSearchRequest,
): boolean {
  const { accessorId, submissionState, reviewerId, reviewerFilterType = 'ALL' } = request;
  const requirement = requirements(world).get(submission.accessRequirementId);
  const isDelegated =
    requirement !== undefined && findObjectAcl(world, aclOwner(requirement)) !== undefined;
  const isVisible = isAct(caller)
    ? reviewerFilterType === 'ALL' || isDelegated === (reviewerFilterType === 'DELEGATED_ONLY')
    : reviewerFilterType !== 'ACT_ONLY' &&
      isNamedReviewer(world, caller, submission.accessRequirementId);
  return (
    isVisible &&
    concerns(submission, accessorId) &&
    (submissionState === undefined || submission.state === submissionState) &&
    (reviewerId === undefined ||
      (requirement !== undefined && reviewersOf(world, requirement).includes(reviewerId)))
  );
}

/**
 * Searches the caller's submissions and those that name the caller as accessor.
 *
 * @throws 403 anonymous, 400
 */
export function searchOwnSubmissions(
  world: World,
  caller: Caller,
  request: M.UserSubmissionSearchRequest,
): M.UserSubmissionSearchResponse {
  requireLogin(caller);
  const user = String(caller.userId);
  const found = [...dataAccessSubmissions(world).values()].filter(
    (submission) =>
      (submission.submittedBy === user || concerns(submission, user)) &&
      (request.accessRequirementId === undefined ||
        submission.accessRequirementId === request.accessRequirementId) &&
      (request.submissionState === undefined || submission.state === request.submissionState),
  );
  found.sort(sortOrder(sortOf(request.sort), sortKeys));
  const { page, ...next } = tokenPage(found, request.nextPageToken);
  return {
    results: page.map((submission) => {
      const approval = validApproval(world, Number(submission.accessRequirementId), user);
      return { ...summary(world, submission), ...(approval && { userAccessApproval: approval }) };
    }),
    ...next,
  };
}

/** A search without an order is in that of the submissions. */
function sortOf(sort: readonly M.SubmissionSearchSort[] = []): readonly M.SubmissionSearchSort[] {
  return sort.length === 0 ? [{ field: 'CREATED_ON' }] : sort;
}

function summary(world: World, submission: SubmissionRecord) {
  const name = requirements(world).get(submission.accessRequirementId)?.name;
  return {
    id: submission.id,
    createdOn: submission.submittedOn,
    modifiedOn: submission.modifiedOn,
    accessRequirementId: submission.accessRequirementId,
    accessRequirementVersion: String(submission.accessRequirementVersion),
    accessRequirementName: name,
    submitterId: submission.submittedBy,
    state: submission.state,
  };
}
