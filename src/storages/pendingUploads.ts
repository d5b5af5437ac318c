import { createHash } from 'node:crypto';
import { readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { makeFolders } from '../files/makeFolders.js';
import { temporaryPath } from '../files/temporaryPath.js';
import { systemCode } from '../errors.js';

/** Milliseconds. Stores discard the parts of older uploads. */
const usableFor = 7 * 24 * 3600 * 1000;

/** Records of the uploads that run in this process. */
const ownUploads = new Set<string>();

/** The id of an upload at the store. */
export type UploadPlace = Readonly<Record<string, string>>;

interface PendingRecord {
  place: UploadPlace;
  owner: { host: string; pid: number };
  /** A checksum that detects a damaged record. */
  check: string;
}

/** An upload that is recorded on disk while it runs, so that the next attempt can continue it. */
export interface PendingUpload {
  /** The upload that an earlier attempt started. */
  readonly found: UploadPlace | undefined;
  /** Records the upload. */
  keep(place: UploadPlace): Promise<void>;
  /** Removes the record. */
  forget(): Promise<void>;
  /** Keeps the record for the next attempt. */
  leave(): void;
}

/**
 * Starts an upload, or takes over an upload of the same file to the same destination whose process has ended. If the record
 * cannot be written, the upload still runs but cannot be resumed.
 *
 * @param folder - The folder for records. Without it, nothing is recorded.
 * @param identity - Identifies the file, its state, and its destination.
 */
export async function openPendingUpload(
  folder: string | undefined,
  identity: readonly unknown[],
): Promise<PendingUpload> {
  const name = createHash('md5').update(JSON.stringify(identity)).digest('hex');
  const path = folder === undefined ? undefined : join(folder, `${name}.json`);
  // The same upload is already running in this process, so this one is not recorded.
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
  const record: PendingRecord = { place, owner, check: checkOf(path, place) };
  const temporary = temporaryPath(path);
  await writeFile(temporary, JSON.stringify(record), { mode: 0o600, flag: 'wx' });
  await rename(temporary, path);
}

async function takeOver(path: string): Promise<UploadPlace | undefined> {
  try {
    const { mtimeMs } = await stat(path);
    const record = parseRecord(path, await readFile(path, 'utf8'));
    if (record !== undefined && isAtWork(record.owner)) return undefined;
    // When several processes do this at the same time, the rename succeeds for only one of them.
    const aside = temporaryPath(path);
    await rename(path, aside);
    await unlink(aside);
    return Date.now() - mtimeMs > usableFor ? undefined : record?.place;
  } catch {
    return undefined;
  }
}

function parseRecord(path: string, text: string): PendingRecord | undefined {
  try {
    const record = JSON.parse(text) as PendingRecord;
    const { place, owner, check } = record;
    return check === checkOf(path, place) && typeof owner.pid === 'number' ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Includes the name of the record, so that the record of another file is not used. */
function checkOf(path: string, place: UploadPlace): string {
  return createHash('md5')
    .update(JSON.stringify([basename(path), place]))
    .digest('hex');
}

/** A process on another machine cannot be checked and counts as running. */
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
