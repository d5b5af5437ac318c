import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { pageWindow } from '../kernel/paging.js';
import { reply } from '../kernel/reply.js';
import type { Router } from '../kernel/router.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import { isAct } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import {
  certify,
  decertify,
  isCertified,
  latestRecord,
  quizId,
  recordsOf,
  revokeCertification,
} from './certification.js';
import { getUser } from './users.js';

/** Serves certification, apart from the quiz itself. */
export function certificationRoutes(router: Router, world: World): void {
  router.get('/repo/v1/user/{id}/certifiedUserPassingRecord', ({ path }) => {
    const record = latestRecord(world, path.id);
    if (record === undefined) {
      throw notFound(`No quiz results for quiz ${quizId} and user ${path.id}`);
    }
    return record;
  });

  router.get('/repo/v1/user/{id}/certifiedUserPassingRecords', ({ path, query, caller }) => {
    if (caller.userId !== path.id && !caller.isAdmin) {
      throw forbidden('Only Synapse administrators may make this request.');
    }
    const { offset, limit } = pageWindow(query);
    const records = recordsOf(world, path.id);
    return {
      results: records.slice(offset, offset + limit),
      totalNumberOfResults: records.length,
    };
  });

  router.put('/repo/v1/admin/user/{id}/certificationStatus', ({ path, query, caller }) => {
    if (!caller.isAdmin) {
      throw forbidden('You are not a Synapse Administrator.');
    }
    if (getUser(world, path.id) === undefined) {
      throw notFound(`The user ${path.id} does not exist.`);
    }
    if (query.isCertified) {
      certify(world, path.id);
    } else {
      decertify(world, path.id);
    }
  });

  router.put(
    '/repo/v1/user/{id}/revokeCertification',
    ({ path, caller }) =>
      // Without a quiz, the service sends no body.
      revoked(world, caller, path.id) ?? reply({ body: undefined }),
  );
}

function revoked(world: World, caller: Caller, userId: number): M.PassingRecord | undefined {
  if (!isAct(caller)) {
    throw forbidden('Only an ACT member can perform this operation.');
  }
  if (!isCertified(world, userId)) {
    throw badRequest(`The user ${userId} is not certified yet.`);
  }
  return revokeCertification(world, userId);
}
