import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { isList } from '../values/isList.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { callOptions } from '../options.js';
import { containerOf, type EntityRef } from '../values/ids.js';
import { defaultLocationId, locationIdOf, type StorageLocationRef } from './locationIdOf.js';
import { writeUploadSetting } from './uploadSetting.js';

/** The service allows no more for one project or folder. */
const maximumLocations = 10;

/** How {@link StorageLocations.use} sets locations. */
export interface UseLocationOptions extends CallOptions {
  /** Whether to add the locations after those that apply now, rather than to replace them. @default false */
  add?: boolean;
}

/** Implements {@link StorageLocations.use}. */
export async function useStorageLocation(
  ctx: Context,
  container: EntityRef,
  location: StorageLocationRef | readonly StorageLocationRef[] | null,
  options: UseLocationOptions = {},
): Promise<M.ProjectSetting> {
  const { add = false } = options;
  const id = containerOf(container);
  const given = readLocations(location);
  const call = callOptions(options);
  if (!add) return writeUploadSetting(ctx, id, () => given, call);
  const extended = async (current: M.ProjectSetting | undefined): Promise<number[]> => {
    const before = current?.locations ?? (await inheritedLocations(ctx, id, call));
    return limited([...new Set([...before, ...given])]);
  };
  return writeUploadSetting(ctx, id, extended, call);
}

/** The locations that apply to a container without a setting of its own. */
async function inheritedLocations(ctx: Context, id: string, call: CallOptions): Promise<number[]> {
  const { list } = await ctx.services.file.listUploadDestinationLocations({ id }, call);
  return list.map(({ storageLocationId }) => storageLocationId);
}

/**
 * Reads the ids of the locations to set.
 *
 * @throws {@link ArgumentError} for what is not a location, for none, for one twice, and for too many.
 */
export function readLocations(
  location: StorageLocationRef | readonly StorageLocationRef[] | null,
): number[] {
  const given = isList(location) ? location.map(locationIdOf) : [oneOf(location)];
  if (given.length === 0) {
    throw new ArgumentError(
      'The list of storage locations is empty. Pass null for the storage of Synapse; syn.storageLocations.reset(container) removes the setting.',
    );
  }
  const twice = given.find((id, index) => given.indexOf(id) !== index);
  if (twice !== undefined) {
    throw new ArgumentError(`Storage location ${twice} is given twice: give each one once.`);
  }
  return limited(given);
}

function oneOf(location: StorageLocationRef | null): number {
  return location === null ? defaultLocationId : locationIdOf(location);
}

function limited(locations: number[]): number[] {
  if (locations.length <= maximumLocations) return locations;
  throw new ArgumentError(
    `A project or folder can use ${maximumLocations} storage locations, not ${locations.length}.`,
  );
}
