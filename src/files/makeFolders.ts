import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from '../errors.js';

/**
 * Makes a folder and the missing folders above it. Node's recursive `mkdir` never returns for a file system that
 * answers ENOENT because it allows no folders, as /proc does.
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
      // Another program may have made the parent meanwhile. That explains one failure, not two.
      else if (isRefused) throw error;
      else isRefused = true;
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
