import type * as M from '../../generated/models.js';
import type { CallOptions, Synapse } from '../index.js';
import { formatBytes } from '../values/formatBytes.js';

/** What a project has stored in one location. */
export type LocationUsage = M.ProjectStorageLocationUsage;

/**
 * What a project has stored, by the id of the location.
 *
 * @returns `undefined` when the caller may not read the project.
 */
export async function readUsage(
  syn: Synapse,
  projectId: string,
  options: CallOptions,
): Promise<ReadonlyMap<number | undefined, LocationUsage> | undefined> {
  const { AuthorizationError } = await import('../errors.js');
  try {
    const { locations = [] } = await syn.storageLocations.usage(projectId, options);
    return new Map(locations.map((usage) => [usage.storageLocationId, usage]));
  } catch (error) {
    if (error instanceof AuthorizationError) return undefined;
    throw error;
  }
}

/** The size of the files in a location. */
export function storedText(usage: LocationUsage | undefined): string {
  return usage?.sumFileBytes === undefined ? '' : formatBytes(usage.sumFileBytes);
}

/** The size that the files in a location may have, and whether they exceed it. */
export function limitText(usage: LocationUsage | undefined): string {
  if (usage?.maxAllowedFileBytes === undefined) return '';
  const limit = formatBytes(usage.maxAllowedFileBytes);
  return usage.isOverLimit ? `${limit} (exceeded)` : limit;
}
