import { copyFile, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../errors.js';
import { fileThread } from '../files/fileThread.js';
import { temporaryPath } from '../files/temporaryPath.js';
import { removeFile } from './cacheFiles.js';
import { withCacheLock, type CacheLock } from './cacheLock.js';
import { formatCacheMap, isCacheMap, parseCacheMap, type CacheMap } from './cacheMap.js';

/** The name of the map in the folder of a file handle. */
export const mapName = '.cacheMap';

/** How often a change is started again because another process purged the folder. */
const maximumAttempts = 20;

export async function readMap(path: string): Promise<CacheMap> {
  try {
    const text = await fileThread.run('text', { path });
    if (text !== undefined) return text === null ? new Map() : parseCacheMap(text);
    return parseCacheMap(await readFile(path, 'utf8'));
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return new Map();
    throw error;
  }
}

interface MapChange {
  makeFolder: (folder: string) => Promise<void>;
  change: (map: CacheMap) => void;
  /** Called with a message when a damaged map is replaced. */
  log: (message: string) => void;
}

/** Reads, changes and replaces a map under its lock. Starts over if the lock is lost in the meantime. */
export async function updateMap(
  folder: string,
  { makeFolder, change, log }: MapChange,
): Promise<void> {
  const path = join(folder, mapName);
  for (let attempt = 1; ; attempt += 1) {
    await makeFolder(folder);
    const isDone = await withCacheLock(folder, async (lock) => {
      const map = await readMap(path);
      if (map.size === 0) await keepDamaged(path, log);
      change(map);
      return replaceMap(path, formatCacheMap(map), lock);
    }).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT' && attempt < maximumAttempts) return false;
      throw error;
    });
    if (isDone) return;
  }
}

async function replaceMap(path: string, text: string, lock: CacheLock): Promise<boolean> {
  const temporary = temporaryPath(path);
  let isPlaced = false;
  try {
    await writeWhole(temporary, text);
    if (await lock.isHeld()) {
      await rename(temporary, path);
      isPlaced = true;
    }
  } finally {
    if (!isPlaced) await removeFile(temporary);
  }
  return isPlaced;
}

async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

/**
 * Keeps a copy of a map that is not readable, before it is replaced, and says so. Must be called with the lock, because the
 * Python client writes the file in several steps.
 */
async function keepDamaged(path: string, log: (message: string) => void): Promise<void> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  if (isCacheMap(text)) return;
  const copy = `${path}.damaged`;
  await copyFile(path, copy);
  log(
    `${path} is damaged and is written anew; a copy is in ${copy}. Files that only it recorded are downloaded again when they are needed.`,
  );
}
