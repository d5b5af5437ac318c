import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates a directory and its missing ancestors, accessible only by the owner. The recursive
 * `mkdir` of Node.js does not terminate below /proc, where creating a directory fails with ENOENT.
 */
export async function makeDirectories(directory: string): Promise<void> {
  if (await isDirectory(directory)) {
    return;
  }
  await makeDirectories(dirname(directory));
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    // Another process may have created it.
    if (!(await isDirectory(directory))) {
      throw error;
    }
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
