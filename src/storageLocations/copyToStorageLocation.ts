import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { storageOfHandle } from '../storages/storageOf.js';
import { File } from '../entities/entityClasses.js';
import {
  readBundle,
  resolveTarget,
  type EntityTarget,
  type FindOptions,
} from '../entities/findTarget.js';
import { requireDownload } from '../entities/requireDownload.js';
import { entityOfBundle } from '../entities/storedState.js';

/** Where {@link StorageLocations.copyFile} copies to. */
export interface CopyToStorageOptions extends FindOptions {
  /** A storage location that you own, in the same region as the current one. */
  storageLocationId: number | string;
  /** @default the current file name */
  fileName?: string;
}

/** Implements {@link StorageLocations.copyFile}. */
export async function copyToStorageLocation(
  ctx: Context,
  target: EntityTarget,
  options: CopyToStorageOptions,
): Promise<string> {
  const { storageLocationId, fileName, signal, onProgress } = options;
  const bundle = await readBundle(ctx, await resolveTarget(ctx, target, options), options);
  const file = entityOfBundle(bundle);
  if (!(file instanceof File)) {
    throw new ArgumentError(`${file.id} (${file.name}) is not a file: there is nothing to copy.`);
  }
  const handle = requireDownload(ctx, file, bundle.restrictionInformation);
  const { contentSize: size } = handle;
  const { copy } = storageOfHandle(handle);
  if (size === undefined || copy === undefined) {
    throw new ArgumentError(
      `The content of ${file.id} (${file.name}) is in a storage that does not copy to others: download it, and store it again.`,
    );
  }
  const source = {
    fileHandleId: file.dataFileHandleId ?? '',
    associateObjectId: file.id,
    associateObjectType: 'FileEntity',
  } as const;
  return copy(ctx, {
    source,
    size,
    storageLocationId,
    fileName: fileName ?? handle.fileName,
    signal,
    onProgress,
  });
}
