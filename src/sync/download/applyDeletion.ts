import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SynapseError, fileSystemError, systemCode } from '../../errors.js';
import { changeSince } from './compareLocal.js';
import type { DownloadItem } from './downloadItem.js';
import type { DownloadOutcome, DownloadRun } from './downloadRun.js';
import { isBelow } from './lastManifest.js';
import { fileMd5 } from '../../files/fileMd5.js';
import { hasManifestName, isManifest } from './writeManifests.js';

/** Deletes a file that has not changed since the plan was made, or a directory that is empty now. */
export async function applyDeletion(
  { directory, options }: DownloadRun,
  item: DownloadItem,
): Promise<DownloadOutcome> {
  const { localPath: path = '', kind, local, md5 } = item;
  if (!isBelow(path, directory)) {
    throw new SynapseError(`${path} is not in ${directory}: it is not deleted.`, { code: 'PLAN' });
  }
  if (kind === 'folder') {
    const isRemoved = await removeDirectory(path);
    return { state: isRemoved ? 'done' : 'skipped', item, bytes: 0 };
  }
  const change = await changeSince(path, local);
  if (change !== undefined || (await fileMd5(path, options.signal)) !== md5) {
    throw new SynapseError(
      `${path} ${change ?? 'has changed'} since the plan was made: it is not deleted.`,
      {
        code: 'LOCAL_CHANGE',
      },
    );
  }
  await rm(path).catch((cause: unknown) => {
    throw fileSystemError('Cannot delete', path, cause);
  });
  return { state: 'done', item, bytes: 0 };
}

/** Removes a directory that has nothing but manifests of downloads. @returns false when it has other files, or is gone */
async function removeDirectory(path: string): Promise<boolean> {
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    const code = systemCode(error) ?? '';
    if (code === 'ENOENT') return false;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') {
      throw fileSystemError('Cannot remove the directory', path, error);
    }
  }
  return removeWithManifests(path);
}

async function removeWithManifests(path: string): Promise<boolean> {
  const names = await readdir(path);
  const own = names.filter(hasManifestName).map((name) => join(path, name));
  if (own.length < names.length) return false;
  for (const each of own) if (!(await isManifest(each))) return false;
  for (const each of own) await rm(each, { force: true });
  await rmdir(path);
  return true;
}
