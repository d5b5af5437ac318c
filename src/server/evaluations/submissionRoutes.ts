import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { notifyContributors } from './notifyContributors.js';
import { requestCancellation, updateStatus, updateStatusBatch } from './statusWrites.js';
import {
  allBundles,
  allStatuses,
  allSubmissions,
  countSubmissions,
  ownBundles,
  ownSubmissions,
  readStatus,
  readSubmission,
  submittedFileUrl,
} from './submissionReads.js';
import { getSubmission, statusModel, submissionModel } from './submissionRecords.js';
import { addContributor, createSubmission, deleteSubmission } from './submissionWrites.js';

/** Serves submissions and their statuses. */
export function submissionRoutes(router: Router, world: World): void {
  oneSubmissionRoutes(router, world);
  statusRoutes(router, world);
  const base = '/repo/v1/evaluation/{evalId}/submission';
  router.get(base, ({ path, query, caller }) => ownSubmissions(world, caller, path.evalId, query));
  router.get(`${base}/all`, ({ path, query, caller }) =>
    allSubmissions(world, caller, path.evalId, query),
  );
  router.get(`${base}/bundle`, ({ path, query, caller }) =>
    ownBundles(world, caller, path.evalId, query),
  );
  router.get(`${base}/bundle/all`, ({ path, query, caller }) =>
    allBundles(world, caller, path.evalId, query),
  );
  router.get(`${base}/status/all`, ({ path, query, caller }) =>
    allStatuses(world, caller, path.evalId, query),
  );
  router.get(`${base}/count`, ({ path, caller }) => countSubmissions(world, caller, path.evalId));
}

function oneSubmissionRoutes(router: Router, world: World): void {
  router.post('/repo/v1/evaluation/submission', async ({ query, caller, body }) => {
    const submission = world.store.transaction(() =>
      createSubmission(world, caller, body, {
        etag: query.etag,
        ...(query.submissionEligibilityHash !== undefined && {
          eligibilityHash: query.submissionEligibilityHash,
        }),
      }),
    );
    await notifyContributors(world, submission, {
      challenge: query.challengeEndpoint,
      unsubscribe: query.notificationUnsubscribeEndpoint,
    });
    return submissionModel(submission);
  });
  router.get('/repo/v1/evaluation/submission/{subId}', ({ path, caller }) =>
    submissionModel(readSubmission(world, caller, path.subId)),
  );
  router.delete('/repo/v1/evaluation/submission/{subId}', ({ path, caller }) =>
    deleteSubmission(world, caller, path.subId),
  );
  router.get('/repo/v1/evaluation/submission/{subId}/file/{fileHandleId}', ({ path, caller }) =>
    submittedFileUrl(world, caller, path.subId, path.fileHandleId),
  );
  router.post('/repo/v1/admin/evaluation/submission/{subId}/contributor', (call) =>
    addContributor(world, call.caller, call.path.subId, call.body),
  );
}

function statusRoutes(router: Router, world: World): void {
  router.get('/repo/v1/evaluation/submission/{subId}/status', ({ path, caller }) =>
    readStatus(world, caller, path.subId),
  );
  router.put('/repo/v1/evaluation/submission/{subId}/status', ({ path, caller, body }) => {
    const status = updateStatus(world, caller, path.subId, body);
    return statusModel(getSubmission(world, path.subId), status, true);
  });
  router.put('/repo/v1/evaluation/{evalId}/statusBatch', ({ path, caller, body }) =>
    updateStatusBatch(world, caller, path.evalId, body),
  );
  router.put('/repo/v1/evaluation/submission/{subId}/cancellation', ({ path, caller }) =>
    requestCancellation(world, caller, path.subId),
  );
}
