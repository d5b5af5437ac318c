import type * as M from '../../../generated/models.js';
import { parseEntityId } from '../entities/entityIds.js';
import { getEntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { paginated, pageWindow, tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import { pageLimits } from '../pageLimits.js';
import {
  createObjectAcl,
  readObjectAcl,
  removeObjectAcl,
  updateObjectAcl,
} from '../permissions/objectAcls.js';
import { isAct } from '../permissions/requireLogin.js';
import { fixedPrincipals } from '../users/principals.js';
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
  router.get('/repo/v1/entity/{id}/accessRequirement', ({ path, query }) => {
    const record = getEntityRecord(world, parseEntityId(path.id));
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
    checkRows(body);
    requireActTo(caller, 'assign an ACL to an access requirement');
    return createObjectAcl(world, caller, owner(path.requirementId), {
      ...body,
      id: path.requirementId,
    });
  });
  router.put('/repo/v1/accessRequirement/{requirementId}/acl', ({ caller, path, body }) => {
    checkRows(body);
    requireActTo(caller, 'update the ACL of an access requirement');
    return updateObjectAcl(world, caller, owner(path.requirementId), {
      ...body,
      id: path.requirementId,
    });
  });
  router.delete('/repo/v1/accessRequirement/{requirementId}/acl', ({ caller, path }) => {
    requireActTo(caller, 'delete the ACL of an access requirement');
    removeObjectAcl(world, owner(path.requirementId));
  });
}

function requireActTo(caller: Caller, what: string): void {
  if (!isAct(caller)) {
    throw forbidden(`Only an ACT member can ${what}.`);
  }
}

/** @throws 400 for an ACL of a requirement that is empty or names everybody */
function checkRows({ resourceAccess = [] }: M.AccessControlList): void {
  if (resourceAccess.length === 0) {
    throw badRequest('acl.resourceAccess is required and must not be empty.');
  }
  for (const { principalId } of resourceAccess) {
    if (principalId === undefined) {
      throw badRequest('acl.resourceAccess.principalId is required.');
    }
    if (principalId === fixedPrincipals.anonymous) {
      throw badRequest('Cannot assign permissions to the anonmous user.');
    }
    if (principalId === fixedPrincipals.public) {
      throw badRequest('Cannot assign permissions to the public group.');
    }
  }
}
