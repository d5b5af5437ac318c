import { link, lstat, rename, statfs, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lookIfThere } from './look.js';
import { makeFolders } from './makeFolders.js';
import { ArgumentError, fileSystemError, FileSystemError, systemCode } from '../errors.js';
import { fileMd5 } from './fileMd5.js';

/** Error codes of file systems without hard links. */
const noLinks = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'EINVAL']);

/**
 * Makes sure that a file can be put at a path, and makes the folders above it.
 * @throws FileSystemError, ArgumentError before anything is transferred
 */
export async function prepareDestination(path: string, overwrite: boolean): Promise<void> {
  const folder = dirname(path);
  const [there, above] = await Promise.all([
    lookIfThere(path, { link: true }),
    lookIfThere(folder),
  ]);
  if (there?.kind === 'folder') {
    throw new ArgumentError(`${path} is a folder; a file cannot be downloaded over it.`);
  }
  if (there !== undefined && !overwrite) throw alreadyThere(path);
  if (above?.kind !== 'folder') await prepareFolder(folder);
}

/** @throws FileSystemError when the folder is not there and cannot be made */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await makeFolders(folder);
  } catch (cause) {
    throw fileSystemError('Cannot create the folder', folder, cause);
  }
}

/** @throws FileSystemError (`ENOSPC`) when a disk has too little room; a disk that does not tell its room is not checked */
export async function checkFreeSpace(folder: string, bytes: number): Promise<void> {
  const disk = await statfs(folder).catch(() => undefined);
  if (disk === undefined) return;
  const free = disk.bavail * disk.bsize;
  if (free >= bytes) return;
  throw new FileSystemError(
    `Not enough room on the disk of ${folder}: ${bytes} bytes are needed and ${free} are free.`,
    { path: folder, code: 'ENOSPC' },
  );
}

/** What is known of a finished file. */
export interface Placement {
  overwrite: boolean;
  /** Lower-case hexadecimal. */
  md5?: string | undefined;
  size?: number | undefined;
  /** Gives another path when another file has appeared at this one. @default that is an error */
  elsewhere?: (() => Promise<string>) | undefined;
}

/**
 * Moves a finished file to its path in one step. Without `overwrite`, a file that has appeared there is kept. That is an
 * error unless it has the same content, or `elsewhere` gives another path.
 * @returns where the file is now
 * @throws FileSystemError (`EEXIST`)
 */
export async function placeFile(
  temporary: string,
  path: string,
  placement: Placement,
): Promise<string> {
  try {
    if (placement.overwrite) await moveFile(temporary, path);
    else await moveToFreeName(temporary, path);
    return path;
  } catch (error) {
    if (await hasContent(path, placement)) {
      await unlink(temporary).catch(() => undefined);
      return path;
    }
    if (placement.elsewhere === undefined || !isTaken(error)) throw error;
    return placeFile(temporary, await placement.elsewhere(), placement);
  }
}

/** Whether an error says that another file is there. */
export function isTaken(error: unknown): boolean {
  return error instanceof FileSystemError && error.code === 'EEXIST';
}

async function moveFile(temporary: string, path: string): Promise<void> {
  try {
    await rename(temporary, path);
  } catch (cause) {
    throw fileSystemError('Cannot create', path, cause);
  }
}

async function moveToFreeName(temporary: string, path: string): Promise<void> {
  try {
    // Unlike `rename`, `link` fails when a file is there.
    await link(temporary, path);
    await unlink(temporary);
  } catch (cause) {
    const code = systemCode(cause) ?? '';
    if (code === 'EEXIST') throw alreadyThere(path);
    if (!noLinks.has(code)) throw fileSystemError('Cannot create', path, cause);
    if ((await lstat(path).catch(() => undefined)) !== undefined) throw alreadyThere(path);
    await moveFile(temporary, path);
  }
}

/** Whether the file at a path is the same: another download may have been faster. */
async function hasContent(path: string, { size, md5 }: Placement): Promise<boolean> {
  const info = await lstat(path).catch(() => undefined);
  if (md5 === undefined || info?.isFile() !== true || info.size !== size) return false;
  return (await fileMd5(path).catch(() => undefined)) === md5;
}

function alreadyThere(path: string): FileSystemError {
  return new FileSystemError(
    `${path} is already there and is not overwritten unless that is asked for.`,
    { path, code: 'EEXIST' },
  );
}
