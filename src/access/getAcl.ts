import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { NotFoundError } from '../errors.js';
import { targetId, type AccessTarget, type TargetId } from './accessTarget.js';
import { aclInEffect, readOwnAcl } from './aclInEffect.js';
import { effectivePrincipals } from './effectivePrincipals.js';
import { PUBLIC, type Principal } from './principal.js';
import { namedPrincipal } from './principalNames.js';

/** Options of {@link Access.get}. */
export interface AclOptions extends CallOptions {
  /** A user, a team or a group of users. @default 'PUBLIC' */
  principal?: Principal;
  /**
   * Whether the list of the container counts that an entity inherits its permissions from. Otherwise an entity without its own list
   * gives no access.
   * @default true
   */
  checkBenefactor?: boolean;
}

/** Implements {@link Access.get}. */
export async function getAcl(
  ctx: Context,
  target: AccessTarget,
  { principal = PUBLIC, checkBenefactor = true, ...options }: AclOptions = {},
): Promise<M.ACCESS_TYPE[]> {
  const id = targetId(target);
  const named = await namedPrincipal(ctx, principal, options);
  const principals = await effectivePrincipals(ctx, named, options);
  const acl = checkBenefactor
    ? (await aclInEffect(ctx, id, options)).acl
    : await findOwnAcl(ctx, id, options);
  return grantedTypes(acl, principals);
}

/** The access types that a list gives to any of some principals. */
export function grantedTypes(
  acl: M.AccessControlList | undefined,
  principals: ReadonlySet<number>,
): M.ACCESS_TYPE[] {
  const types = (acl?.resourceAccess ?? [])
    .filter(({ principalId }) => principalId !== undefined && principals.has(principalId))
    .flatMap(({ accessType }) => accessType ?? []);
  return [...new Set(types)];
}

/** The target's own list; `undefined` for an entity that inherits its permissions. */
async function findOwnAcl(
  ctx: Context,
  target: TargetId,
  options: CallOptions,
): Promise<M.AccessControlList | undefined> {
  try {
    return await readOwnAcl(ctx, target, options);
  } catch (error) {
    if (inherits(error)) return undefined;
    throw error;
  }
}

/** Whether an entity has no list because it inherits its permissions. 404 also means that there is no such entity. */
export function inherits(error: unknown): boolean {
  return error instanceof NotFoundError && error.reason.includes('inherits its permissions from');
}
