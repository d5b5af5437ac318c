import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { copyToLocation } from '../transfer/copyToLocation.js';
import { File } from './entityClasses.js';
import { readBundle, resolveTarget, type EntityTarget, type FindOptions } from './findTarget.js';
import { requireDownload } from './requireDownload.js';
import { entityOfBundle } from './storedState.js';

/** Where to copy the content of a file to. */
export interface CopyToStorageOptions extends FindOptions {
  /** A location of yours, in the same region as the storage that the file is in. */
  storageLocationId: number | string;
  /** @default the name that the file has */
  fileName?: string;
}

/** The kinds of storage that copy among themselves. */
const copyable = new Set([
  'org.sagebionetworks.repo.model.file.S3FileHandle',
  'org.sagebionetworks.repo.model.file.GoogleCloudFileHandle',
]);

/**
 * Copies the content of a file to another storage location, from store to store: no byte of it comes here. The entity stays
 * as it is; storing it with the new file handle moves it.
 *
 * @returns The id of the new file handle, whose owner is the caller.
 * @throws {@link ArgumentError} when the target is not a file, or its content is in a storage that does not copy.
 * @throws {@link UploadError} when parts cannot be copied; copying the same again goes on from there.
 * @see https://rest-docs.synapse.org/rest/POST/file/multipart.html
 */
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
  const { contentSize: size, concreteType } = handle;
  if (size === undefined || !copyable.has(concreteType)) {
    throw new ArgumentError(
      `The content of ${file.id} (${file.name}) is in a storage that does not copy to others: download it, and store it again.`,
    );
  }
  const source = {
    fileHandleId: file.dataFileHandleId ?? '',
    associateObjectId: file.id,
    associateObjectType: 'FileEntity',
  } as const;
  return copyToLocation(ctx, {
    source,
    size,
    storageLocationId,
    fileName: fileName ?? handle.fileName,
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
}
