import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Listing } from '../api/listing.js';
import type { Context } from '../context.js';

/** The order of {@link Favorites.list}. */
export interface FavoritesOptions extends CallOptions {
  /** By the time of `add`, or by the name of the entity. @default 'FAVORITED_ON' */
  sort?: M.FavoriteSortBy;
  /** @default 'DESC' */
  sortDirection?: M.FavoriteSortDirection;
}

/** The largest page that the service sends. */
const limit = 200;

/** Implements {@link Favorites.list}. */
export function listFavorites(
  ctx: Context,
  { sort, sortDirection, ...options }: FavoritesOptions = {},
): Listing<M.EntityHeader> {
  return ctx.http.paginate('userProfile.listFavorites', { sort, sortDirection, limit }, options);
}
