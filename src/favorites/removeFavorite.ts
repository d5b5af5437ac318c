import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import type { EntityRef } from '../values/ids.js';
import { favoriteId } from './favoriteId.js';

/** Implements {@link Favorites.remove}. */
export async function removeFavorite(
  { services }: Context,
  entity: EntityRef,
  options: CallOptions = {},
): Promise<void> {
  await services.userProfile.removeFavorite({ id: favoriteId(entity) }, options);
}
