import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import { fixedPrincipals } from '../users/principals.js';
import type { AclEntry } from './entityAcls.js';

/** The facts besides its rows that the rules for an ACL depend on. */
export interface AclContext {
  readonly caller: Caller;
  /** Whether there is a user, group or team with this id. */
  readonly principalExists: (id: number) => boolean;
  /** Creator of the entity, who may remove their own right to change the ACL. */
  readonly createdBy: number;
}

/**
 * Checks the rows of an ACL and returns them as they are stored.
 *
 * @throws 400 when a row is incomplete or not allowed, or when the caller would lose the right to
 * change the ACL; 403 when only certified users may do this
 */
export function checkAclContent(
  rows: readonly M.ResourceAccess[] | undefined,
  { caller, createdBy, principalExists }: AclContext,
): AclEntry[] {
  const checked = (rows ?? []).map((row) => checkRow(row, caller));
  const unknown = checked.find(({ principalId }) => !principalExists(principalId));
  if (unknown !== undefined) {
    throw badRequest(`A user, group or team with the id ${unknown.principalId} does not exist.`);
  }
  const keepsControl = checked.some(
    ({ principalId, accessType }) =>
      caller.groups.has(principalId) && accessType.includes('CHANGE_PERMISSIONS'),
  );
  if (!keepsControl && !caller.isAdmin && caller.userId !== createdBy) {
    throw badRequest('Caller is trying to revoke their own ACL editing permissions.');
  }
  return mergeRows(checked);
}

function checkRow({ principalId, accessType }: M.ResourceAccess, caller: Caller): AclEntry {
  if (principalId === undefined) {
    throw badRequest('Group ID is null');
  }
  if (accessType === undefined || accessType.length === 0) {
    throw badRequest('No access types specified.');
  }
  if (principalId === fixedPrincipals.anonymous) {
    throw badRequest(
      'Cannot assign permissions to anonymous. To share resources with anonymous users, use the ' +
        `PUBLIC group id (${fixedPrincipals.public})`,
    );
  }
  if (principalId === fixedPrincipals.public && accessType.some((type) => type !== 'READ')) {
    throw badRequest('Only READ permissions can be assigned to the public group');
  }
  if (
    principalId === fixedPrincipals.authenticatedUsers &&
    accessType.includes('DOWNLOAD') &&
    !caller.isCertified
  ) {
    throw forbidden('Only certified users can allow authenticated users to download.', {
      errorCode: 'USER_CERTIFICATION_REQUIRED',
    });
  }
  return { principalId, accessType };
}

/** Merges the rows of each principal into one, as the service does. */
function mergeRows(rows: readonly AclEntry[]): AclEntry[] {
  const merged = new Map<number, Set<M.ACCESS_TYPE>>();
  for (const { principalId, accessType } of rows) {
    const types = merged.get(principalId) ?? new Set();
    merged.set(principalId, types);
    for (const type of accessType) {
      types.add(type);
    }
  }
  return [...merged].map(([principalId, types]) => ({ principalId, accessType: [...types] }));
}
