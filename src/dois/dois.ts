import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { idOf, type EntityRef } from '../values/ids.js';

/** Digital object identifiers: `syn.dois`. */
export class Dois {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Reads the DOI of an entity.
   *
   * @throws {@link NotFoundError} when the entity has none.
   * @see https://rest-docs.synapse.org/rest/GET/doi.html
   */
  get(entity: EntityRef, options: CallOptions = {}): Promise<M.Doi> {
    return this.#ctx.services.doi.getDoi({ id: idOf(entity), type: 'ENTITY' }, options);
  }
}
