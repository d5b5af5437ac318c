import { lstat, unlink, type FileHandle } from 'node:fs/promises';
import { systemCode } from '../errors.js';

/** Whether an open file is still the one that has the path. */
export async function isOwnFile(path: string, file: FileHandle): Promise<boolean> {
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

/** Removes an open file by its path, unless another file is there. Tries once more, and then leaves it. */
export async function unlinkOwnFile(path: string, file: FileHandle): Promise<void> {
  const remove = async (): Promise<void> => {
    if (await isOwnFile(path, file)) await unlink(path);
  };
  await remove()
    .catch(remove)
    .catch(() => undefined);
}
