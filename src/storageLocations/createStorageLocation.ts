import type { CallOptions } from '../../generated/services.js';
import { againAfterLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import { callOptions } from '../options.js';
import { locationRequest } from './locationRequest.js';
import {
  toStorageLocation,
  type StorageLocation,
  type StorageLocationInput,
} from './storageLocation.js';

/** Implements {@link StorageLocations.create}. */
export async function createStorageLocation(
  ctx: Context,
  input: StorageLocationInput,
  options: CallOptions = {},
): Promise<StorageLocation> {
  const body = locationRequest(input);
  const created = await againAfterLostAnswer(() =>
    ctx.services.projectSettings.createStorageLocation({ body }, callOptions(options)),
  );
  return toStorageLocation(created);
}
