import type { CallOptions } from '../../../generated/services.js';
import type { Context } from '../../context.js';
import { fetchBundle } from '../../entities/entityBundle.js';
import { File } from '../../entities/entityClasses.js';
import { entityOfBundle } from '../../entities/storedState.js';
import { DownloadError, NotFoundError } from '../../errors.js';
import { contentOf } from './fileTree.js';
import type { LockedFile } from './lockData.js';

/**
 * Reads a locked version with one request, before its content is downloaded.
 *
 * @returns The file, with the local name of the lock.
 * @throws {@link DownloadError} when the version is gone, or has other content than the lock.
 * @throws {@link UnmetAccessRestrictionError}, {@link AuthorizationError} when the content cannot be downloaded.
 */
export async function readLockedVersion(
  ctx: Context,
  locked: LockedFile,
  options: CallOptions,
): Promise<File> {
  const { id, version, path } = locked;
  const named = `version ${version} of ${id}`;
  const bundle = await fetchBundle(ctx, { id, version }, options).catch((cause: unknown) => {
    if (!(cause instanceof NotFoundError)) throw cause;
    throw new DownloadError(`${named} is gone: ${cause.reason}`, { cause });
  });
  const now = contentOf(ctx, bundle);
  const file = entityOfBundle(bundle);
  if (now === undefined || !(file instanceof File) || file.fileHandle === undefined) {
    throw new DownloadError(`${id} is no file.`);
  }
  const isSame =
    locked.md5 === undefined
      ? now.fileHandleId === locked.fileHandleId && now.url === locked.url
      : now.md5 === locked.md5;
  if (!isSame) {
    const [is, was] = [now, locked].map(({ md5, url, fileHandleId }) =>
      md5 === undefined ? (url ?? `file handle ${fileHandleId}`) : `MD5 ${md5}`,
    );
    throw new DownloadError(
      `${named} has other content than when it was locked: ${is ?? ''} now, ${was ?? ''} in the lock.`,
    );
  }
  file.fileHandle = { ...file.fileHandle, fileName: path.slice(path.lastIndexOf('/') + 1) };
  return file;
}
