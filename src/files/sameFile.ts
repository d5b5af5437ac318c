import { lstat, unlink, type FileHandle } from 'node:fs/promises';
import { systemCode } from '../errors.js';

/** Whether an open file is still the one that has the path. */
export async function isSameFile(path: string, file: FileHandle): Promise<boolean> {
  try {
    const [there, open] = await Promise.all([
      lstat(path, { bigint: true }),
      file.stat({ bigint: true }),
    ]);
    return there.ino === open.ino && there.dev === open.dev;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Removes an open file by its path, unless another file has that path now. Tries twice; a failure is not reported. */
export async function unlinkIfSame(path: string, file: FileHandle): Promise<void> {
  const remove = async (): Promise<void> => {
    if (await isSameFile(path, file)) await unlink(path);
  };
  await remove()
    .catch(remove)
    .catch(() => undefined);
}
