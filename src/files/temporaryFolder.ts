import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSystemError } from '../errors.js';

/** A folder that only this user can read. */
export interface TemporaryFolder {
  path: string;
  /** Removes the folder with its files. A failure is not reported: the work itself has ended. */
  remove: () => Promise<void>;
}

/**
 * Creates a folder for temporary files.
 *
 * @param prefix - The name begins with it.
 * @param problem - What a failure means, for the message: `Cannot keep the rows in`.
 * @throws FileSystemError
 */
export async function temporaryFolder(prefix: string, problem: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), prefix)).catch((cause: unknown) => {
    throw fileSystemError(problem, tmpdir(), cause);
  });
  const removeOnce = (): Promise<void> => rm(path, { recursive: true, force: true });
  // Tried twice: a file may still have been in use.
  const remove = (): Promise<void> =>
    removeOnce()
      .catch(removeOnce)
      .catch(() => undefined);
  return { path, remove };
}
