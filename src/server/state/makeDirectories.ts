import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a directory, for nobody but its owner, and those above it that are missing. Node's own recursive `mkdir` never
 * ends below /proc, where every directory that is to be made is answered with ENOENT.
 */
export async function makeDirectories(directory: string): Promise<void> {
  if (await isDirectory(directory)) {
    return;
  }
  await makeDirectories(dirname(directory));
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    // Another process may have been first.
    if (!(await isDirectory(directory))) {
      throw error;
    }
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
