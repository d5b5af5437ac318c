import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { AuthorizationError, NotFoundError } from '../errors.js';
import { callOptions } from '../options.js';
import { defaultLocationId, locationIdOf, type StorageLocationRef } from './locationIdOf.js';
import { toStorageLocation, type StorageLocation } from './storageLocation.js';

/** Implements {@link StorageLocations.get}. */
export async function getStorageLocation(
  ctx: Context,
  location: StorageLocationRef,
  options: CallOptions = {},
): Promise<StorageLocation> {
  const id = locationIdOf(location);
  try {
    const { projectSettings } = ctx.services;
    return toStorageLocation(
      await projectSettings.getStorageLocation({ id }, callOptions(options)),
    );
  } catch (error) {
    if (error instanceof NotFoundError) error.message += ` There is no storage location ${id}.`;
    if (error instanceof AuthorizationError) error.message += ` ${whoMayRead(id)}`;
    throw error;
  }
}

function whoMayRead(id: number): string {
  const reason =
    id === defaultLocationId
      ? `Storage location ${id} is the storage of Synapse itself, which no user has created.`
      : `Storage location ${id} was created by another user.`;
  return `${reason} syn.storageLocations.of(container) shows where the files of a project or folder go.`;
}
