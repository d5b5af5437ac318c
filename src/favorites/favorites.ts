import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { idOf, type EntityRef } from '../values/ids.js';

/** The favorites of the caller: `syn.favorites`. */
export class Favorites {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Marks an entity as a favorite.
   *
   * @throws {@link NotFoundError} when the entity does not exist.
   * @see https://rest-docs.synapse.org/rest/POST/favorite/id.html
   */
  async add(entity: EntityRef, options: CallOptions = {}): Promise<void> {
    await this.#ctx.services.userProfile.addFavorite({ id: idOf(entity) }, options);
  }
}
