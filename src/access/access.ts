import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import type { EntityRef } from '../values/ids.js';
import type { AccessExplanation } from './accessExplanation.js';
import type { AccessTarget } from './accessTarget.js';
import type { AccessInput } from './accessTypes.js';
import type { AclDeletion } from './aclDeletion.js';
import type { AclListing } from './aclListing.js';
import type { DeleteAclOptions } from './deleteAcl.js';
import type { AclOptions } from './getAcl.js';
import type { EntityPermissions, EvaluationPermissions } from './getPermissions.js';
import type { ListAclOptions } from './listAcl.js';
import type { Principal } from './principal.js';
import type { SetPermissionsOptions } from './setPermissions.js';
import type { WhyOptions } from './why.js';

/**
 * Permissions and access control lists: `syn.access`. Its methods take an entity; or an evaluation, a team, an organization of JSON
 * schemas or a group of forms, as `{ evaluation: '123' }`.
 */
export class Access {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Reads what the caller may do with an entity or an evaluation.
   *
   * @throws {@link NotFoundError} when it does not exist.
   * @throws {@link ArgumentError} for a team, an organization or a group of forms: Synapse does not tell.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/permissions.html
   */
  permissions(
    target: { evaluation: unknown } & AccessTarget,
    options?: CallOptions,
  ): Promise<EvaluationPermissions>;
  permissions(target: EntityRef, options?: CallOptions): Promise<EntityPermissions>;
  async permissions(
    target: AccessTarget,
    options: CallOptions = {},
  ): Promise<EntityPermissions | EvaluationPermissions> {
    const { getPermissions } = await import('./getPermissions.js');
    return getPermissions(this.#ctx, target, options);
  }

  /**
   * Reads what a user or a team may do. Access that comes through the user's teams, through being logged in and through being public
   * counts too.
   *
   * @returns Access types; an empty list when there is no access.
   * @throws {@link ArgumentError} when there is no such user or team; the message lists similar names.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/acl.html
   */
  async get(target: AccessTarget, options: AclOptions = {}): Promise<M.ACCESS_TYPE[]> {
    const { getAcl } = await import('./getAcl.js');
    return getAcl(this.#ctx, target, options);
  }

  /**
   * Grants a user, a team or everybody access; for an entity, to everything in it that has no list of its own. The other entries of
   * the list stay, also those that somebody else changes at the same time.
   *
   * @param principal - `'PUBLIC'`, `'AUTHENTICATED_USERS'`, or the name or id of a user or a team.
   * @param access - The access, such as `'edit'`, or options.
   * @returns The access control list after the change.
   * @throws {@link ArgumentError} when there is no such user or team (the message lists similar names), for an unknown access type, and
   * for more than `view` for `'PUBLIC'`.
   * @throws {@link AuthorizationError} when the caller may not change permissions. The message names those who may.
   * @throws {@link PreconditionFailedError} when others change the list again and again.
   * @see https://rest-docs.synapse.org/rest/PUT/entity/id/acl.html
   */
  async set(
    target: AccessTarget,
    principal: Principal,
    access: AccessInput | SetPermissionsOptions = {},
  ): Promise<M.AccessControlList> {
    const { setPermissions } = await import('./setPermissions.js');
    return setPermissions(this.#ctx, target, principal, access);
  }

  /**
   * Takes all access from a user, a team or everybody. Access that comes through a team, or through being logged in or public, stays.
   *
   * @returns The access control list after the change.
   * @throws As {@link Access.set} does.
   * @see https://rest-docs.synapse.org/rest/PUT/entity/id/acl.html
   */
  async remove(
    target: AccessTarget,
    principal: Principal,
    options: Omit<SetPermissionsOptions, 'accessType' | 'overwrite'> = {},
  ): Promise<M.AccessControlList> {
    const { setPermissions } = await import('./setPermissions.js');
    return setPermissions(this.#ctx, target, principal, { ...options, accessType: [] });
  }

  /**
   * Lists who has which access, with names; with `recursive`, to everything in a project or folder. One request for the entity, one for
   * each page of a folder, one for each entity in it that has a list of its own, and one for each hundred names.
   *
   * What the caller may not read is not listed.
   *
   * @returns The lists. `String(listing)` is a picture of the tree.
   * @throws {@link NotFoundError} when the target does not exist; {@link AuthorizationError} when the caller may not read it.
   * @throws {@link ArgumentError} for an unknown type of entities.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/acl.html
   */
  async list(target: AccessTarget, options: ListAclOptions = {}): Promise<AclListing> {
    const { listAcl } = await import('./listAcl.js');
    return listAcl(this.#ctx, target, options);
  }

  /**
   * Deletes own access control lists, so that entities inherit their permissions again: the list of an entity, and with
   * `includeContainerContent` and `recursive` those of what is in it. The list of a project stays.
   *
   * What the caller may not read is not found. With `includeContainerContent`, what fails is in the result, and the rest is done.
   *
   * @returns What was deleted, or with `dryRun` what would be. `String(deletion)` is a picture of the tree.
   * @throws {@link ArgumentError} for `recursive` without `includeContainerContent`, for an unknown type of entities, and for what is no
   * entity.
   * @throws {@link AuthorizationError} when the caller may not delete the only list. The message names those who may.
   * @see https://rest-docs.synapse.org/rest/DELETE/entity/id/acl.html
   */
  async delete(target: AccessTarget, options: DeleteAclOptions = {}): Promise<AclDeletion> {
    const { deleteAcl } = await import('./deleteAcl.js');
    return deleteAcl(this.#ctx, target, options);
  }

  /**
   * Explains why somebody may or may not do something: which entry of which list lets them in, as themselves, through a team or as
   * everybody; or what keeps them out, such as an access requirement that they have not met; and what to do next.
   *
   * @param principal - `'PUBLIC'`, `'AUTHENTICATED_USERS'`, or the name or id of a user or a team. Default: the caller.
   * @returns The reasons. `String(explanation)` is a text for people. What cannot be known is `undefined`: whether the
   * members of a team meet access requirements.
   * @throws {@link ArgumentError} when there is no such user or team (the message lists similar names), and for an unknown access type.
   * @see https://rest-docs.synapse.org/rest/POST/entity/id/bundle2.html
   */
  async why(
    target: AccessTarget,
    principal?: Principal,
    options: WhyOptions = {},
  ): Promise<AccessExplanation> {
    const { why } = await import('./why.js');
    return why(this.#ctx, target, principal, options);
  }
}
