import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { currentOf, type EntityRef } from '../values/ids.js';

/** What the caller may do with an entity. */
export interface EntityPermissions extends M.UserEntityPermissions {
  /** The permissions as a list of access types. */
  accessTypes: M.ACCESS_TYPE[];
}

const permissionTypes: readonly (readonly [keyof M.UserEntityPermissions, M.ACCESS_TYPE])[] = [
  ['canView', 'READ'],
  ['canEdit', 'UPDATE'],
  ['canAddChild', 'CREATE'],
  ['canDelete', 'DELETE'],
  ['canDownload', 'DOWNLOAD'],
  ['canModerate', 'MODERATE'],
  ['canChangePermissions', 'CHANGE_PERMISSIONS'],
  ['canChangeSettings', 'CHANGE_SETTINGS'],
];

/** Implements {@link Access.permissions}. */
export async function getPermissions(
  ctx: Context,
  entity: EntityRef,
  options: CallOptions = {},
): Promise<EntityPermissions> {
  const id = currentOf(entity, 'permissions are those of all versions');
  const permissions = await ctx.services.entity.getEntityPermissions({ id }, options);
  const accessTypes = permissionTypes.filter(([can]) => permissions[can] === true);
  return { ...permissions, accessTypes: accessTypes.map(([, type]) => type) };
}
