import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { againAfterLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import type { EntityRef } from '../values/ids.js';
import { favoriteId } from './favoriteId.js';

/** Implements {@link Favorites.add}. */
export async function addFavorite(
  { services }: Context,
  entity: EntityRef,
  options: CallOptions = {},
): Promise<M.EntityHeader> {
  const id = favoriteId(entity);
  return againAfterLostAnswer(() => services.userProfile.addFavorite({ id }, options));
}
