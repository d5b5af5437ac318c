import { fileURLToPath } from 'node:url';
import type * as M from '../../../generated/models.js';
import { Md5MismatchError } from '../../errors.js';
import { fileMd5 } from '../../files/fileMd5.js';

/** What a plan does with content that is a file of this machine (`file:`): it is used in place, and belongs to the user. */
export interface ExternalFile {
  action: 'skip';
  path: string;
  reason: string;
}

/**
 * The local file of external content; `undefined` for other content.
 *
 * @throws {@link FileSystemError} when it is not there; {@link Md5MismatchError} when it has changed.
 */
export async function externalFileOf(
  handle: M.FileHandle,
  signal: AbortSignal | undefined,
): Promise<ExternalFile | undefined> {
  const url = 'externalURL' in handle ? handle.externalURL : undefined;
  if (url === undefined || !/^file:/i.test(url)) return undefined;
  const path = fileURLToPath(url);
  const actual = await fileMd5(path, signal);
  const expected = handle.contentMd5?.toLowerCase();
  if (expected !== undefined && actual !== expected) {
    throw new Md5MismatchError({ path, expected, actual });
  }
  return { action: 'skip', path, reason: 'its content is a file of this machine, used in place' };
}
