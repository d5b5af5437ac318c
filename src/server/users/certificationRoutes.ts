import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { pageWindow, paginated } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { forbidden, notFound } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { certify, passingRecords, revokeCertification } from './certification.js';
import { fixedPrincipals } from './principals.js';
import { getUser } from './users.js';

/** Serves certification, apart from the quiz itself. */
export function certificationRoutes(router: Router, world: World): void {
  router.get('/repo/v1/user/{id}/certifiedUserPassingRecord', ({ path }) =>
    passingRecord(world, path.id),
  );

  router.get('/repo/v1/user/{id}/certifiedUserPassingRecords', ({ path, query, caller }) => {
    requireAdmin(caller);
    const record = passingRecords(world).get(String(path.id));
    return paginated(record ? [record] : [], pageWindow(query));
  });

  router.put('/repo/v1/admin/user/{id}/certificationStatus', ({ path, query, caller }) => {
    requireAdmin(caller);
    requireUser(world, path.id);
    if (query.isCertified) {
      certify(world, path.id);
    } else {
      revokeCertification(world, path.id);
    }
  });

  router.put('/repo/v1/user/{id}/revokeCertification', ({ path, caller }) => {
    if (!caller.isAdmin && !caller.groups.has(fixedPrincipals.accessAndCompliance)) {
      throw forbidden('You must be a member of the Access and Compliance Team to do this.');
    }
    const revoked = revokeCertification(world, path.id);
    return revoked ?? passingRecord(world, path.id);
  });
}

function requireAdmin(caller: Caller): void {
  if (!caller.isAdmin) {
    throw forbidden('Only an administrator may do this.');
  }
}

function requireUser(world: World, id: number | string): void {
  if (getUser(world, id) === undefined) {
    throw notFound(`The user ${id} does not exist.`);
  }
}

function passingRecord(world: World, id: number | string): M.PassingRecord {
  const record = passingRecords(world).get(String(id));
  if (record === undefined) {
    throw notFound(`No quiz results for user with id ${id}`);
  }
  return record;
}
