import type * as M from '../../generated/models.js';
import { DownloadError } from '../errors.js';

/**
 * Returns the URL of an external file.
 * @throws DownloadError when the file handle has no URL
 */
export function addressOf(handle: M.FileHandle): string {
  if ('externalURL' in handle && handle.externalURL !== undefined) return handle.externalURL;
  throw new DownloadError(`The file handle ${handle.id ?? ''} has no URL.`);
}
