import type { Router } from '../kernel/router.js';
import { defineTeamRequirements } from '../teams/teamHooks.js';
import type { World } from '../world.js';
import { approvalRoutes } from './approvalRoutes.js';
import { findRequest, putRequest, requestForUpdate } from './dataAccessRequests.js';
import { requirementRoutes } from './requirementRoutes.js';
import { requirements } from './requirementRecords.js';
import { putResearchProject, researchProjectForUpdate } from './researchProjects.js';
import {
  defineRestrictions,
  hasUnmetRequirement,
  restrictionInformation,
  restrictionInformationBatch,
} from './restrictions.js';
import {
  approvedInformation,
  listSubmissions,
  openSubmissions,
  readSubmission,
  requirementStatus,
  searchOwnSubmissions,
  searchSubmissions,
  submissionApproval,
} from './submissionReads.js';
import { dataAccessSubmissions, isReviewer, reviews } from './submissionRecords.js';
import {
  cancelSubmission,
  deleteSubmission,
  reviewSubmission,
  submitRequest,
} from './submissionWrites.js';

/** Serves access requirements, and how access is asked for and given. */
export function accessRequirementRoutes(router: Router, world: World): void {
  defineRestrictions(world);
  defineTeamRequirements(world, (teamId, userId) =>
    hasUnmetRequirement(world, userId, { type: 'TEAM', id: String(teamId) }),
  );
  defineAttachments(world);
  requirementRoutes(router, world);
  approvalRoutes(router, world);
  router.post('/repo/v1/restrictionInformation', ({ caller, body }) =>
    restrictionInformation(world, caller, body),
  );
  router.post('/repo/v1/restrictionInformation/batch', ({ caller, body }) =>
    restrictionInformationBatch(world, caller, body),
  );
  requestRoutes(router, world);
  submissionRoutes(router, world);
}

function requestRoutes(router: Router, world: World): void {
  router.get('/repo/v1/accessRequirement/{requirementId}/researchProjectForUpdate', (call) =>
    researchProjectForUpdate(world, call.caller, call.path.requirementId),
  );
  router.post('/repo/v1/researchProject', ({ caller, body }) =>
    putResearchProject(world, caller, body),
  );
  router.get('/repo/v1/accessRequirement/{requirementId}/dataAccessRequestForUpdate', (call) =>
    requestForUpdate(world, call.caller, call.path.requirementId),
  );
  router.post('/repo/v1/dataAccessRequest', ({ caller, body }) => putRequest(world, caller, body));
  router.post('/repo/v1/dataAccessRequest/{requestId}/submission', ({ caller, path, body }) =>
    submitRequest(world, caller, path.requestId, body),
  );
}

function submissionRoutes(router: Router, world: World): void {
  router.get('/repo/v1/accessRequirement/{requirementId}/status', ({ caller, path }) =>
    requirementStatus(world, caller, path.requirementId),
  );
  router.post('/repo/v1/accessRequirement/{requirementId}/submissions', ({ caller, path, body }) =>
    listSubmissions(world, caller, path.requirementId, body),
  );
  router.post('/repo/v1/accessRequirement/{requirementId}/approvedSubmissionInfo', (call) =>
    approvedInformation(world, call.path.requirementId, call.body),
  );
  const submission = '/repo/v1/dataAccessSubmission';
  router.get(`${submission}/openSubmissions`, ({ caller, query }) =>
    openSubmissions(world, caller, query.nextPageToken),
  );
  router.post(`${submission}/search`, ({ caller, body }) => searchSubmissions(world, caller, body));
  router.post(`${submission}/userRequests`, ({ caller, body }) =>
    searchOwnSubmissions(world, caller, body),
  );
  router.get(`${submission}/{submissionId}`, ({ caller, path }) =>
    readSubmission(world, caller, path.submissionId),
  );
  router.put(`${submission}/{submissionId}`, ({ caller, path, body }) =>
    reviewSubmission(world, caller, path.submissionId, body),
  );
  router.delete(`${submission}/{submissionId}`, ({ caller, path }) =>
    deleteSubmission(world, caller, path.submissionId),
  );
  router.put(`${submission}/{submissionId}/cancellation`, ({ caller, path }) =>
    cancelSubmission(world, caller, path.submissionId),
  );
  router.get(`${submission}/{submissionId}/userAccessApproval`, ({ caller, path }) =>
    submissionApproval(world, caller, path.submissionId),
  );
}

/** Files that belong to requirements, requests and submissions. */
function defineAttachments(world: World): void {
  const { files } = world;
  files.defineAssociation('AccessRequirementAttachment', (_caller, objectId, fileHandleId) => {
    const requirement = requirements(world).get(objectId);
    return (
      requirement !== undefined &&
      'ducTemplateFileHandleId' in requirement &&
      requirement.ducTemplateFileHandleId === fileHandleId
    );
  });
  files.defineAssociation('DataAccessRequestAttachment', (caller, objectId, fileHandleId) => {
    const request = findRequest(world, objectId);
    const requirement = requirements(world).get(request?.accessRequirementId ?? '');
    return (
      request !== undefined &&
      requirement !== undefined &&
      isReviewer(world, caller, requirement) &&
      filesOf(request).includes(fileHandleId)
    );
  });
  files.defineAssociation('DataAccessSubmissionAttachment', (caller, objectId, fileHandleId) => {
    const submission = dataAccessSubmissions(world).get(objectId);
    return (
      submission !== undefined &&
      reviews(world, caller, submission) &&
      filesOf(submission).includes(fileHandleId)
    );
  });
}

interface WithFiles {
  readonly attachments?: readonly string[];
  readonly ducFileHandleId?: string;
  readonly irbFileHandleId?: string;
}

function filesOf({ attachments = [], ducFileHandleId, irbFileHandleId }: WithFiles): string[] {
  return [...attachments, ducFileHandleId ?? '', irbFileHandleId ?? ''];
}
