import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { currentOf, type EntityRef } from '../values/ids.js';
import { benefactorOf } from './benefactorOf.js';
import { effectivePrincipals, everyone, type Principal } from './principal.js';

/** Options of {@link Access.get}. */
export interface AclOptions extends CallOptions {
  /** A user, a team or a group of users. @default 'PUBLIC' */
  principal?: Principal;
}

/** Implements {@link Access.get}. */
export async function getAcl(
  ctx: Context,
  entity: EntityRef,
  { principal = everyone, ...options }: AclOptions = {},
): Promise<M.ACCESS_TYPE[]> {
  const id = currentOf(entity, 'permissions are those of all versions');
  const principals = await effectivePrincipals(ctx, principal, options);
  const benefactor = await benefactorOf(ctx, id, options);
  const acl = await ctx.services.entity.getEntityAcl({ id: benefactor }, options);
  const types = (acl.resourceAccess ?? [])
    .filter((entry) => entry.principalId !== undefined && principals.has(entry.principalId))
    .flatMap(({ accessType }) => accessType ?? []);
  return [...new Set(types)];
}
