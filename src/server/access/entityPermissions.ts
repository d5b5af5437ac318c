import type * as M from '../../../generated/models.js';
import { rootId } from '../entities/entityIds.js';
import { getEntityRecord, type EntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { fixedPrincipals } from '../users/principals.js';
import type { World } from '../world.js';
import type { EntityAccessType } from './decideAccess.js';
import { benefactorAcl, grantedBy } from './entityAcls.js';
import { accessError, decide } from './requireAccess.js';

/**
 * The permissions of the caller on an entity.
 *
 * @throws 404 when it does not exist or is in the trash
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/permissions.html
 */
export function entityPermissions(
  world: World,
  caller: Caller,
  entityId: string,
): M.UserEntityPermissions {
  const record = getEntityRecord(world, entityId);
  const read = decide(world, caller, record, 'READ');
  if (!read.allowed && read.because === 'inTrash') {
    throw accessError(read, entityId, 'READ');
  }
  const acl = benefactorAcl(world, record);
  const granted = grantedBy(acl, caller.groups);
  const can = (type: EntityAccessType) => decide(world, caller, record, type).allowed;
  const canChangePermissions = can('CHANGE_PERMISSIONS');
  return {
    canView: read.allowed,
    canEdit: can('UPDATE'),
    canMove: canChangePermissions,
    canAddChild: can('CREATE'),
    canCertifiedUserEdit: granted.has('UPDATE'),
    canCertifiedUserAddChild: granted.has('CREATE'),
    isCertifiedUser: caller.isCertified,
    canChangePermissions,
    canChangeSettings: can('CHANGE_SETTINGS'),
    canDelete: can('DELETE'),
    canDownload: can('DOWNLOAD'),
    canUpload: true,
    canEnableInheritance: canEnableInheritance(record, canChangePermissions),
    ownerPrincipalId: record.createdBy,
    canPublicRead: grantedBy(acl, new Set([fixedPrincipals.public])).has('READ'),
    canModerate: can('MODERATE'),
    isCertificationRequired: true,
    isEntityOpenData: record.dataType?.dataType === 'OPEN_DATA',
    isDataContributor: granted.has('UPDATE') && granted.has('DELETE'),
  };
}

/** Projects cannot inherit permissions. */
function canEnableInheritance(record: EntityRecord, canChangePermissions: boolean): boolean {
  return canChangePermissions && record.parentId !== rootId && record.id !== rootId;
}
