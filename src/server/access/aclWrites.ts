import type * as M from '../../../generated/models.js';
import { rootId } from '../entities/entityIds.js';
import { getEntityRecord, type EntityRecord } from '../entities/entityRecords.js';
import { refuseBuiltIn, touchEntity } from '../entities/entityWrites.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound, preconditionFailed } from '../kernel/serviceError.js';
import { getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';
import { checkAclContent } from './aclContent.js';
import {
  benefactorAcl,
  benefactorOf,
  deleteAcl,
  findOwnAcl,
  isInTrash,
  putAcl,
  type AclRecord,
} from './entityAcls.js';
import { accessError, requireAccess } from './requireAccess.js';

/**
 * The ACL of an entity that has its own.
 *
 * @throws 404 when the entity inherits its permissions (clients match on the message), 403 without
 * READ
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/acl.html
 */
export function readAcl(world: World, caller: Caller, id: string): AclRecord {
  const record = requireAccess(world, caller, id, 'READ');
  const acl = benefactorAcl(world, record);
  if (acl.id !== id) {
    throw notFound(
      'The requested ACL does not exist. This entity inherits its permissions from: ' +
        `/repo/v1/entity/${acl.id}/acl`,
    );
  }
  return acl;
}

/**
 * Creates the ACL of an entity that inherits its permissions.
 *
 * @throws 403 when the entity already has one, or without CHANGE_PERMISSIONS on the benefactor; 400
 * for its content
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/acl.html
 */
export function createAcl(
  world: World,
  caller: Caller,
  id: string,
  body: M.AccessControlList,
): AclRecord {
  const record = requireChangeable(world, id);
  const benefactor = benefactorOf(world, record);
  if (benefactor === id) {
    throw forbidden('Resource already has an ACL.');
  }
  requireAccess(world, caller, benefactor, 'CHANGE_PERMISSIONS');
  return storeAcl(world, caller, record, body, world.timestamp());
}

/**
 * Replaces the ACL of an entity that has its own.
 *
 * @throws 403 when it inherits, or without CHANGE_PERMISSIONS; 412 for a stale etag; 400
 * @see https://rest-docs.synapse.org/rest/PUT/entity/id/acl.html
 */
export function updateAcl(
  world: World,
  caller: Caller,
  id: string,
  body: M.AccessControlList,
): AclRecord {
  const record = requireChangeable(world, id);
  const current = findOwnAcl(world, id);
  if (current === undefined) {
    throw forbidden('Cannot update ACL for a resource which inherits its permissions.');
  }
  requireAccess(world, caller, id, 'CHANGE_PERMISSIONS');
  if (body.etag === undefined) {
    throw badRequest('The etag of the ACL is required.');
  }
  if (body.etag !== current.etag) {
    throw preconditionFailed('E-tags do not match.');
  }
  return storeAcl(world, caller, record, body, current.creationDate);
}

/** Creates or replaces the ACL of an entity, without checking the etag. */
export function setAcl(
  world: World,
  caller: Caller,
  id: string,
  body: M.AccessControlList,
): AclRecord {
  const current = findOwnAcl(world, id);
  return current === undefined
    ? createAcl(world, caller, id, body)
    : updateAcl(world, caller, id, { ...body, etag: body.etag ?? current.etag });
}

/**
 * Deletes the ACL of an entity, which then inherits its permissions again.
 *
 * @throws 403 when it inherits already, for a project, and without CHANGE_PERMISSIONS
 * @see https://rest-docs.synapse.org/rest/DELETE/entity/id/acl.html
 */
export function removeAcl(world: World, caller: Caller, id: string): void {
  const record = requireChangeable(world, id);
  requireAccess(world, caller, id, 'CHANGE_PERMISSIONS');
  if (findOwnAcl(world, id) === undefined) {
    throw forbidden('Resource already inherits its permissions.');
  }
  if (record.parentId === rootId) {
    throw forbidden('Cannot restore inheritance for resource which has no parent.');
  }
  deleteAcl(world, id);
  touchEntity(world, caller, record);
}

/** @throws 404 for an entity that is missing or in the trash, 400 for the built-in folders */
function requireChangeable(world: World, id: string): EntityRecord {
  const record = getEntityRecord(world, id);
  refuseBuiltIn(id);
  if (isInTrash(world, record)) {
    throw accessError({ allowed: false, because: 'inTrash' }, id, 'CHANGE_PERMISSIONS');
  }
  return record;
}

function storeAcl(
  world: World,
  caller: Caller,
  record: EntityRecord,
  body: M.AccessControlList,
  creationDate: string,
): AclRecord {
  const acl: AclRecord = {
    id: record.id,
    etag: world.uuid(),
    creationDate,
    resourceAccess: checkAclContent(body.resourceAccess, {
      caller,
      createdBy: record.createdBy,
      principalExists: (id) => getPrincipal(world, id) !== undefined,
    }),
  };
  touchEntity(world, caller, record);
  putAcl(world, acl);
  return acl;
}
