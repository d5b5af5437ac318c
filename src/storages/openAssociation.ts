import type * as M from '../../generated/models.js';
import { DownloadError } from '../errors.js';
import { parseServerUrl } from '../net/serverUrl.js';
import type { StoredObject } from '../transfer/storedObject.js';
import { addressOf } from './externalAddress.js';
import { UrlObject } from './http/urlObject.js';
import type { StorageContext } from './storageContext.js';
import { storageOfAddress } from './storageOfAddress.js';
import { FileHandleSource } from './synapse/fileHandleSource.js';

/**
 * Opens a file handle by its id and an object that it belongs to. Synapse returns a presigned URL, or
 * the URL of an external file.
 *
 * @param known - The file handle, if it has been read before.
 * @throws {@link NotFoundError}, {@link AuthorizationError} when Synapse does not allow the download.
 * @throws {@link DownloadError} when the URL is not one that such a file handle can have.
 */
export async function openAssociation(
  ctx: StorageContext,
  association: Required<M.FileHandleAssociation>,
  options: { signal?: AbortSignal | undefined },
  known?: M.FileHandle,
): Promise<StoredObject> {
  const source = new FileHandleSource(ctx, association, options.signal);
  const externalURL = await source.url();
  const { handle } = source;
  if (handle?.concreteType !== 'org.sagebionetworks.repo.model.file.ExternalFileHandle') {
    return new UrlObject(ctx.storage, source, source);
  }
  requireStored(externalURL, known === undefined ? [handle] : [handle, known]);
  const file = { handle: { ...handle, externalURL }, association };
  return storageOfAddress(externalURL).open(ctx, file, options);
}

/** Only a URL that a user has stored may lead to this machine or to a server with a login. */
function requireStored(address: string, handles: readonly M.FileHandle[]): void {
  const { protocol } = parseServerUrl(address, 'external file');
  if (protocol === 'http:' || protocol === 'https:') return;
  if (handles.every((handle) => addressOf(handle) === address)) return;
  throw new DownloadError(
    `The server names a ${protocol} URL for an external file that is stored with another URL. It is not used.`,
  );
}
