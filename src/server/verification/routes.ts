import { pageWindow } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { tellAct, tellSubmitter } from './tellOfVerification.js';
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
  router.post('/repo/v1/verificationSubmission', async ({ caller, body, query }) => {
    const record = submitVerification(world, caller, body);
    await tellAct(world, record, query.notificationUnsubscribeEndpoint);
    return verificationModel(record);
  });
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
  router.post(
    '/repo/v1/verificationSubmission/{id}/state',
    async ({ caller, path, body, query }) => {
      const record = decideVerification(world, caller, String(path.id), body);
      await tellSubmitter(world, record, query.notificationUnsubscribeEndpoint);
    },
  );
}
