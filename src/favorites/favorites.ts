import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { lazyListing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import type { EntityRef } from '../values/ids.js';
import type { FavoritesOptions } from './listFavorites.js';

/** The favorites of the caller: `syn.favorites`. */
export class Favorites {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Marks an entity as a favorite. It is no error if it is one already.
   *
   * @throws {@link NotFoundError} when the entity does not exist.
   * @throws {@link AuthorizationError} when the caller may not read the entity, or is not logged in.
   * @see https://rest-docs.synapse.org/rest/POST/favorite/id.html
   */
  async add(entity: EntityRef, options: CallOptions = {}): Promise<M.EntityHeader> {
    const { addFavorite } = await import('./addFavorite.js');
    return addFavorite(this.#ctx, entity, options);
  }

  /**
   * Removes an entity from the favorites. It is no error if it is none.
   *
   * @see https://rest-docs.synapse.org/rest/DELETE/favorite/id.html
   */
  async remove(entity: EntityRef, options: CallOptions = {}): Promise<void> {
    const { removeFavorite } = await import('./removeFavorite.js');
    return removeFavorite(this.#ctx, entity, options);
  }

  /**
   * Lists the favorites, the latest ones first.
   *
   * @see https://rest-docs.synapse.org/rest/GET/favorite.html
   *
   * @example
   * for await (const { id, name } of syn.favorites.list({ sort: 'NAME', sortDirection: 'ASC' })) console.log(id, name);
   */
  list(options: FavoritesOptions = {}): Listing<M.EntityHeader> {
    return lazyListing(async () => {
      const { listFavorites } = await import('./listFavorites.js');
      return listFavorites(this.#ctx, options);
    });
  }
}
