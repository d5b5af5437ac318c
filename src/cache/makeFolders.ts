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
  try {
    await mkdir(path);
  } catch (error) {
    // Somebody else may have been first.
    if (await isFolder(path)) return;
    if (systemCode(error) !== 'ENOENT' || (await isFolder(parent))) throw error;
    await makeFolders(parent);
    await makeFolders(path);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
