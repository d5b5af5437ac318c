import { readFileSync, rmSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { errorCode } from '../kernel/errorCode.js';
import { makeDirectories } from './makeDirectories.js';
import { noPrevious, sealLine, unsealLine } from './sealedLine.js';

/**
 * Directories that this process has locked. Its own lock files do not show this, because they name
 * the same process.
 */
const held = new Set<string>();

/** A locked data directory. */
export interface DataDirLock {
  /** Releases the lock. */
  release(): void;
}

/**
 * Creates a data directory when it is missing and locks it. The lock of a killed server is
 * replaced.
 *
 * @param options.recover replaces a lock that is not readable, too
 * @throws Error when another server has it, or when its lock is not readable
 */
export async function lockDataDir(dataDir: string, { recover = false } = {}): Promise<DataDirLock> {
  const directory = resolve(dataDir);
  await makeDirectories(directory);
  const file = join(directory, 'lock');
  if (held.has(directory)) {
    throw inUse(directory, process.pid);
  }
  held.add(directory);
  try {
    await acquire(directory, { file, recover });
  } catch (error) {
    held.delete(directory);
    throw error;
  }
  return {
    release: () => {
      held.delete(directory);
      rmSync(file, { force: true });
    },
  };
}

/** The process that currently uses a data directory. */
export async function lockOwner(directory: string): Promise<number | undefined> {
  return ownerOf(await readLock(join(directory, 'lock')));
}

async function acquire(
  directory: string,
  { file, recover }: { file: string; recover: boolean },
): Promise<void> {
  // Written to another file and linked, so that no process reads an empty lock.
  const own = `${file}.${process.pid}`;
  await writeFile(own, encodeMark(processMark(process.pid)));
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (await linked(own, file)) {
        return;
      }
      const text = await readLock(file);
      const owner = ownerOf(text);
      if (owner !== undefined && owner !== process.pid) {
        throw inUse(directory, owner);
      }
      if (decodeMark(text) === undefined && !recover) {
        throw new Error(
          `${file} is damaged, so it is not known whether another embedded Synapse uses the data directory. If none does, ` +
            'remove the file, or start with --recover (option `recover`).',
        );
      }
      await removeStale(file, text);
    }
    throw new Error(`The data directory ${directory} could not be locked: others keep trying`);
  } finally {
    await rm(own, { force: true });
  }
}

async function linked(own: string, file: string): Promise<boolean> {
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

/** Another server may have replaced the stale lock in the meantime. Its lock is restored. */
async function removeStale(file: string, text: string): Promise<void> {
  const aside = `${file}.stale.${process.pid}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, 'utf8').catch(() => text)) !== text) {
    await link(aside, file).catch(() => undefined);
  }
  await rm(aside, { force: true });
}

async function readLock(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

/** The running process of a lock. */
function ownerOf(text: string): number | undefined {
  const mark = decodeMark(text) ?? '';
  const owner = Number(mark.split(' ')[0]);
  return mark !== '' && processMark(owner) === mark ? owner : undefined;
}

function encodeMark(mark: string): Buffer {
  return sealLine(JSON.stringify(mark), { directory: '', previous: noPrevious }).line;
}

/** The mark in a lock; `undefined` when it is damaged. Earlier versions wrote it without a checksum. */
function decodeMark(text: string): string | undefined {
  if (text === '' || /^\d+(?: \d*)?$/.test(text)) return text;
  const sealed = unsealLine(Buffer.from(text).subarray(0, -1), '');
  return typeof sealed?.value === 'string' && text.endsWith('\n') ? sealed.value : undefined;
}

/** Distinguishes a process from a later one with the same id by its start time, where available. */
function processMark(pid: number): string {
  if (!Number.isInteger(pid) || pid <= 0 || !isRunning(pid)) {
    return '';
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${pid} ${fields[19] ?? ''}`;
  } catch {
    return `${pid}`;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function inUse(directory: string, pid: number): Error {
  return new Error(
    `The data directory ${directory} is in use by another embedded Synapse (process ${pid}): stop it, or choose another directory`,
  );
}
