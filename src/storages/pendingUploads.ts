import { createHash, randomUUID } from 'node:crypto';
import { readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeFolders } from '../files/makeFolders.js';
import { systemCode } from '../errors.js';

/** Milliseconds; by then a store may well have thrown away what it had. */
const usableFor = 7 * 24 * 3600 * 1000;

/** Uploads that this process is at work on. */
const ownUploads = new Set<string>();

/** Where an upload has got to: what a store calls it. */
export type UploadPlace = Readonly<Record<string, string>>;

interface PendingRecord {
  place: UploadPlace;
  owner: { host: string; pid: number };
  /** Tells a record that was torn or damaged. */
  check: string;
}

/** An upload whose place is written down for as long as it runs, so that one that was killed can be gone on with. */
export interface PendingUpload {
  /** Where an earlier attempt has got to. */
  readonly found: UploadPlace | undefined;
  /** Writes down where this one is. */
  keep(place: UploadPlace): Promise<void>;
  /** Says that there is nothing to go on with. */
  forget(): Promise<void>;
  /** Leaves what was written down to the next attempt. */
  leave(): void;
}

/**
 * Begins an upload, and takes over the one of the same file to the same place whose process is gone. What cannot be
 * written down costs no more than the chance to go on.
 *
 * @param folder - Where to write; without one, nothing is written down.
 * @param identity - The file, as it is now, and where it goes.
 */
export async function openPendingUpload(
  folder: string | undefined,
  identity: readonly unknown[],
): Promise<PendingUpload> {
  const name = createHash('md5').update(JSON.stringify(identity)).digest('hex');
  const path = folder === undefined ? undefined : join(folder, `${name}.json`);
  // The same file twice at a time: the second one is on its own.
  if (path === undefined || ownUploads.has(path)) return unrecorded;
  ownUploads.add(path);
  return {
    found: await takeOver(path),
    keep: (place) => write(path, place).catch(() => undefined),
    forget: async () => {
      ownUploads.delete(path);
      await unlink(path).catch(() => undefined);
    },
    leave: () => ownUploads.delete(path),
  };
}

const unrecorded: PendingUpload = {
  found: undefined,
  keep: () => Promise.resolve(),
  forget: () => Promise.resolve(),
  leave: () => undefined,
};

async function write(path: string, place: UploadPlace): Promise<void> {
  await makeFolders(join(path, '..'));
  const owner = { host: hostname(), pid: process.pid };
  const record: PendingRecord = { place, owner, check: checkOf(place) };
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, JSON.stringify(record), { mode: 0o600, flag: 'wx' });
  await rename(temporary, path);
}

async function takeOver(path: string): Promise<UploadPlace | undefined> {
  try {
    const { mtimeMs } = await stat(path);
    const record = parseRecord(await readFile(path, 'utf8'));
    if (record !== undefined && isAtWork(record.owner)) return undefined;
    // Only one process gets to move it away.
    const aside = `${path}.${randomUUID()}`;
    await rename(path, aside);
    await unlink(aside);
    return Date.now() - mtimeMs > usableFor ? undefined : record?.place;
  } catch {
    return undefined;
  }
}

function parseRecord(text: string): PendingRecord | undefined {
  try {
    const record = JSON.parse(text) as PendingRecord;
    const { place, owner, check } = record;
    return check === checkOf(place) && typeof owner.pid === 'number' ? record : undefined;
  } catch {
    return undefined;
  }
}

function checkOf(place: UploadPlace): string {
  return createHash('md5').update(JSON.stringify(place)).digest('hex');
}

/** Of another machine, nobody here can tell. */
function isAtWork({ host, pid }: PendingRecord['owner']): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
}
