import { pageWindow } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import {
  decideVerification,
  deleteVerification,
  requireActMember,
  stateOf,
  submitVerification,
  verificationModel,
  verifications,
} from './verificationRecords.js';

/** Serves profile validation. */
export function verificationRoutes(router: Router, world: World): void {
  router.post('/repo/v1/verificationSubmission', ({ caller, body }) =>
    verificationModel(submitVerification(world, caller, body)),
  );
  router.get('/repo/v1/verificationSubmission', ({ caller, query }) => {
    requireActMember(caller);
    const { offset, limit } = pageWindow(query);
    const { verifiedUserId, currentVerificationState } = query;
    const found = [...verifications(world).values()].filter(
      (record) =>
        (verifiedUserId === undefined || record.createdBy === String(verifiedUserId)) &&
        (currentVerificationState === undefined || stateOf(record) === currentVerificationState),
    );
    return {
      results: found.slice(offset, offset + limit).map(verificationModel),
      totalNumberOfResults: found.length,
    };
  });
  router.delete('/repo/v1/verificationSubmission/{id}', ({ caller, path }) =>
    deleteVerification(world, caller, String(path.id)),
  );
  router.post('/repo/v1/verificationSubmission/{id}/state', ({ caller, path, body }) =>
    decideVerification(world, caller, String(path.id), body),
  );
}
