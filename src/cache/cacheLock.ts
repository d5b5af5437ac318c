import { mkdir, rename, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSystemError, systemCode, TimeoutError } from '../errors.js';
import { temporaryPath } from '../files/temporaryPath.js';
import { systemClock, type Clock } from '../net/clock.js';

/** Milliseconds. An older lock counts as abandoned, because both clients hold a lock only briefly. */
const maximumAge = 10_000;
const giveUpAfter = 70_000;
const longestPause = 200;

/** The part of the clock that the lock uses. */
export type LockClock = Pick<Clock, 'now' | 'epoch' | 'random' | 'sleep'>;

/** The lock of a cache folder. */
export function lockOf(folder: string): string {
  return join(folder, '.cacheMap.lock');
}

/** A lock that is held. */
export interface CacheLock {
  /** Whether the lock still exists. Another process may have removed it as abandoned. */
  isHeld(): Promise<boolean>;
}

/** Callers in this process wait in one queue per folder. Only the first one tries to get the lock on disk. */
const queues = new Map<string, Promise<unknown>>();

/**
 * Runs `action` while holding the lock of a cache folder: the folder `.cacheMap.lock` in it, made
 * and removed, as the Python client does.
 * @throws FileSystemError at once when the lock cannot be made (no such folder, not writable)
 * @throws TimeoutError after 70 seconds
 */
export async function withCacheLock<T>(
  folder: string,
  action: (lock: CacheLock) => Promise<T>,
  clock: LockClock = systemClock,
): Promise<T> {
  const before = queues.get(folder) ?? Promise.resolve();
  const run = before.then(() => lockAndRun(folder, action, clock));
  const settled = run.catch(() => undefined);
  queues.set(folder, settled);
  try {
    return await run;
  } finally {
    if (queues.get(folder) === settled) queues.delete(folder);
  }
}

async function lockAndRun<T>(
  folder: string,
  action: (lock: CacheLock) => Promise<T>,
  clock: LockClock,
): Promise<T> {
  const path = lockOf(folder);
  const mine = await acquire(path, clock);
  const isHeld = async (): Promise<boolean> => isSame(mine, await look(path));
  try {
    return await action({ isHeld });
  } finally {
    // If this cannot be determined, the lock is released, because it is most likely this one.
    if (await isHeld().catch(() => true)) await release(path);
  }
}

/** Tried twice: other processes wait ten seconds for a lock that is left behind. */
async function release(path: string): Promise<void> {
  await rmdir(path)
    .catch(() => rmdir(path))
    .catch(() => undefined);
}

async function acquire(path: string, clock: LockClock): Promise<LockState | undefined> {
  const start = clock.now();
  let seen: LockState | undefined;
  let seenSince = start;
  for (let pause = 2; ; pause = Math.min(pause * 1.5, longestPause)) {
    try {
      await mkdir(path);
      return await look(path);
    } catch (cause) {
      if (systemCode(cause) !== 'EEXIST')
        throw fileSystemError('Cannot lock the cache with', path, cause);
    }
    const state = await look(path);
    if (state === undefined) continue;
    const now = clock.now();
    if (!isSame(state, seen)) {
      seen = state;
      seenSince = now;
    }
    if (now - seenSince > maximumAge || (await isOld(path, state, clock))) {
      await breakLock(path, state);
      continue;
    }
    if (now - start > giveUpAfter) {
      throw new TimeoutError(
        `The file cache is locked: ${path} has been held for more than ${giveUpAfter / 1000} s. If no other Synapse client is running, remove that folder.`,
      );
    }
    await clock.sleep(pause * (0.5 + clock.random()));
  }
}

/** Identifies a lock. The inode is not sufficient, because inode numbers are reused. */
interface LockState {
  inode: number;
  /** Milliseconds since 1970, by the clock of the file system. */
  modified: number;
}

async function look(path: string): Promise<LockState | undefined> {
  try {
    const { ino, mtimeMs } = await stat(path);
    return { inode: ino, modified: mtimeMs };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw fileSystemError('Cannot read the attributes of', path, error);
  }
}

/** Uses the clock of the file system: on a shared disk it can differ from the local clock by minutes. */
async function isOld(path: string, state: LockState, clock: LockClock): Promise<boolean> {
  if (clock.epoch() - state.modified <= maximumAge) return false;
  const probe = temporaryPath(path);
  try {
    await writeFile(probe, '');
    const { mtimeMs } = await stat(probe);
    return mtimeMs - state.modified > maximumAge;
  } catch {
    return false;
  } finally {
    await unlink(probe).catch(() => undefined);
  }
}

/** Moves the lock away before removing it, so that two processes cannot remove each other's new lock. */
async function breakLock(path: string, state: LockState): Promise<void> {
  const aside = temporaryPath(path);
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  if (isSame(await look(aside).catch(() => state), state))
    await rmdir(aside).catch(() => undefined);
  else await rename(aside, path).catch(() => undefined);
}

function isSame(one: LockState | undefined, other: LockState | undefined): boolean {
  return one !== undefined && one.inode === other?.inode && one.modified === other.modified;
}
