import { copyFile, readFile } from 'node:fs/promises';
import { systemCode } from '../errors.js';
import { isCacheMap } from './cacheMap.js';

/**
 * Keeps a copy of a `.cacheMap` that is not readable, before it is replaced, and says so. Must be called with the lock of its
 * folder, because the Python client writes the file in several steps.
 */
export async function keepDamagedMap(path: string, log: (message: string) => void): Promise<void> {
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
