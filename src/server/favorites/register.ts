import type { World } from '../world.js';
import { watchFavorites } from './favorites.js';

/** Registers the listener that deletes the favorites of purged entities. */
export function registerFavorites(world: World): void {
  watchFavorites(world);
}
