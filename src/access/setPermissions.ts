import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { isLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import { ArgumentError, AuthorizationError, PreconditionFailedError } from '../errors.js';
import { callOptions } from '../options.js';
import { targetId, targetText, type AccessTarget, type TargetId } from './accessTarget.js';
import { readAccessTypes, type AccessInput } from './accessTypes.js';
import { aclInEffect, readOwnAcl, writeAcl, type AclInEffect } from './aclInEffect.js';
import { inherits } from './getAcl.js';
import { PUBLIC, isPublic, principalId, type Principal } from './principal.js';
import { whoMayGrant } from './whoMayGrant.js';

/** How {@link Access.set} changes an access control list. */
export interface SetPermissionsOptions extends CallOptions {
  /**
   * The access to grant, such as `'edit'` or `['READ', 'DOWNLOAD']`; an empty list removes all access.
   * @default 'download'; 'view' for PUBLIC, because Synapse gives no other access to everybody, and for what is no entity
   */
  accessType?: AccessInput;
  /**
   * Whether to change the list of the container that the entity inherits from. Otherwise the entity gets its own
   * list.
   * @default false
   */
  modifyBenefactor?: boolean;
  /** Whether to log a message when the entity stops inheriting its permissions. @default true */
  warnIfInherits?: boolean;
  /** Whether to replace the existing access, rather than add to it. @default true */
  overwrite?: boolean;
}

/** A change of one entry. */
interface Change {
  principalId: number;
  accessType: readonly M.ACCESS_TYPE[];
  overwrite: boolean;
}

/** How often a list is read and changed again that others change at the same time. */
const attempts = 5;

/** Implements {@link Access.set}. */
export async function setPermissions(
  ctx: Context,
  target: AccessTarget,
  principal: Principal,
  access: AccessInput | SetPermissionsOptions = {},
): Promise<M.AccessControlList> {
  const options: SetPermissionsOptions =
    typeof access === 'string' || 'length' in access ? { accessType: access } : access;
  const { modifyBenefactor = false, overwrite = true } = options;
  const what = targetId(target);
  const call = callOptions(options);
  const given = options.accessType && readAccessTypes(options.accessType, what.kind);
  if (isPublic(principal) && what.kind !== 'team') requireViewOnly(what, given ?? []);
  const grantee = await principalId(ctx, principal, call);
  const usual = grantee === PUBLIC || what.kind !== 'entity' ? 'view' : 'download';
  const accessType = given ?? readAccessTypes(usual);
  const change = { principalId: grantee, accessType, overwrite };
  let found = await aclInEffect(ctx, what, call);
  const isOwn = found.holder.id === what.id;
  if (!isOwn && !modifyBenefactor) {
    // Nothing is removed: the entity goes on to inherit its permissions.
    if (accessType.length === 0 && changed(found.acl, change) === undefined) return found.acl;
    const created = await createAcl(ctx, what, { found, change, call });
    if (created !== undefined) {
      if (options.warnIfInherits ?? true) {
        const from = found.holder.id;
        ctx.log(
          `${what.id} inherited its permissions from ${from}. It now has its own permissions.`,
        );
      }
      return created;
    }
    found = { acl: await readOwnAcl(ctx, what, call), holder: what };
  }
  return updateAcl(ctx, found, { change, call });
}

/** @throws {@link ArgumentError} for access that Synapse does not give to everybody */
function requireViewOnly(target: TargetId, types: readonly M.ACCESS_TYPE[]): void {
  const refused = types.filter((type) => type !== 'READ');
  if (refused.length === 0) return;
  const logged =
    target.kind === 'entity'
      ? ' To let everybody download who is logged in, grant it to AUTHENTICATED_USERS.'
      : '';
  throw new ArgumentError(
    `Only READ permissions can be assigned to the public group, so PUBLIC cannot get ${refused.join(', ')} on ${targetText(target)}: use 'view'.${logged}`,
  );
}

interface Step {
  change: Change;
  call: CallOptions;
}

/** Writes a change into a list that exists. Others may change the list meanwhile: it is then read and changed again. */
async function updateAcl(
  ctx: Context,
  { acl, holder }: AclInEffect,
  { change, call }: Step,
): Promise<M.AccessControlList> {
  let current = acl;
  for (let attempt = 1; ; attempt += 1) {
    const body = changed(current, change);
    if (body === undefined) return current;
    try {
      return await writeAcl(ctx, holder, body, call);
    } catch (error) {
      if (!(error instanceof PreconditionFailedError) || attempt === attempts) {
        throw await whoMayGrant(ctx, error, { acl: current, holder }, call);
      }
    }
    current = await readOwnAcl(ctx, holder, call);
  }
}

/**
 * Creates the own list of an entity, as a changed copy of the list that it inherits.
 *
 * @returns `undefined` when it has a list by now: after a lost answer, or because somebody else has created it.
 */
async function createAcl(
  ctx: Context,
  { id }: TargetId,
  { found, change, call }: Step & { found: AclInEffect },
): Promise<M.AccessControlList | undefined> {
  const body = { ...(changed(found.acl, change) ?? found.acl), id };
  try {
    return await ctx.services.entity.createEntityAcl({ id, body }, call);
  } catch (error) {
    const mayExist =
      isLostAnswer(error) ||
      (error instanceof AuthorizationError && error.reason.includes('already has an ACL'));
    if (!mayExist) throw await whoMayGrant(ctx, error, found, call);
    if (!(await hasOwnAcl(ctx, id, call))) throw error;
    return undefined;
  }
}

async function hasOwnAcl(ctx: Context, id: string, call: CallOptions): Promise<boolean> {
  try {
    await readOwnAcl(ctx, { kind: 'entity', id }, call);
    return true;
  } catch (error) {
    if (inherits(error)) return false;
    throw error;
  }
}

/** A list with a change; `undefined` when it is so already. The other entries stay. */
function changed(
  acl: M.AccessControlList,
  { principalId, accessType, overwrite }: Change,
): M.AccessControlList | undefined {
  const entries = acl.resourceAccess ?? [];
  const own = entries.filter((entry) => entry.principalId === principalId);
  const before = new Set(own.flatMap((entry) => entry.accessType ?? []));
  const types = [...new Set([...(overwrite ? [] : before), ...accessType])];
  if (types.length === before.size && types.every((type) => before.has(type))) return undefined;
  const others = entries.filter((entry) => entry.principalId !== principalId);
  const resourceAccess =
    types.length === 0 ? others : [...others, { principalId, accessType: types }];
  return { ...acl, resourceAccess };
}
