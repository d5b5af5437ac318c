import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectFolder, subfolders } from '../../cache/cacheFiles.js';
import { isCacheMap } from '../../cache/cacheMap.js';
import { mapName } from '../../cache/cacheMapFile.js';
import { systemCode } from '../../errors.js';

export interface CacheContent {
  files: number;
  bytes: number;
  /** Maps that cannot be read. */
  damaged: string[];
  /** Whether the time was enough to look at everything. */
  isComplete: boolean;
}

/** Counts the files of a cache, and finds damaged maps. @param limit - Milliseconds. */
export async function inspectCache(root: string, limit: number): Promise<CacheContent> {
  const end = performance.now() + limit;
  const found: CacheContent = { files: 0, bytes: 0, damaged: [], isComplete: true };
  for (const group of await subfolders(root)) {
    for (const handle of await subfolders(join(root, group))) {
      if (performance.now() > end) return { ...found, isComplete: false };
      const folder = join(root, group, handle);
      const { files, bytes } = await inspectFolder(folder);
      found.files += files;
      found.bytes += bytes;
      if (await isDamaged(join(folder, mapName))) found.damaged.push(join(folder, mapName));
    }
  }
  return found;
}

async function isDamaged(map: string): Promise<boolean> {
  try {
    return !isCacheMap(await readFile(map, 'utf8'));
  } catch (error) {
    return systemCode(error) !== 'ENOENT';
  }
}
