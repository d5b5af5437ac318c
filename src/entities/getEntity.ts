import type { Context } from '../context.js';
import type { Collision } from '../transfer/collision.js';
import { File, type Entity, type Stored } from './entityClasses.js';
import { fetchFile, type BulkDownload } from './fetchFile.js';
import { readBundle, resolveTarget, type EntityTarget, type FindOptions } from './findTarget.js';
import { requireDownload } from './requireDownload.js';
import { entityOfBundle, recordCopy, rememberLocal } from './storedState.js';

/** Options for getting an entity. */
export interface GetOptions extends FindOptions {
  /** @default true */
  downloadFile?: boolean;
  /** The folder for the file. `~` and `$NAME` are expanded. @default the cache */
  downloadLocation?: string;
  /**
   * What to do when `downloadLocation` has a different file of that name.
   * @default 'keep.both'
   */
  ifCollision?: Collision;
  /** Whether to compare the MD5 of the download with the one in Synapse. @default true */
  verify?: boolean;
}

/**
 * Reads an entity with its annotations and, for a file, downloads the content.
 *
 * @throws {@link ArgumentError} when the target is neither an id nor a local file.
 * @throws {@link NotFoundError} when the entity does not exist.
 * @throws {@link UnmetAccessRestrictionError} when the content has access requirements that the caller does not meet.
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/bundle2.html
 */
export async function getEntity(
  ctx: Context,
  target: EntityTarget,
  options: GetOptions & BulkDownload = {},
): Promise<Entity & Stored> {
  const found = await resolveTarget(ctx, target, options);
  const bundle = await readBundle(ctx, found, options);
  const entity = entityOfBundle(bundle);
  if (!(entity instanceof File)) return entity;
  if (found.path !== undefined) {
    await rememberLocal(entity, found.path);
    const { id, contentMd5 } = entity.fileHandle ?? {};
    if (id) await recordCopy(ctx, id, found.path, contentMd5?.toLowerCase());
  } else if (options.downloadFile !== false) {
    requireDownload(ctx, entity, bundle.restrictionInformation);
    const copy = await fetchFile(ctx, entity, options);
    if (copy !== undefined) await rememberLocal(entity, copy.path, copy.local);
  }
  return entity;
}
