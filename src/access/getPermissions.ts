import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { targetId, targetText, type AccessTarget } from './accessTarget.js';

/** What the caller may do with an entity. */
export interface EntityPermissions extends M.UserEntityPermissions {
  /** The permissions as a list of access types. */
  accessTypes: M.ACCESS_TYPE[];
}

/** What the caller may do with an evaluation. */
export interface EvaluationPermissions extends M.UserEvaluationPermissions {
  /** The permissions as a list of access types. */
  accessTypes: M.ACCESS_TYPE[];
}

type Table<P> = readonly (readonly [keyof P, M.ACCESS_TYPE])[];

const entityTypes: Table<M.UserEntityPermissions> = [
  ['canView', 'READ'],
  ['canEdit', 'UPDATE'],
  ['canAddChild', 'CREATE'],
  ['canDelete', 'DELETE'],
  ['canDownload', 'DOWNLOAD'],
  ['canModerate', 'MODERATE'],
  ['canChangePermissions', 'CHANGE_PERMISSIONS'],
  ['canChangeSettings', 'CHANGE_SETTINGS'],
];

const evaluationTypes: Table<M.UserEvaluationPermissions> = [
  ['canView', 'READ'],
  ['canEdit', 'UPDATE'],
  ['canDelete', 'DELETE'],
  ['canSubmit', 'SUBMIT'],
  ['canViewPrivateSubmissionStatusAnnotations', 'READ_PRIVATE_SUBMISSION'],
  ['canEditSubmissionStatuses', 'UPDATE_SUBMISSION'],
  ['canDeleteSubmissions', 'DELETE_SUBMISSION'],
  ['canChangePermissions', 'CHANGE_PERMISSIONS'],
];

/** Implements {@link Access.permissions}. */
export async function getPermissions(
  ctx: Context,
  target: AccessTarget,
  options: CallOptions = {},
): Promise<EntityPermissions | EvaluationPermissions> {
  const what = targetId(target);
  const { kind, id } = what;
  if (kind === 'entity') {
    return withTypes(await ctx.services.entity.getEntityPermissions({ id }, options), entityTypes);
  }
  if (kind === 'evaluation') {
    const { evaluation } = ctx.services;
    const found = await evaluation.getEvaluationPermissions({ evalId: id }, options);
    return withTypes(found, evaluationTypes);
  }
  throw new ArgumentError(
    `Synapse lists the caller's permissions for entities and evaluations only, not for ${targetText(what)}: read its list (access.list).`,
  );
}

function withTypes<P extends object>(
  permissions: P,
  table: Table<P>,
): P & { accessTypes: M.ACCESS_TYPE[] } {
  const accessTypes = table.filter(([can]) => permissions[can] === true).map(([, type]) => type);
  return { ...permissions, accessTypes };
}

/** Whether permissions include an access type; `undefined` when they do not tell. */
export function permissionOf(
  permissions: M.UserEntityPermissions | undefined,
  type: M.ACCESS_TYPE,
): boolean | undefined {
  const key = entityTypes.find(([, one]) => one === type)?.[0];
  const value = key === undefined ? undefined : permissions?.[key];
  return typeof value === 'boolean' ? value : undefined;
}
