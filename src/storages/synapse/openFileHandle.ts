import type * as M from '../../../generated/models.js';
import type { StoredObject } from '../../transfer/storedObject.js';
import { UrlObject } from '../http/urlObject.js';
import { FileHandleSource } from './fileHandleSource.js';
import type { DownloadContext } from './synapseContext.js';

/**
 * Opens a file handle, to read it with URLs that Synapse signs.
 * @throws NotFoundError, AuthorizationError when Synapse does not allow the download
 */
export async function openFileHandle(
  ctx: DownloadContext,
  association: M.FileHandleAssociation,
  signal?: AbortSignal,
): Promise<StoredObject> {
  const source = new FileHandleSource(ctx, association, signal);
  await source.url();
  return new UrlObject(ctx.storage, source, source);
}
