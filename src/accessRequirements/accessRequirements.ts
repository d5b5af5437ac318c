import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import type { EntityRef } from '../values/ids.js';
import type { AcceptReport } from './acceptRequirements.js';
import {
  listRequirements,
  type ListRequirementsOptions,
  type RequirementState,
  type RequirementSubject,
} from './listRequirements.js';
import type { ApprovalOptions, RequirementApproval } from './readApprovals.js';
import { requirementId, type RequirementRef } from './requirementIds.js';
import { searchRequirements, type RequirementSearch } from './searchRequirements.js';
import type { UnmetOptions, UnmetRequirement } from './unmetRequirements.js';

/** Conditions that users meet before they get access: `syn.accessRequirements`. */
export class AccessRequirements {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Reads an access requirement, with its terms.
   *
   * @throws {@link NotFoundError} when no access requirement has the id.
   * @see https://rest-docs.synapse.org/rest/GET/accessRequirement/requirementId.html
   */
  async get(requirement: RequirementRef, options: CallOptions = {}): Promise<M.AccessRequirement> {
    const id = String(requirementId(requirement));
    const { accessRequirement } = this.#ctx.services;
    return accessRequirement.getAccessRequirement({ requirementId: id }, options);
  }

  /**
   * Lists the access requirements of an entity or of a team, with their pages on the website, and whether the caller meets them. Those
   * of the containers that an entity is in apply too. One request when there are none, else two.
   *
   * @throws {@link NotFoundError} when the entity does not exist.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/accessRequirement.html
   */
  list(
    subject: RequirementSubject,
    options: ListRequirementsOptions = {},
  ): Listing<RequirementState> {
    return listRequirements(this.#ctx, subject, options);
  }

  /**
   * Finds the access requirements that the caller does not meet: those of an entity, and with `recursive` of everything in it, each
   * once. One request for fifty entities, and one for each requirement.
   *
   * @returns The requirements by id, with the entities that they apply to, and what to do. Empty when everything can be downloaded.
   * @throws {@link NotFoundError} when the entity does not exist; {@link AuthorizationError} when the caller may not read it.
   * @see https://rest-docs.synapse.org/rest/POST/restrictionInformation/batch.html
   */
  async unmet(entity: EntityRef, options: UnmetOptions = {}): Promise<UnmetRequirement[]> {
    const { unmetRequirements } = await import('./unmetRequirements.js');
    return unmetRequirements(this.#ctx, entity, options);
  }

  /**
   * Accepts terms of use, or signs for the caller, as the button on the website does. Read them first. Nothing is accepted that is not
   * named.
   *
   * @param requirements - Ids. Requirements that people review cannot be accepted: the report says what to do.
   * @returns What was accepted. What was not is in the report too, and the rest is done.
   * @throws {@link ArgumentError} when no requirement is named, and for what is no id.
   * @see https://rest-docs.synapse.org/rest/POST/accessApproval.html
   */
  async accept(
    requirements: RequirementRef | readonly RequirementRef[],
    options: CallOptions = {},
  ): Promise<AcceptReport> {
    const { acceptRequirements } = await import('./acceptRequirements.js');
    return acceptRequirements(this.#ctx, requirements, options);
  }

  /**
   * Reads which access requirements the caller, or another user, has approvals for.
   *
   * @returns One item for each requirement; nobody is approved for one that does not exist.
   * @see https://rest-docs.synapse.org/rest/POST/accessApproval/information.html
   */
  async approvals(
    requirements: RequirementRef | readonly RequirementRef[],
    options: ApprovalOptions = {},
  ): Promise<RequirementApproval[]> {
    const { readApprovals } = await import('./readApprovals.js');
    return readApprovals(this.#ctx, requirements, options);
  }

  /**
   * Reads how far the caller is with an access requirement: whether it is approved and until when, and for one that is reviewed the state
   * of the request.
   *
   * @see https://rest-docs.synapse.org/rest/GET/accessRequirement/requirementId/status.html
   */
  async status(
    requirement: RequirementRef,
    options: CallOptions = {},
  ): Promise<M.AccessRequirementStatus> {
    const id = String(requirementId(requirement));
    return this.#ctx.services.dataAccess.getAccessRequirementStatus({ requirementId: id }, options);
  }

  /**
   * Searches all access requirements of Synapse.
   *
   * @see https://rest-docs.synapse.org/rest/POST/accessRequirement/search.html
   */
  search(search: RequirementSearch = {}): Listing<M.AccessRequirementSearchResult> {
    return searchRequirements(this.#ctx, search);
  }
}
