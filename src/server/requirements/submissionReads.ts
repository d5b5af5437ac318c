import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { tokenPage } from '../kernel/paging.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import { requireAct, requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { validApproval } from './approvals.js';
import { reviewersOf } from './requirementSearch.js';
import {
  getManagedRequirement,
  getRequirement,
  requirements,
  requirementTypes,
} from './requirementRecords.js';
import {
  dataAccessSubmissions,
  getSubmission,
  requireReviewer,
  reviews,
  statusOf,
  submissionsFor,
  type SubmissionRecord,
} from './submissionRecords.js';

/** The status of the caller for a requirement. @throws 403 for anonymous callers, 404 */
export function requirementStatus(
  world: World,
  caller: Caller,
  id: string,
): M.AccessRequirementStatus {
  requireLogin(caller);
  const requirement = getRequirement(world, id);
  const approval = validApproval(world, requirement.id, caller.userId);
  const status = {
    accessRequirementId: String(requirement.id),
    isApproved: approval !== undefined,
    ...(approval?.expiredOn !== undefined && { expiredOn: approval.expiredOn }),
  };
  const base = 'org.sagebionetworks.repo.model.dataaccess';
  if (requirement.concreteType !== requirementTypes.managed) {
    return { ...status, concreteType: `${base}.BasicAccessRequirementStatus` };
  }
  const latest = submissionsFor(world, requirement.id)
    .filter(({ submittedBy, accessorChanges }) =>
      [submittedBy, ...accessorChanges.map(({ userId }) => userId)].includes(String(caller.userId)),
    )
    .at(-1);
  return {
    ...status,
    concreteType: `${base}.ManagedACTAccessRequirementStatus`,
    ...(latest && { currentSubmissionStatus: statusOf(latest) }),
  };
}

/** Returns a submission. @throws 404, 403 unless the caller is its submitter or a reviewer */
export function readSubmission(world: World, caller: Caller, id: string): SubmissionRecord {
  const submission = getSubmission(world, id);
  if (submission.submittedBy !== String(caller.userId) && !reviews(world, caller, submission)) {
    throw forbidden('You are not authorized to see this submission.');
  }
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

/** The submissions under a requirement. @throws 404, 400, 403 for callers who are not reviewers */
export function listSubmissions(
  world: World,
  caller: Caller,
  requirementId: string,
  request: M.SubmissionPageRequest,
): M.SubmissionPage {
  const requirement = getManagedRequirement(world, requirementId);
  requireReviewer(world, caller, requirement);
  const { filterBy, accessorId, orderBy, isAscending = true } = request;
  const found = submissionsFor(world, requirement.id)
    .filter(({ state }) => filterBy === undefined || state === filterBy)
    .filter((submission) => concerns(submission, accessorId));
  if (orderBy === 'MODIFIED_ON') {
    found.sort((a, b) => a.modifiedOn.localeCompare(b.modifiedOn));
  }
  if (!isAscending) {
    found.reverse();
  }
  const { page, ...next } = tokenPage(found, request.nextPageToken);
  return { results: page, ...next };
}

function concerns({ accessorChanges }: SubmissionRecord, accessorId: string | undefined): boolean {
  return accessorId === undefined || accessorChanges.some(({ userId }) => userId === accessorId);
}

/** The public research projects of approved submissions. @throws 404, 400 */
export function approvedInformation(
  world: World,
  requirementId: string,
  request: M.SubmissionInfoPageRequest,
): M.SubmissionInfoPage {
  const requirement = getManagedRequirement(world, requirementId);
  if (requirement.isIDUPublic !== true) {
    throw badRequest('Research project info may not be made public under the access requirement.');
  }
  const found = submissionsFor(world, requirement.id)
    .filter(({ state }) => state === 'APPROVED')
    .map(({ researchProjectSnapshot = {}, modifiedOn, submittedBy, accessorChanges }) => {
      const { institution, projectLead, intendedDataUseStatement } = researchProjectSnapshot;
      return {
        institution,
        projectLead,
        intendedDataUseStatement,
        modifiedOn,
        submittedBy,
        accessorChanges,
      };
    });
  const { page, ...next } = tokenPage(found, request.nextPageToken);
  return { results: page, ...next };
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
  const open = [...counts].map(([accessRequirementId, numberOfSubmittedSubmission]) => ({
    accessRequirementId,
    numberOfSubmittedSubmission,
  }));
  const { page, ...next } = tokenPage(open, nextPageToken);
  return { openSubmissionList: page, ...next };
}

/** Searches the submissions that the caller may review. @throws 403 for anonymous callers, 400 */
export function searchSubmissions(
  world: World,
  caller: Caller,
  request: M.SubmissionSearchRequest,
): M.SubmissionSearchResponse {
  requireLogin(caller);
  const { accessorId, accessRequirementId, submissionState, reviewerId, reviewerFilterType } =
    request;
  const fits = (submission: SubmissionRecord) => {
    const requirement = requirements(world).get(submission.accessRequirementId);
    const reviewers = requirement ? reviewersOf(world, requirement) : [];
    return (
      reviews(world, caller, submission) &&
      concerns(submission, accessorId) &&
      (accessRequirementId === undefined ||
        submission.accessRequirementId === accessRequirementId) &&
      (submissionState === undefined || submission.state === submissionState) &&
      (reviewerId === undefined || reviewers.includes(reviewerId)) &&
      (reviewerFilterType !== 'ACT_ONLY' || reviewers.length === 0) &&
      (reviewerFilterType !== 'DELEGATED_ONLY' || reviewers.length > 0)
    );
  };
  const found = [...dataAccessSubmissions(world).values()].filter(fits);
  const { page, ...next } = tokenPage(sorted(found, request.sort), request.nextPageToken);
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
  const { page, ...next } = tokenPage(sorted(found, request.sort), request.nextPageToken);
  return {
    results: page.map((submission) => {
      const approval = validApproval(world, Number(submission.accessRequirementId), user);
      return { ...summary(world, submission), ...(approval && { userAccessApproval: approval }) };
    }),
    ...next,
  };
}

function sorted(
  found: readonly SubmissionRecord[],
  [first]: readonly M.SubmissionSearchSort[] = [],
): SubmissionRecord[] {
  const key = ({ submittedOn, modifiedOn }: SubmissionRecord) =>
    first?.field === 'MODIFIED_ON' ? modifiedOn : submittedOn;
  const ascending = [...found].sort(
    (a, b) => key(a).localeCompare(key(b)) || Number(a.id) - Number(b.id),
  );
  return first?.direction === 'DESC' ? ascending.reverse() : ascending;
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
