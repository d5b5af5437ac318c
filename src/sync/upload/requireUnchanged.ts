import { ArgumentError, fileSystemError } from '../../errors.js';
import { fileMd5 } from '../../files/fileMd5.js';
import { lookAt } from '../../files/look.js';
import type { UploadItem } from './uploadItem.js';

/**
 * Checks that a local file is the one that the plan saw. Its MD5 decides when only its time differs.
 *
 * @throws {@link ArgumentError} when it has changed.
 * @throws {@link FileSystemError} when it cannot be read.
 */
export async function requireUnchanged(
  { localPath, size, modifiedMs, md5 }: UploadItem,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (localPath === undefined) return;
  const look = await lookAt(localPath).catch((cause: unknown) => {
    throw fileSystemError('Cannot read', localPath, cause);
  });
  if (look.kind === 'file' && look.size === size) {
    if (look.modifiedMs === modifiedMs) return;
    if (md5 !== undefined && (await fileMd5(localPath, signal)) === md5) return;
  }
  throw new ArgumentError(
    `${localPath} has changed since the plan was made, and nothing was stored for it. Make another plan.`,
  );
}
