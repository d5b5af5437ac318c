import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '../errors.js';
import { withFileLock } from './fileLock.js';
import { readInput } from './readInput.js';

/**
 * Reads, changes and replaces a file that several processes change, under a lock. The new file appears in one step, is
 * readable only by its owner, and has the owner of the old one. A link to the file stays a link.
 *
 * @param change - gets the content, `undefined` when there is no file, and returns the new content
 * @throws what `change` throws, and the error of the file system; the file is then unchanged
 */
export async function replaceFile(
  path: string,
  change: (content: Buffer | undefined) => Promise<string> | string,
): Promise<void> {
  for (;;) {
    const target = await realpath(path).catch(() => path);
    const isDone = await withFileLock(target, async (lock) => {
      const text = await change(await readIfThere(target));
      return write(target, text, lock);
    });
    if (isDone) return;
  }
}

/** @returns false when the lock was lost in the meantime, and nothing was changed */
async function write(
  target: string,
  text: string,
  lock: { isHeld: () => Promise<boolean> },
): Promise<boolean> {
  const temporary = join(dirname(target), `.synapse_new_${randomUUID()}`);
  let isPlaced = false;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      const previous = await stat(target).catch(() => undefined);
      // Only an administrator can give a file to another owner, and only then it has another one.
      if (previous) await file.chown(previous.uid, previous.gid).catch(() => undefined);
      await file.sync();
    } finally {
      await file.close();
    }
    if (await lock.isHeld()) {
      await rename(temporary, target);
      isPlaced = true;
    }
    return isPlaced;
  } finally {
    if (!isPlaced) await rm(temporary, { force: true });
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readInput(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
