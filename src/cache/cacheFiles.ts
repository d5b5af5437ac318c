import { readdir, rm, stat, unlink } from 'node:fs/promises';
import { sep } from 'node:path';
import { fileSystemError, SynapseError, systemCode } from '../errors.js';

/** Both clients use this in the names of temporary download files. */
const inProgress = '.synapse_download_';
const inProgressAge = 60_000;

/** The modification time of a regular file in the form of Python: seconds, with nanoseconds as a fraction. */
export async function modifiedSeconds(path: string): Promise<number> {
  const info = await stat(path, { bigint: true });
  if (!info.isFile()) throw Object.assign(new Error('not a file'), { code: 'EISDIR' });
  return Number(info.mtimeNs / 1_000_000_000n) + Number(info.mtimeNs % 1_000_000_000n) * 1e-9;
}

/** Lists the subfolders whose names are whole numbers. Links are not followed. */
export async function subfolders(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && /^[0-9]+$/.test(entry.name))
      .map((entry) => entry.name);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw fileSystemError('Cannot read the file cache:', folder, error);
  }
}

/** Counts the files and bytes of a folder. `busy` means that a download is in progress in it. */
export async function inspectFolder(
  folder: string,
): Promise<{ files: number; bytes: number; busy: boolean }> {
  const found = { files: 0, bytes: 0, busy: false };
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const info = await stat(`${entry.parentPath}${sep}${entry.name}`).catch(() => undefined);
    if (info === undefined) continue;
    found.bytes += info.size;
    if (entry.name.startsWith('.cacheMap')) continue;
    found.files += 1;
    if (entry.name.includes(inProgress) && Date.now() - info.mtimeMs < inProgressAge) {
      found.busy = true;
    }
  }
  return found;
}

export async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (cause) {
    throw fileSystemError('Cannot remove the cache folder', folder, cause);
  }
}

export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (cause) {
    if (systemCode(cause) !== 'ENOENT') throw fileSystemError('Cannot remove', path, cause);
  }
}

/** Missing write permission, or something else in the place of a folder. */
const notWritable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ELOOP']);

/** Whether the cause is that the cache cannot be written. */
export function isReadOnly(error: unknown): boolean {
  return error instanceof SynapseError && notWritable.has(error.code);
}
