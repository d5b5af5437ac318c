import { lstat, type FileHandle } from 'node:fs/promises';

/** Whether an open file is still the one that has the path. */
export async function isAt(path: string, file: FileHandle): Promise<boolean> {
  try {
    const [there, open] = await Promise.all([
      lstat(path, { bigint: true }),
      file.stat({ bigint: true }),
    ]);
    return there.ino === open.ino && there.dev === open.dev;
  } catch {
    return false;
  }
}
