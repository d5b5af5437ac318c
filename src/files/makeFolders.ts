import { lstat, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FileSystemError, systemCode } from '../errors.js';

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

/**
 * Makes folders below a folder, and refuses to go through a link that is in place of one of them: whoever put it there would
 * choose where files are written. The folder itself may be a link.
 * @param names of the folders, each in the one before it
 * @throws FileSystemError for a link; otherwise what the file system says
 */
export async function makeFoldersBelow(folder: string, names: readonly string[]): Promise<void> {
  await makeFolders(folder);
  let path = folder;
  for (const name of names) {
    path = join(path, name);
    await makeOwnFolder(path);
  }
}

async function makeOwnFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const there = await lstat(path).catch(() => undefined);
    if (there?.isDirectory() === true) return;
    if (there?.isSymbolicLink() !== true) throw error;
    throw new FileSystemError(
      `${path} is a link. Nothing is written through links in the place of folders: remove it, or choose another folder.`,
      { path, code: 'ELOOP', cause: error },
    );
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
