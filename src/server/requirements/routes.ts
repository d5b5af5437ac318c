import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { approvalRoutes } from './approvalRoutes.js';
import { putRequest, requestForUpdate } from './dataAccessRequests.js';
import { requirementRoutes } from './requirementRoutes.js';
import { putResearchProject, researchProjectForUpdate } from './researchProjects.js';
import { restrictionInformation, restrictionInformationBatch } from './restrictions.js';
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
import {
  cancelSubmission,
  deleteSubmission,
  reviewSubmission,
  submitRequest,
} from './submissionWrites.js';

/** Serves access requirements, requests and submissions. */
export function accessRequirementRoutes(router: Router, world: World): void {
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
    approvedInformation(world, call.caller, call.path.requirementId, call.body),
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
