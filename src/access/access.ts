import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import type { EntityRef } from '../values/ids.js';
import { getAcl, type AclOptions } from './getAcl.js';
import { getPermissions, type EntityPermissions } from './getPermissions.js';
import type { Principal } from './principal.js';
import { setPermissions, type SetPermissionsOptions } from './setPermissions.js';

/** Permissions and access control lists: `syn.access`. */
export class Access {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Reads what the caller may do with an entity.
   *
   * @throws {@link NotFoundError} when the entity does not exist.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/permissions.html
   */
  permissions(entity: EntityRef, options: CallOptions = {}): Promise<EntityPermissions> {
    return getPermissions(this.#ctx, entity, options);
  }

  /**
   * Reads what a user or a team may do with an entity. Access that comes through the user's teams, through being logged in
   * and through being public counts too.
   *
   * @returns Access types; an empty list when there is no access.
   * @throws {@link ArgumentError} when there is no such user or team; the message lists similar names.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/acl.html
   */
  get(entity: EntityRef, options: AclOptions = {}): Promise<M.ACCESS_TYPE[]> {
    return getAcl(this.#ctx, entity, options);
  }

  /**
   * Grants a user, a team or everybody access to an entity and to everything in it.
   *
   * @param principal - `'PUBLIC'`, `'AUTHENTICATED_USERS'`, or the name or id of a user or a team.
   * @returns The access control list after the change.
   * @throws {@link ArgumentError} when there is no such user or team (the message lists similar names), and for an unknown access
   * type.
   * @throws {@link AuthorizationError} when the caller may not change permissions.
   * @see https://rest-docs.synapse.org/rest/PUT/entity/id/acl.html
   */
  set(
    entity: EntityRef,
    principal: Principal,
    options: SetPermissionsOptions = {},
  ): Promise<M.AccessControlList> {
    return setPermissions(this.#ctx, entity, principal, options);
  }
}
