import type * as M from '../../../generated/models.js';
import { entityHooks } from '../entities/entityHooks.js';
import { findEntityRecord, type EntityRecord } from '../entities/entityRecords.js';
import { trashId } from '../entities/entityIds.js';
import type { Caller } from '../kernel/caller.js';
import { forbidden, notFound, type ServiceError } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { decideAccess, type AccessDecision, type EntityAccessType } from './decideAccess.js';
import { benefactorAcl, grantedBy } from './entityAcls.js';

/** Further details of the check. */
export interface AccessOptions {
  /** The type of the entity to create, for `CREATE`. */
  readonly createType?: M.EntityType;
}

/**
 * Returns the entity if the caller has the permission.
 *
 * @param entityId `syn123`, as `parseEntityId` returns it
 * @throws 404 when it does not exist or is in the trash, 403 without the permission
 */
export function requireAccess(
  world: World,
  caller: Caller,
  entityId: string,
  accessType: EntityAccessType,
  options: AccessOptions = {},
): EntityRecord {
  const record = findEntityRecord(world, entityId);
  const decision = decide(world, caller, record, accessType, options);
  if (record !== undefined && decision.allowed) {
    return record;
  }
  throw accessError(decision, entityId, accessType);
}

/**
 * Whether the caller has a permission on an entity; false when the entity does not exist or is in
 * the trash.
 */
export function hasAccess(
  world: World,
  caller: Caller,
  entityId: string,
  accessType: EntityAccessType,
  options: AccessOptions = {},
): boolean {
  const record = findEntityRecord(world, entityId);
  return decide(world, caller, record, accessType, options).allowed;
}

/** The decision about an entity, with its reason. */
export function decide(
  world: World,
  caller: Caller,
  record: EntityRecord | undefined,
  accessType: EntityAccessType,
  options: AccessOptions = {},
): AccessDecision {
  if (record === undefined) {
    return { allowed: false, because: 'notFound' };
  }
  const acl = benefactorAcl(world, record);
  return decideAccess({
    accessType,
    user: {
      id: caller.userId,
      isAdmin: caller.isAdmin,
      isAnonymous: caller.isAnonymous,
      isCertified: caller.isCertified,
    },
    entity: {
      exists: true,
      inTrash: acl.id === trashId,
      type: record.type,
      createdBy: record.createdBy,
      isOpenData: record.dataType?.dataType === 'OPEN_DATA',
    },
    ...options,
    granted: grantedBy(acl, caller.groups),
    hasUnmetRequirement: () =>
      entityHooks(world).restrictions(record, caller).hasUnmetAccessRequirement,
  });
}

/** The error for a refusal, with the message of the service. */
export function accessError(
  decision: AccessDecision,
  entityId: string,
  accessType: EntityAccessType,
): ServiceError {
  switch (decision.allowed ? 'lacksPermission' : decision.because) {
    case 'notFound':
      return notFound(`Resource: '${entityId}' does not exist`);
    case 'inTrash':
      return notFound(`Entity ${entityId} is in trash can.`);
    case 'anonymous':
      return forbidden('Anonymous users have only READ access permission.');
    case 'notCertified':
      return forbidden('Only certified users may create or update content in Synapse.');
    case 'unmetRequirement':
      return forbidden(
        'There are unmet access requirements that must be met to read content in the requested container.',
      );
    case 'lacksPermission':
      return forbidden(`You lack ${accessType} access to the requested entity.`);
  }
}
