import { constants } from 'node:fs';
import { access, lstat, readlink, stat } from 'node:fs/promises';
import { fileSystemError, systemCode } from '../../errors.js';
import { lookAt } from '../../files/look.js';
import { kindOfFile } from '../../files/regularFile.js';

/** Why the file at a path cannot be stored; `undefined` when it can. Nothing is opened. */
export async function localFileProblem(path: string): Promise<string | undefined> {
  try {
    const { kind, size } = await lookAt(path);
    if (kind === 'folder') return 'it is a directory, and a row of a manifest names a file';
    if (kind === 'other')
      return `it is ${kindOfFile(await stat(path))}, and only regular files are stored`;
    if (size === 0) return 'the file is empty, and Synapse stores no empty files';
    await access(path, constants.R_OK);
    return undefined;
  } catch (cause) {
    const target = await linkTarget(path);
    if (target !== undefined) {
      const isLoop = systemCode(cause) === 'ELOOP';
      return `it is a link to ${target}, which ${isLoop ? 'leads back to itself' : 'leads nowhere'}`;
    }
    if (systemCode(cause) === 'ENOENT') return 'there is no such file';
    return fileSystemError('Cannot read', path, cause).message;
  }
}

/** @returns `undefined` when it is no link, or one that leads to something */
async function linkTarget(path: string): Promise<string | undefined> {
  const info = await lstat(path).catch(() => undefined);
  if (info?.isSymbolicLink() !== true) return undefined;
  const leads = await stat(path).then(
    () => true,
    () => false,
  );
  return leads ? undefined : readlink(path).catch(() => undefined);
}
