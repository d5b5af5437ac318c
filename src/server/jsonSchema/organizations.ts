import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import {
  grantObject,
  readObjectAcl,
  removeObjectAcl,
  requireObjectAccess,
  updateObjectAcl,
  type AclOwner,
} from '../permissions/objectAcls.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';
import { checkOrganizationName } from './schemaIds.js';

/** An organization, which owns schemas. */
export interface OrganizationRecord {
  readonly id: string;
  readonly name: string;
  readonly createdOn: string;
  readonly createdBy: number;
}

const ownerAccess: readonly M.ACCESS_TYPE[] = [
  'READ',
  'CREATE',
  'UPDATE',
  'DELETE',
  'CHANGE_PERMISSIONS',
];

/** All organizations by id. */
export function organizations(world: World): Collection<OrganizationRecord> {
  return world.store.collection<OrganizationRecord>('schemaOrganizations');
}

/** Names are case-insensitive. */
function byName(world: World): Index<OrganizationRecord> {
  return organizations(world).index('name', ({ name }) => name.toLowerCase());
}

/** @throws 404 */
export function getOrganization(world: World, id: string): OrganizationRecord {
  const organization = organizations(world).get(id);
  if (organization === undefined) {
    throw notFound(`Organization with id: '${id}' not found`);
  }
  return organization;
}

/** The organization with this name. */
export function findOrganization(world: World, name: string): OrganizationRecord | undefined {
  return byName(world).first(name.trim().toLowerCase());
}

/** @throws 404 */
export function getOrganizationByName(world: World, name: string): OrganizationRecord {
  const organization = findOrganization(world, name);
  if (organization === undefined) {
    throw notFound(`Organization with name: '${name.slice(0, 300)}' not found`);
  }
  return organization;
}

/** The ACL owner of an organization. */
export function aclOwner({ id, createdBy }: OrganizationRecord): AclOwner {
  return { kind: 'organization', id, createdBy };
}

/**
 * Creates an organization.
 *
 * @throws 400 for a name that is not valid or is taken, 403 for anonymous callers
 * @see https://rest-docs.synapse.org/rest/POST/schema/organization.html
 */
export function createOrganization(
  world: World,
  caller: Caller,
  requestedName: string | undefined,
): OrganizationRecord {
  requireLogin(caller);
  const name = checkOrganizationName(requestedName);
  if (!caller.isAdmin && name.toLowerCase().includes('sagebionetwork')) {
    throw badRequest(
      `The name 'sagebionetworks' is reserved, and cannot be included in an Organization's name`,
    );
  }
  if (findOrganization(world, name) !== undefined) {
    throw badRequest(`An Organization with the name: '${name}' already exists`);
  }
  const organization = {
    id: String(world.store.sequence('schemaOrganizations')()),
    name,
    createdOn: world.timestamp(),
    createdBy: caller.userId,
  };
  organizations(world).put(organization.id, organization);
  grantObject(world, aclOwner(organization), ownerAccess);
  return organization;
}

/**
 * Deletes an organization that has no schemas.
 *
 * @throws 404, 403 without DELETE, 400 when it has schemas
 */
export function deleteOrganization(
  world: World,
  caller: Caller,
  id: string,
  hasSchemas: (organization: OrganizationRecord) => boolean,
): void {
  const organization = getOrganization(world, id);
  requireObjectAccess(world, caller, aclOwner(organization), 'DELETE');
  if (hasSchemas(organization)) {
    throw badRequest(
      'All schemas defined under an organization must be deleted before the organization can be deleted',
    );
  }
  removeObjectAcl(world, aclOwner(organization));
  organizations(world).delete(id);
}

/** @throws 404, 403 without READ */
export function readOrganizationAcl(world: World, caller: Caller, id: string): M.AccessControlList {
  const owner = aclOwner(getOrganization(world, id));
  requireObjectAccess(world, caller, owner, 'READ');
  return readObjectAcl(world, owner);
}

/** @throws 404, 403 without CHANGE_PERMISSIONS, 412, 400 */
export function updateOrganizationAcl(
  world: World,
  caller: Caller,
  id: string,
  body: M.AccessControlList,
): M.AccessControlList {
  const owner = aclOwner(getOrganization(world, id));
  requireObjectAccess(world, caller, owner, 'CHANGE_PERMISSIONS');
  return updateObjectAcl(world, caller, owner, body);
}

/** The organization as the API shows it. */
export function organizationModel(organization: OrganizationRecord): M.Organization {
  return { ...organization, createdBy: String(organization.createdBy) };
}
