import type * as M from '../../../generated/models.js';
import { hasAccess, requireAccess } from '../access/requireAccess.js';
import { entityHooks } from '../entities/entityHooks.js';
import { entityHeader } from '../entities/entityModels.js';
import { findEntityRecord, type EntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';

/** An entity that a user marked as a favorite. */
interface FavoriteRecord {
  readonly userId: number;
  readonly entityId: string;
  readonly favoritedOn: string;
}

/** Order of a list of favorites. */
export interface FavoriteOrder {
  /** @default FAVORITED_ON */
  readonly sort?: M.FavoriteSortBy;
  /** @default DESC */
  readonly sortDirection?: M.FavoriteSortDirection;
}

function favorites(world: World): Collection<FavoriteRecord> {
  return world.store.collection<FavoriteRecord>('favorites');
}

function byUser(world: World): Index<FavoriteRecord> {
  return favorites(world).index('user', ({ userId }) => String(userId));
}

function byEntity(world: World): Index<FavoriteRecord> {
  return favorites(world).index('entity', ({ entityId }) => entityId);
}

function favoriteId({ userId, entityId }: Pick<FavoriteRecord, 'entityId' | 'userId'>): string {
  return `${userId}/${entityId}`;
}

/**
 * Adds an entity to the caller's favorites. Adding it again has no effect.
 *
 * @throws 403 for anonymous callers or without READ, 404
 * @see https://rest-docs.synapse.org/rest/POST/favorite/id.html
 */
export function addFavorite(world: World, caller: Caller, entityId: string): M.EntityHeader {
  requireLogin(caller);
  const entity = requireAccess(world, caller, entityId, 'READ');
  const favorite = { userId: caller.userId, entityId, favoritedOn: world.timestamp() };
  const id = favoriteId(favorite);
  if (!favorites(world).has(id)) {
    favorites(world).put(id, favorite);
  }
  return entityHeader(world, entity);
}

/**
 * Removes an entity from the caller's favorites, if it is one.
 *
 * @throws 403 for anonymous callers
 * @see https://rest-docs.synapse.org/rest/DELETE/favorite/id.html
 */
export function removeFavorite(world: World, caller: Caller, entityId: string): void {
  requireLogin(caller);
  favorites(world).delete(favoriteId({ userId: caller.userId, entityId }));
}

/**
 * The caller's favorites, except entities in the trash and those that the caller may no longer
 * read.
 *
 * @throws 403 for anonymous callers
 * @see https://rest-docs.synapse.org/rest/GET/favorite.html
 */
export function listFavorites(
  world: World,
  caller: Caller,
  { sort = 'FAVORITED_ON', sortDirection = 'DESC' }: FavoriteOrder,
): EntityRecord[] {
  requireLogin(caller);
  const found = byUser(world)
    .find(String(caller.userId))
    .flatMap((favorite) => {
      const entity = findEntityRecord(world, favorite.entityId);
      const isReadable = hasAccess(world, caller, favorite.entityId, 'READ');
      return entity !== undefined && isReadable ? [{ favorite, entity }] : [];
    });
  // Entities that were added in the same millisecond keep their order.
  found.sort((a, b) =>
    sort === 'NAME'
      ? a.entity.name.localeCompare(b.entity.name, 'en')
      : a.favorite.favoritedOn.localeCompare(b.favorite.favoritedOn),
  );
  if (sortDirection === 'DESC') {
    found.reverse();
  }
  return found.map(({ entity }) => entity);
}

/** Deletes the favorites that refer to purged entities. */
export function watchFavorites(world: World): void {
  entityHooks(world).onChange(({ kind, entity }) => {
    if (kind === 'purge') {
      for (const favorite of byEntity(world).find(entity.record.id)) {
        favorites(world).delete(favoriteId(favorite));
      }
    }
  });
}
