import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from '../errors.js';

/**
 * Makes a folder and those above it that are missing. Node's own recursive `mkdir` never ends where a file system
 * takes no folders and says ENOENT to that, as /proc does.
 * @throws what the file system says
 */
export async function makeFolders(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(path);
  for (let isRefused = false; ;) {
    try {
      await mkdir(path);
      return;
    } catch (error) {
      if (await isFolder(path)) return;
      if (systemCode(error) !== 'ENOENT' || parent === path) throw error;
      if (!(await isFolder(parent))) await makeFolders(parent);
      // Somebody else may have made the parent since; but only once can that be the reason.
      else if (isRefused) throw error;
      else isRefused = true;
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
