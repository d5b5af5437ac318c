import type * as M from '../../../generated/models.js';
import type { StoredObject } from '../../transfer/storedObject.js';
import { UrlObject } from '../http/urlObject.js';
import { findScheme } from '../openUrl.js';
import { FileHandleSource } from './fileHandleSource.js';
import type { DownloadContext } from './synapseContext.js';

/**
 * Opens a file handle with a URL that Synapse gives: a presigned one, or the address of an external file.
 * @throws NotFoundError, AuthorizationError when Synapse does not give the file
 */
export async function openFileHandle(
  ctx: DownloadContext,
  association: M.FileHandleAssociation,
  signal?: AbortSignal,
): Promise<StoredObject> {
  const source = new FileHandleSource(ctx, association, signal);
  const url = await source.url();
  const open = findScheme(url);
  return open === undefined
    ? new UrlObject(ctx.storage, source, source)
    : open(ctx, url, source.handle);
}
