import type { Readable } from 'node:stream';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { streamStored } from '../storages/downloadStored.js';
import type { DownloadStreamOptions } from '../transfer/downloadStream.js';
import { File } from './entityClasses.js';
import { readBundle, resolveTarget, type EntityTarget, type FindOptions } from './findTarget.js';
import { requireDownload } from './requireDownload.js';
import { entityOfBundle } from './storedState.js';

/** Options for streaming a file. */
export type DownloadEntityOptions = FindOptions & DownloadStreamOptions;

/**
 * Streams the content of a file, or a range of it, without keeping a copy.
 *
 * The stream fails at its end when the bytes do not match the MD5 in Synapse (`verify`).
 *
 * @throws {@link ArgumentError} when the target is not a file.
 * @throws {@link NotFoundError} when the entity does not exist.
 * @throws {@link UnmetAccessRestrictionError} when the content has access requirements that the caller does not meet.
 * @see https://rest-docs.synapse.org/rest/POST/fileHandle/batch.html
 */
export async function downloadEntity(
  ctx: Context,
  target: EntityTarget,
  options: DownloadEntityOptions = {},
): Promise<Readable> {
  const bundle = await readBundle(ctx, await resolveTarget(ctx, target, options), options);
  const file = entityOfBundle(bundle);
  if (!(file instanceof File)) {
    throw new ArgumentError(
      `${file.id} (${file.name}) is not a file: there is nothing to download.`,
    );
  }
  const handle = requireDownload(ctx, file, bundle.restrictionInformation);
  const { range, verify, signal, onProgress } = options;
  const association = {
    fileHandleId: file.dataFileHandleId ?? '',
    associateObjectId: file.id,
    associateObjectType: 'FileEntity',
  } as const;
  return streamStored(ctx, { handle, association }, { range, verify, signal, onProgress });
}
