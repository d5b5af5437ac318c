import { currentOf, type EntityRef } from '../values/ids.js';

/** The id of an entity that is, or becomes, a favorite. */
export function favoriteId(entity: EntityRef): string {
  return currentOf(entity, 'a favorite is an entity with all its versions');
}
