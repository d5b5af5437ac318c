import type { Readable } from 'node:stream';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { streamStored } from '../storages/downloadStored.js';
import type { DownloadStreamOptions } from '../transfer/downloadStream.js';
import { File } from './entityClasses.js';
import { readBundle, resolveTarget, type EntityTarget, type FindOptions } from './findTarget.js';
import { requireDownload } from './requireDownload.js';
import { entityOfBundle } from './storedState.js';

/** What to stream of a file. */
export type DownloadEntityOptions = FindOptions & DownloadStreamOptions;

/**
 * Streams the content of a file, or a range of it, without keeping a copy.
 *
 * The stream fails at its very end when the bytes are not those that were stored (`verify`).
 *
 * @throws {@link ArgumentError} when the target is not a file.
 * @throws {@link NotFoundError} when there is no such entity.
 * @throws {@link UnmetAccessRestrictionError} when the content asks for conditions that are not met yet.
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
