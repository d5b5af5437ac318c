import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { systemCode, TimeoutError } from '../errors.js';
import { systemClock, type Clock } from '../net/clock.js';
import { withSuffix } from './temporaryPath.js';

/** Milliseconds. A lock that does not change for this long is abandoned: locks are held for a moment only. */
const abandonedAfter = 30_000;
const giveUpAfter = 90_000;
const longestPause = 100;

/** File systems without hard links answer with one of these. */
const noLinks = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'EINVAL']);

/** The part of the clock that the lock uses. */
export type FileLockClock = Pick<Clock, 'now' | 'random' | 'sleep'>;

/** A lock that is held. */
export interface FileLock {
  /** Whether the lock is still this one. A process that was suspended for long may have lost it. */
  isHeld(): Promise<boolean>;
}

/** The content of a lock file. */
interface Owner {
  host: string;
  pid: number;
  /** Unique for each lock, because process ids are reused. */
  nonce: string;
}

/** The locks that this process holds. */
const ownLocks = new Set<string>();

/**
 * Runs `action` while no other process that uses this function for the same file runs one. The lock is a file beside
 * it, `<path>.lock`. The lock of a process that has ended is taken over at once, that of a process on another machine when it
 * has not changed for 30 seconds.
 *
 * @throws the system's error when the lock cannot be created
 * @throws TimeoutError after 90 seconds
 */
export async function withFileLock<T>(
  path: string,
  action: (lock: FileLock) => Promise<T>,
  clock: FileLockClock = systemClock,
): Promise<T> {
  const file = withSuffix(path, '.lock');
  const owner: Owner = { host: hostname(), pid: process.pid, nonce: randomUUID() };
  const text = JSON.stringify(owner);
  ownLocks.add(owner.nonce);
  try {
    await acquire(file, text, clock);
    const isHeld = async (): Promise<boolean> => (await readLock(file)) === text;
    try {
      return await action({ isHeld });
    } finally {
      if (await isHeld().catch(() => true)) await unlink(file).catch(() => undefined);
    }
  } finally {
    ownLocks.delete(owner.nonce);
  }
}

async function acquire(file: string, text: string, clock: FileLockClock): Promise<void> {
  const start = clock.now();
  let seen: string | undefined;
  let seenSince = start;
  for (let pause = 2; ; pause = Math.min(pause * 1.5, longestPause)) {
    if (await create(file, text)) return;
    const found = await readLock(file);
    if (found === undefined) continue;
    const now = clock.now();
    if (found !== seen) {
      seen = found;
      seenSince = now;
    }
    if (hasEnded(found) || now - seenSince > abandonedAfter) {
      await breakLock(file, found);
      continue;
    }
    if (now - start > giveUpAfter) {
      throw new TimeoutError(
        `${file} has been there for more than ${giveUpAfter / 1000} s, so another Synapse client is writing the file. If none is running, remove the lock.`,
      );
    }
    await clock.sleep(pause * (0.5 + clock.random()));
  }
}

/** Creates the lock with its content in one step. @returns false when another lock is there */
async function create(file: string, text: string): Promise<boolean> {
  const temporary = join(dirname(file), `.synapse_lock_${randomUUID()}`);
  await writeFile(temporary, text, { mode: 0o600, flag: 'wx' });
  try {
    await link(temporary, file);
    return true;
  } catch (error) {
    const code = systemCode(error) ?? '';
    if (code === 'EEXIST') return false;
    if (!noLinks.has(code)) throw error;
    return await createInPlace(file, text);
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

async function createInPlace(file: string, text: string): Promise<boolean> {
  try {
    const created = await open(file, 'wx', 0o600);
    await created.writeFile(text).finally(() => created.close());
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function readLock(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether the process of a lock has certainly ended. */
function hasEnded(text: string): boolean {
  const owner = parseOwner(text);
  if (owner?.host !== hostname()) return false;
  // An earlier process in a container may have had the same id.
  if (owner.pid === process.pid) return !ownLocks.has(owner.nonce);
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return systemCode(error) === 'ESRCH';
  }
}

function parseOwner(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Partial<Owner> | null;
    const { host, pid, nonce } = owner ?? {};
    const isWhole = typeof host === 'string' && typeof nonce === 'string' && Number.isInteger(pid);
    return isWhole ? (owner as Owner) : undefined;
  } catch {
    return undefined;
  }
}

/** Moves the lock away before removing it, so that two processes cannot remove each other's new lock. */
async function breakLock(file: string, text: string): Promise<void> {
  const aside = join(dirname(file), `.synapse_lock_${randomUUID()}`);
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  const moved = await readLock(aside).catch(() => text);
  if (moved !== text) await link(aside, file).catch(() => undefined);
  await unlink(aside).catch(() => undefined);
}
