import { parseEntityId } from '../entities/entityIds.js';
import { entityHeader } from '../entities/entityModels.js';
import { getEntityRecord } from '../entities/entityRecords.js';
import type { Router } from '../kernel/router.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { createAcl, readAcl, removeAcl, updateAcl } from './aclWrites.js';
import { isEntityAccessType } from './decideAccess.js';
import { downloadActions } from './downloadActions.js';
import { changeDataType } from './dataTypes.js';
import { aclModel, benefactorOf } from './entityAcls.js';
import { entityPermissions } from './entityPermissions.js';
import { hasAccess, requireAccess } from './requireAccess.js';

/** Serves ACLs, permissions, benefactors and data types. */
export function accessRoutes(router: Router, world: World): void {
  router.get('/repo/v1/entity/{id}/acl', ({ path, caller }) =>
    aclModel(readAcl(world, caller, parseEntityId(path.id))),
  );
  router.post('/repo/v1/entity/{id}/acl', ({ path, caller, body }) =>
    aclModel(createAcl(world, caller, parseEntityId(path.id), body)),
  );
  router.put('/repo/v1/entity/{id}/acl', ({ path, caller, body }) =>
    aclModel(updateAcl(world, caller, parseEntityId(path.id), body)),
  );
  router.delete('/repo/v1/entity/{id}/acl', ({ path, caller }) =>
    removeAcl(world, caller, parseEntityId(path.id)),
  );
  router.get('/repo/v1/entity/{id}/benefactor', ({ path, caller }) => {
    const record = requireAccess(world, caller, parseEntityId(path.id), 'READ');
    return entityHeader(world, getEntityRecord(world, benefactorOf(world, record)));
  });
  router.get('/repo/v1/entity/{id}/permissions', ({ path, caller }) =>
    entityPermissions(world, caller, parseEntityId(path.id)),
  );
  router.get('/repo/v1/entity/{id}/access', ({ path, query, caller }) => {
    if (!isEntityAccessType(query.accessType)) {
      throw badRequest(`Unknown access type: ${query.accessType}`);
    }
    const id = parseEntityId(path.id);
    getEntityRecord(world, id);
    return { result: hasAccess(world, caller, id, query.accessType) };
  });
  router.get('/repo/v1/entity/{id}/actions/download', ({ path, caller }) => ({
    actions: downloadActions(world, caller, parseEntityId(path.id)),
  }));
  router.put('/repo/v1/entity/{id}/datatype', ({ path, query, caller }) =>
    changeDataType(world, caller, parseEntityId(path.id), query.type),
  );
}
