import { tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import {
  readObjectAcl,
  removeObjectAcl,
  requireObjectAccess,
  updateObjectAcl,
} from '../permissions/objectAcls.js';
import { requireAdmin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { aclOwner, canMintDoi, getPortal, portals, putPortal } from './portalRecords.js';

/** Serves portals. */
export function portalRoutes(router: Router, world: World): void {
  router.post('/repo/v1/portal', ({ caller, body }) => putPortal(world, caller, body));
  router.get('/repo/v1/portal/{portalId}', ({ path }) => getPortal(world, path.portalId));
  router.put('/repo/v1/portal/{portalId}', ({ caller, path, body }) =>
    putPortal(world, caller, body, path.portalId),
  );
  router.delete('/repo/v1/portal/{portalId}', ({ caller, path }) => {
    requireAdmin(caller);
    const portal = getPortal(world, path.portalId);
    removeObjectAcl(world, aclOwner(portal));
    portals(world).delete(portal.id);
  });
  router.post('/repo/v1/portal/list', ({ body }) =>
    tokenPage([...portals(world).values()], body.nextPageToken),
  );
  router.get('/repo/v1/portal/{portalId}/acl', ({ path }) =>
    readObjectAcl(world, aclOwner(getPortal(world, path.portalId))),
  );
  router.put('/repo/v1/portal/{portalId}/acl', ({ caller, path, body }) => {
    const owner = aclOwner(getPortal(world, path.portalId));
    requireObjectAccess(world, caller, owner, 'CHANGE_PERMISSIONS');
    return updateObjectAcl(world, caller, owner, body);
  });
  router.get('/repo/v1/portal/{portalId}/permissions', ({ caller, path }) => ({
    canMintDoi: canMintDoi(world, caller, getPortal(world, path.portalId)),
  }));
}
