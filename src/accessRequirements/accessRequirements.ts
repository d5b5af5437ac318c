import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';

/** Conditions that users meet before they get access: `syn.accessRequirements`. */
export class AccessRequirements {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Reads an access requirement.
   *
   * @throws {@link NotFoundError} when there is none with that id.
   * @see https://rest-docs.synapse.org/rest/GET/accessRequirement/requirementId.html
   */
  get(requirement: string | number, options: CallOptions = {}): Promise<M.AccessRequirement> {
    const requirementId = String(requirement);
    return this.#ctx.services.accessRequirement.getAccessRequirement({ requirementId }, options);
  }
}
