import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { entityVersionOf } from '../values/ids.js';
import { callOptions } from '../options.js';
import type { EntityRef } from '../values/ids.js';

/** Everybody, logged in or not. */
const everybody = 273949;
/** Everybody who is logged in. */
const loggedIn = 273948;

/** A user or a team: its id, or its name. */
export type Principal = string | number;

/** What the caller may do with an entity. */
export interface EntityPermissions extends M.UserEntityPermissions {
  /** The same as access types. */
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

/**
 * What the caller may do with an entity.
 *
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/permissions.html
 */
export async function getPermissions(
  ctx: Context,
  entity: EntityRef,
  options: CallOptions = {},
): Promise<EntityPermissions> {
  const { id } = entityVersionOf(entity);
  const permissions = await ctx.services.entity.getEntityPermissions({ id }, options);
  const accessTypes = permissionTypes.filter(([can]) => permissions[can] === true);
  return { ...permissions, accessTypes: accessTypes.map(([, type]) => type) };
}

/** Whose access is asked for. */
export interface AclOptions extends CallOptions {
  /** A user or a team. @default everybody */
  principal?: Principal;
}

/**
 * What a user or a team may do with an entity: by itself, through the teams of the user, as somebody who is
 * logged in, and as everybody may.
 *
 * @returns Access types; none when there is no access.
 * @throws {@link ArgumentError} when there is no such user or team.
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/acl.html
 */
export async function getAcl(
  ctx: Context,
  entity: EntityRef,
  { principal = everybody, ...options }: AclOptions = {},
): Promise<M.ACCESS_TYPE[]> {
  const { id } = entityVersionOf(entity);
  const principals = await principalsOf(ctx, principal, options);
  const acl = await effectiveAcl(ctx, id, options);
  const types = (acl.resourceAccess ?? [])
    .filter(({ principalId }) => principalId !== undefined && principals.has(principalId))
    .flatMap(({ accessType }) => accessType ?? []);
  return [...new Set(types)];
}

/** How {@link setPermissions} writes. */
export interface SetPermissionsOptions extends CallOptions {
  /**
   * What is granted; an empty list takes all away.
   * @default ['READ', 'DOWNLOAD']
   */
  accessType?: readonly M.ACCESS_TYPE[];
  /**
   * Whether the container that the entity gets its permissions from is changed, rather than giving the
   * entity permissions of its own.
   * @default false
   */
  modifyBenefactor?: boolean;
  /** Whether it is said when the entity gets permissions of its own. @default true */
  warnIfInherits?: boolean;
  /** Whether what was granted before is taken away, rather than added to. @default true */
  overwrite?: boolean;
}

/**
 * Grants a user or a team access to an entity and to what is in it.
 *
 * @returns The access control list as it is now.
 * @throws {@link ArgumentError} when there is no such user or team.
 * @throws {@link AuthorizationError} when the caller may not change permissions.
 * @see https://rest-docs.synapse.org/rest/PUT/entity/id/acl.html
 */
export async function setPermissions(
  ctx: Context,
  entity: EntityRef,
  principal: Principal,
  options: SetPermissionsOptions = {},
): Promise<M.AccessControlList> {
  const { accessType = ['READ', 'DOWNLOAD'], modifyBenefactor = false, overwrite = true } = options;
  const { id } = entityVersionOf(entity);
  const call = callOptions(options);
  const principalId = await principalIdOf(ctx, principal, call);
  const benefactor = await benefactorOf(ctx, id, call);
  const current = await ctx.services.entity.getEntityAcl({ id: benefactor }, call);
  const body = grant(current, principalId, accessType, overwrite);
  const inherits = benefactor !== id;
  if (!inherits || modifyBenefactor) {
    return ctx.services.entity.updateEntityAcl({ id: benefactor, body }, call);
  }
  if (options.warnIfInherits ?? true) {
    ctx.log(`${id} had its permissions from ${benefactor}; it gets permissions of its own now.`);
  }
  return ctx.services.entity.createEntityAcl({ id, body: { ...body, id } }, call);
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

async function effectiveAcl(
  ctx: Context,
  id: string,
  options: CallOptions,
): Promise<M.AccessControlList> {
  return ctx.services.entity.getEntityAcl({ id: await benefactorOf(ctx, id, options) }, options);
}

async function benefactorOf(ctx: Context, id: string, options: CallOptions): Promise<string> {
  const { id: benefactor } = await ctx.services.entity.getEntityBenefactor({ id }, options);
  return benefactor;
}

/** The principal and all those whose access it has, too. */
async function principalsOf(
  ctx: Context,
  principal: Principal,
  options: CallOptions,
): Promise<Set<number>> {
  const id = await principalIdOf(ctx, principal, options);
  const found = new Set([id, everybody]);
  if (id === everybody) return found;
  const headers = await ctx.services.userProfile.listUserGroupHeadersByIds(
    { ids: String(id) },
    options,
  );
  const [header] = headers.children ?? [];
  if (header?.isIndividual !== true) return found;
  found.add(loggedIn);
  for await (const team of ctx.http.paginate('team.listUserTeamIds', { id: String(id) }, options)) {
    found.add(Number(team));
  }
  return found;
}

/** The id of a user or a team that is given by id or name. */
async function principalIdOf(
  ctx: Context,
  principal: Principal,
  options: CallOptions,
): Promise<number> {
  if (/^\d+$/.test(String(principal))) return Number(principal);
  const name = String(principal);
  const page = await ctx.services.userProfile.listUserGroupHeaders({ prefix: name }, options);
  const found = (page.children ?? []).find(({ userName }) => userName === name);
  if (found?.ownerId === undefined) {
    throw new ArgumentError(`There is no user and no team named ${JSON.stringify(name)}.`);
  }
  return Number(found.ownerId);
}
