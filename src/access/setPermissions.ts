import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { isLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import { callOptions } from '../options.js';
import { currentOf, type EntityRef } from '../values/ids.js';
import { readAccessTypes, type AccessInput } from './accessTypes.js';
import { benefactorOf } from './benefactorOf.js';
import { everyone, principalId, type Principal } from './principal.js';

/** How {@link Access.set} changes an access control list. */
export interface SetPermissionsOptions extends CallOptions {
  /**
   * The access to grant, such as `'edit'` or `['READ', 'DOWNLOAD']`; an empty list removes all access.
   * @default 'download'; for PUBLIC 'view', because Synapse gives no other access to everybody
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

/** Implements {@link Access.set}. */
export async function setPermissions(
  ctx: Context,
  entity: EntityRef,
  principal: Principal,
  options: SetPermissionsOptions = {},
): Promise<M.AccessControlList> {
  const { accessType, modifyBenefactor = false, overwrite = true } = options;
  const id = currentOf(entity, 'permissions are those of all versions');
  const call = callOptions(options);
  const given = accessType && readAccessTypes(accessType);
  const grantee = await principalId(ctx, principal, call);
  const types = given ?? readAccessTypes(grantee === everyone ? 'view' : 'download');
  const benefactor = await benefactorOf(ctx, id, call);
  const current = await ctx.services.entity.getEntityAcl({ id: benefactor }, call);
  const body = grant(current, grantee, types, overwrite);
  const inherits = benefactor !== id;
  if (!inherits || modifyBenefactor) {
    return ctx.services.entity.updateEntityAcl({ id: benefactor, body }, call);
  }
  if (options.warnIfInherits ?? true) {
    ctx.log(`${id} inherited its permissions from ${benefactor}. It now has its own permissions.`);
  }
  return createAcl(ctx, { id, body: { ...body, id } }, call);
}

/** Creates the own list of an entity. After a lost answer, the list that is there by then is written. */
async function createAcl(
  { services }: Context,
  { id, body }: { id: string; body: M.AccessControlList },
  call: CallOptions,
): Promise<M.AccessControlList> {
  try {
    return await services.entity.createEntityAcl({ id, body }, call);
  } catch (error) {
    if (!isLostAnswer(error)) throw error;
    // 404 for an entity that still inherits its permissions.
    const created = await services.entity.getEntityAcl({ id }, call).catch(() => undefined);
    if (created === undefined) throw error;
    return services.entity.updateEntityAcl({ id, body: { ...body, etag: created.etag } }, call);
  }
}

function grant(
  acl: M.AccessControlList,
  principalId: number,
  accessType: readonly M.ACCESS_TYPE[],
  overwrite: boolean,
): M.AccessControlList {
  const entries = acl.resourceAccess ?? [];
  const own = entries.find((entry) => entry.principalId === principalId);
  const before = overwrite ? [] : (own?.accessType ?? []);
  const types = [...new Set([...before, ...accessType])];
  const others = entries.filter((entry) => entry !== own);
  const resourceAccess =
    types.length === 0 ? others : [...others, { principalId, accessType: types }];
  return { ...acl, resourceAccess };
}
