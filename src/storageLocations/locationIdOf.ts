import { ArgumentError } from '../errors.js';
import { quoted } from '../values/quoted.js';

/** A storage location: its id, or an object with a `storageLocationId`, such as a location, a file handle or an upload destination. */
export type StorageLocationRef = number | string | { storageLocationId?: number | undefined };

/** The storage location of Synapse itself, which applies where nothing else is set. */
export const defaultLocationId = 1;

/**
 * The id of a storage location.
 *
 * @throws {@link ArgumentError} for what is not an id.
 */
export function locationIdOf(location: StorageLocationRef): number {
  // Also for callers without types, who pass null.
  const given: unknown =
    typeof location === 'object' ? Reflect.get(Object(location), 'storageLocationId') : location;
  const text = String(given).trim();
  const id = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(id) && id > 0) return id;
  throw new ArgumentError(
    `${quoted(given)} is not the id of a storage location: expected a number, as syn.storageLocations.create returns it.`,
  );
}
