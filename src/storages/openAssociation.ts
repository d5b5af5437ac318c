import type * as M from '../../generated/models.js';
import type { StoredObject } from '../transfer/storedObject.js';
import { UrlObject } from './http/urlObject.js';
import type { StorageContext } from './storageContext.js';
import { storageOfAddress } from './storageOfAddress.js';
import { FileHandleSource } from './synapse/fileHandleSource.js';

/**
 * Opens a file handle by its id and an object that it belongs to. Synapse returns a presigned URL, or
 * the URL of an external file.
 *
 * @throws {@link NotFoundError}, {@link AuthorizationError} when Synapse does not allow the download.
 */
export async function openAssociation(
  ctx: StorageContext,
  association: Required<M.FileHandleAssociation>,
  options: { signal?: AbortSignal | undefined },
): Promise<StoredObject> {
  const source = new FileHandleSource(ctx, association, options.signal);
  const externalURL = await source.url();
  const { handle } = source;
  if (handle?.concreteType !== 'org.sagebionetworks.repo.model.file.ExternalFileHandle') {
    return new UrlObject(ctx.storage, source, source);
  }
  const file = { handle: { ...handle, externalURL }, association };
  return storageOfAddress(externalURL).open(ctx, file, options);
}
