import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, conflict, forbidden, notFound } from '../kernel/serviceError.js';
import { grantObject, hasObjectAccess, type AclOwner } from '../permissions/objectAcls.js';
import { requireAdmin } from '../permissions/requireLogin.js';
import type { Collection } from '../state/store.js';
import type { World } from '../world.js';

/** A portal: a web site that displays Synapse content. */
export type PortalRecord = Required<M.Portal>;

const ownerAccess: readonly M.ACCESS_TYPE[] = [
  'READ',
  'CREATE',
  'UPDATE',
  'DELETE',
  'CHANGE_PERMISSIONS',
];

/** All portals by id. */
export function portals(world: World): Collection<PortalRecord> {
  return world.store.collection<PortalRecord>('portals');
}

/** @throws 404 */
export function getPortal(world: World, id: string): PortalRecord {
  const portal = portals(world).get(id);
  if (portal === undefined) {
    throw notFound(`The portal ${id.slice(0, 100)} does not exist.`);
  }
  return portal;
}

/** The ACL owner of a portal. */
export function aclOwner({ id, createdBy }: PortalRecord): AclOwner {
  return { kind: 'portal', id, createdBy: Number(createdBy) };
}

/**
 * Creates a portal, or updates one if an id is given.
 *
 * @throws 403 unless the caller is an administrator, 400, 404, 409
 */
export function putPortal(
  world: World,
  caller: Caller,
  { name, url }: M.CreateOrUpdatePortalRequest,
  id?: string,
): PortalRecord {
  requireAdmin(caller);
  const current = id === undefined ? undefined : getPortal(world, id);
  if (name === undefined || name.trim() === '' || url === undefined || !URL.canParse(url)) {
    throw badRequest('The portal needs a name and an absolute url.');
  }
  const isTaken = [...portals(world).values()].some(
    (other) => other.id !== current?.id && other.name === name,
  );
  if (isTaken) {
    throw conflict(`A portal with the name ${name} exists already.`);
  }
  const now = world.timestamp();
  const user = String(caller.userId);
  const portal = {
    id: current?.id ?? String(world.store.sequence('portals')()),
    etag: world.uuid(),
    name,
    url,
    createdBy: current?.createdBy ?? user,
    createdOn: current?.createdOn ?? now,
    modifiedBy: user,
    modifiedOn: now,
  };
  portals(world).put(portal.id, portal);
  if (current === undefined) {
    grantObject(world, aclOwner(portal), ownerAccess);
  }
  return portal;
}

/** Whether the caller may create DOIs for the resources of a portal. */
export function canMintDoi(world: World, caller: Caller, portal: PortalRecord): boolean {
  return hasObjectAccess(world, caller, aclOwner(portal), 'CREATE');
}

/** @throws 400 without a portal, 404, 403 for callers who may not create DOIs for it */
export function requirePortalDoi(world: World, caller: Caller, portalId: string | undefined): void {
  if (portalId === undefined) {
    throw badRequest('The portalId is required for a portal resource.');
  }
  if (!canMintDoi(world, caller, getPortal(world, portalId))) {
    throw forbidden('You lack CREATE access to the requested portal.');
  }
}
