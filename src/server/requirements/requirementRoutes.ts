import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityId } from '../entities/entityIds.js';
import type { Caller } from '../kernel/caller.js';
import { paginated, pageWindow, tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { badRequest } from '../kernel/serviceError.js';
import { pageLimits } from '../pageLimits.js';
import {
  createObjectAcl,
  readObjectAcl,
  removeObjectAcl,
  updateObjectAcl,
} from '../permissions/objectAcls.js';
import { requireAct } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import {
  aclOwner,
  entityRequirements,
  getRequirement,
  requirementsOn,
} from './requirementRecords.js';
import { searchRequirements } from './requirementSearch.js';
import {
  convertRequirement,
  createLock,
  createRequirement,
  deleteRequirement,
  updateRequirement,
} from './requirementWrites.js';

/** The permissions that the ACL of a requirement may grant. */
const grantable: ReadonlySet<M.ACCESS_TYPE> = new Set(['REVIEW_SUBMISSIONS', 'EXEMPTION_ELIGIBLE']);

/** Serves requirements and their ACLs. */
export function requirementRoutes(router: Router, world: World): void {
  router.post('/repo/v1/accessRequirement', ({ caller, body }) =>
    createRequirement(world, caller, body),
  );
  router.get('/repo/v1/accessRequirement/{requirementId}', ({ path }) =>
    getRequirement(world, path.requirementId),
  );
  router.put('/repo/v1/accessRequirement/{requirementId}', ({ caller, path, body }) =>
    updateRequirement(world, caller, path.requirementId, body),
  );
  router.delete('/repo/v1/accessRequirement/{requirementId}', ({ caller, path }) =>
    deleteRequirement(world, caller, path.requirementId),
  );
  router.put('/repo/v1/accessRequirement/conversion', ({ caller, body }) =>
    convertRequirement(world, caller, body),
  );
  router.post('/repo/v1/accessRequirement/search', ({ body }) => searchRequirements(world, body));
  router.get('/repo/v1/accessRequirement/{requirementId}/subjects', ({ path, query }) => {
    const { subjectIds } = getRequirement(world, path.requirementId);
    const { page, ...next } = tokenPage(subjectIds, query.nextPageToken);
    return { subjects: page, ...next };
  });
  router.post('/repo/v1/entity/{id}/lockAccessRequirement', ({ caller, path }) =>
    createLock(world, caller, parseEntityId(path.id)),
  );
  router.get('/repo/v1/entity/{id}/accessRequirement', ({ caller, path, query }) => {
    const record = requireAccess(world, caller, parseEntityId(path.id), 'READ');
    return paginated(entityRequirements(world, record), pageWindow(query, pageLimits.requirements));
  });
  router.get('/repo/v1/team/{id}/accessRequirement', ({ path, query }) =>
    paginated(
      requirementsOn(world, { type: 'TEAM', id: path.id }),
      pageWindow(query, pageLimits.requirements),
    ),
  );
  aclRoutes(router, world);
}

function aclRoutes(router: Router, world: World): void {
  const owner = (id: string) => aclOwner(getRequirement(world, id));
  router.get('/repo/v1/accessRequirement/{requirementId}/acl', ({ path }) =>
    readObjectAcl(world, owner(path.requirementId)),
  );
  router.post('/repo/v1/accessRequirement/{requirementId}/acl', ({ caller, path, body }) => {
    checkGrant(caller, body);
    return createObjectAcl(world, caller, owner(path.requirementId), body);
  });
  router.put('/repo/v1/accessRequirement/{requirementId}/acl', ({ caller, path, body }) => {
    checkGrant(caller, body);
    return updateObjectAcl(world, caller, owner(path.requirementId), body);
  });
  router.delete('/repo/v1/accessRequirement/{requirementId}/acl', ({ caller, path }) => {
    requireAct(caller);
    removeObjectAcl(world, owner(path.requirementId));
  });
}

function checkGrant(caller: Caller, { resourceAccess = [] }: M.AccessControlList): void {
  requireAct(caller);
  const granted = resourceAccess.flatMap(({ accessType }) => accessType ?? []);
  const refused = granted.find((type) => !grantable.has(type));
  if (refused !== undefined) {
    throw badRequest(
      `Only ${[...grantable].join(' and ')} can be granted on an access requirement, not ${refused}.`,
    );
  }
}
