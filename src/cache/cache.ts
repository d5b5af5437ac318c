import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, posix, relative, sep } from 'node:path';
import { ArgumentError, fileSystemError } from '../errors.js';
import {
  inspectFolder,
  isReadOnly,
  modifiedSeconds,
  removeFile,
  removeFolder,
  subfolders,
} from './cacheFiles.js';
import { lockOf, withCacheLock } from './cacheLock.js';
import { mapName, readMap, updateMap } from './cacheMapFile.js';
import {
  cacheKey,
  firstEntryText,
  formatTime,
  isSameTime,
  readEntry,
  type CacheMap,
} from './cacheMap.js';
import { fileMd5 } from '../files/fileMd5.js';
import { foldersToPurge, purgeRule, type FolderUse, type PurgeOptions } from './foldersToPurge.js';
import { fileThread, type RecordRequest } from '../files/fileThread.js';
import { lookIfThere } from '../files/look.js';
import { makeFoldersBelow } from '../files/makeFolders.js';
import { temporaryPath } from '../files/temporaryPath.js';

const fanOut = 1000n;

/** A local copy that is recorded in the cache. */
export interface CachedFile {
  fileHandleId: string;
  /** Absolute, with forward slashes. */
  path: string;
  /** The time of the file when it was recorded, ISO 8601. */
  modified: string;
  /** Lower-case hexadecimal; copies recorded by old clients have none. */
  md5?: string;
}

/** A copy and its state: `modified` when its modification time has changed, `corrupt` when only its content has changed. */
export interface VerifiedFile extends CachedFile {
  state: 'ok' | 'missing' | 'modified' | 'corrupt';
}

/** What {@link Cache.purge} removed, or would remove. */
export interface PurgeResult {
  /** Number of folders; each file handle has one. */
  folders: string[];
  bytes: number;
}

/**
 * The cache of downloaded files, shared with the Python client: same folders, same `.cacheMap`
 * files, same lock. Both clients may use it at the same time.
 *
 * The cache also records copies outside its folder. Nothing is created on disk before the first file
 * is added.
 */
export class Cache {
  /** The absolute path of the cache folder. */
  readonly root: string;
  readonly #isUsed: boolean;
  readonly #log: (message: string) => void;

  /**
   * @param options.root the cache folder. @default ~/.synapseCache
   * @param options.isUsed whether copies are found and recorded. Listing, verifying and purging always work.
   * @default true
   * @param options.log called with a message when a damaged map is replaced
   */
  constructor(
    options: {
      root?: string | undefined;
      isUsed?: boolean;
      log?: (message: string) => void;
    } = {},
  ) {
    this.root = options.root ?? join(homedir(), '.synapseCache');
    this.#isUsed = options.isUsed ?? true;
    this.#log = options.log ?? (() => undefined);
  }

  /** Whether copies are found and recorded. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /**
   * The folder that holds the files of a file handle.
   * @throws ArgumentError when the id is not a whole number
   */
  directory(fileHandleId: string | number): string {
    const id = String(fileHandleId);
    if (!/^-?[0-9]+$/.test(id)) {
      throw new ArgumentError(`${JSON.stringify(fileHandleId)} is not a file handle id.`);
    }
    const group = ((BigInt(id) % fanOut) + fanOut) % fanOut;
    return join(this.root, String(group), id);
  }

  /**
   * Finds an unmodified copy of a file.
   * @param path a folder: a copy directly in it is preferred. A file: that copy, or nothing when it
   * was modified. Otherwise the newest copy anywhere.
   * @param expected.md5 the MD5 of the content, in lower-case hexadecimal. Only a copy with this MD5 is returned: another one was
   * changed, or belongs to the same file handle id of another Synapse server, such as a local one that was reset.
   * @returns its path as recorded
   */
  async get(
    fileHandleId: string | number,
    path?: string,
    { md5 }: { md5?: string | undefined } = {},
  ): Promise<string | undefined> {
    if (!this.#isUsed) return undefined;
    const folder = this.directory(fileHandleId);
    const map = await this.#read(folder);
    for (const [copy, entry] of map) if (isOther(entry, md5)) map.delete(copy);
    if (map.size === 0) return undefined;
    if (path !== undefined) {
      if ((await lookIfThere(path))?.kind === 'folder') {
        const found = await this.#findInFolder(folder, map, { key: cacheKey(path), md5 });
        if (found !== undefined) return found;
      } else {
        const key = cacheKey(path);
        const entry = map.get(key);
        if (isRecorded(entry)) return (await isUnmodified(key, entry, md5)) ? key : undefined;
      }
    }
    return findNewest(map, md5);
  }

  /** Removes outdated entries of the folder from the map, as the Python client does. */
  async #findInFolder(
    folder: string,
    map: CacheMap,
    { key, md5 }: { key: string; md5: string | undefined },
  ): Promise<string | undefined> {
    const stale: [path: string, entry: unknown][] = [];
    let found: string | undefined;
    for (const [path, entry] of map) {
      if (posix.dirname(path) !== key) continue;
      if (await isUnmodified(path, entry, md5)) {
        found = path;
        break;
      }
      stale.push([path, entry]);
      map.delete(path);
    }
    if (stale.length > 0) await this.#drop(folder, stale);
    return found;
  }

  /** Removes entries unless they were rewritten in the meantime. A cache that is not writable stays unchanged. */
  async #drop(folder: string, stale: readonly [path: string, entry: unknown][]): Promise<void> {
    try {
      await this.#update(folder, (map) => {
        for (const [path, entry] of stale) {
          if (JSON.stringify(map.get(path)) === JSON.stringify(entry)) map.delete(path);
        }
      });
    } catch (error) {
      if (!isReadOnly(error)) throw error;
    }
  }

  /**
   * Whether a copy is recorded and has not changed since. The file is read only if its recorded modification time does not
   * exclude a change; {@link get} always reads it.
   * @param expected.md5 as for {@link get}
   */
  async contains(
    fileHandleId: string | number,
    path: string,
    { md5 }: { md5?: string | undefined } = {},
  ): Promise<boolean> {
    if (!this.#isUsed) return false;
    const folder = this.directory(fileHandleId);
    const map = await this.#read(folder);
    const key = cacheKey(path);
    const entry = readEntry(map.get(key));
    if (isOther(map.get(key), md5)) return false;
    if (entry === undefined || !(await hasTime(key, entry.time))) return false;
    return (await changedBefore(key, join(folder, mapName))) || isUnmodified(key, map.get(key));
  }

  /**
   * Records a local copy of a file.
   * @param md5 lower-case hexadecimal; computed from the file when it is not given
   * @throws FileSystemError when there is no such file or the cache cannot be written
   */
  async add(fileHandleId: string | number, path: string, md5?: string): Promise<void> {
    if (!this.#isUsed) return;
    const folder = this.directory(fileHandleId);
    const first = md5 === undefined ? undefined : this.firstRecord(fileHandleId, path, md5);
    if (first !== undefined && (await fileThread.run('record', first))) return;
    const modified = await modifiedSeconds(path).catch((cause: unknown) => {
      throw fileSystemError('Cannot add to the file cache:', path, cause);
    });
    const entry = {
      modified_time: formatTime(Math.floor(modified)),
      content_md5: md5 ?? (await fileMd5(path)),
    };
    await this.#update(folder, (map) => map.set(cacheKey(path), entry));
  }

  /**
   * What the file thread needs to record the first copy of a file, without the many steps of {@link add}.
   * @internal
   */
  firstRecord(fileHandleId: string | number, path: string, md5: string): RecordRequest | undefined {
    if (!this.#isUsed) return undefined;
    const folder = this.directory(fileHandleId);
    const map = join(folder, mapName);
    const text = firstEntryText(cacheKey(path), md5);
    return { path, folder, map, lock: lockOf(folder), temporary: temporaryPath(map), text };
  }

  /**
   * Removes one copy of a file, or all copies, from the cache map.
   * @param options.path the copy; without it, all copies
   * @param options.delete deletes the files as well. @default false
   * @returns the removed paths
   */
  async remove(
    fileHandleId: string | number,
    options: { path?: string | undefined; delete?: boolean } = {},
  ): Promise<string[]> {
    const folder = this.directory(fileHandleId);
    if ((await this.#read(folder)).size === 0) return [];
    const wanted = options.path === undefined ? undefined : cacheKey(options.path);
    let removed: string[] = [];
    await this.#update(folder, (map) => {
      removed = [...map.keys()].filter((path) => wanted === undefined || path === wanted);
      for (const path of removed) map.delete(path);
    });
    if (options.delete === true) {
      for (const path of removed) await removeFile(path);
    }
    return removed;
  }

  /**
   * Removes the folders of files by the time when they were last recorded, and by total size. Folders without a record
   * are removed first. Copies outside the cache folder and downloads in progress are kept.
   *
   * @throws {@link ArgumentError} when no option selects files, and for an invalid time or size.
   */
  async purge(options: PurgeOptions): Promise<PurgeResult> {
    const rule = purgeRule(options);
    const folders: FolderUse[] = [];
    for await (const { folder } of this.#folders()) {
      const recorded = await modifiedSeconds(join(folder, mapName)).catch(() => undefined);
      const { bytes, busy } = await inspectFolder(folder);
      if (!busy) folders.push({ folder, bytes, recordedMs: recorded && recorded * 1000 });
    }
    const result: PurgeResult = { folders: [], bytes: 0 };
    for (const use of foldersToPurge(folders, rule)) {
      if (options.dryRun !== true && !(await this.#purge(use))) continue;
      result.folders.push(use.folder);
      result.bytes += use.bytes;
    }
    return result;
  }

  /** Removes a folder, unless another process has recorded a copy in it, or started a download, in the meantime. */
  #purge({ folder, recordedMs }: FolderUse): Promise<boolean> {
    return withCacheLock(folder, async () => {
      const recorded = await modifiedSeconds(join(folder, mapName)).catch(() => undefined);
      const { busy } = await inspectFolder(folder);
      if (busy || (recorded && recorded * 1000) !== recordedMs) return false;
      await removeFolder(folder);
      return true;
    });
  }

  /** Lists all recorded copies, inside and outside the cache folder. */
  async *list(): AsyncGenerator<CachedFile> {
    for await (const { folder, fileHandleId } of this.#folders()) {
      for (const [path, value] of await this.#read(folder)) {
        const entry = readEntry(value);
        if (entry === undefined) continue;
        const file: CachedFile = { fileHandleId, path, modified: entry.time };
        if (entry.md5 !== undefined) file.md5 = entry.md5;
        yield file;
      }
    }
  }

  /** Reads all copies and compares them with the record. Changes nothing. */
  async *verify(options: { signal?: AbortSignal } = {}): AsyncGenerator<VerifiedFile> {
    for await (const file of this.list()) {
      options.signal?.throwIfAborted();
      yield { ...file, state: await verifyFile(file, options.signal) };
    }
  }

  /** The disk usage of the cache folder. */
  async size(): Promise<{ files: number; bytes: number }> {
    const total = { files: 0, bytes: 0 };
    for await (const { folder } of this.#folders()) {
      const { files, bytes } = await inspectFolder(folder);
      total.files += files;
      total.bytes += bytes;
    }
    return total;
  }

  /** Lists only folders whose names are whole numbers: file handles and their groups. Links are not followed. */
  async *#folders(): AsyncGenerator<{ folder: string; fileHandleId: string }> {
    for (const group of await subfolders(this.root)) {
      for (const fileHandleId of await subfolders(join(this.root, group))) {
        yield { folder: join(this.root, group, fileHandleId), fileHandleId };
      }
    }
  }

  async #read(folder: string): Promise<CacheMap> {
    const path = join(folder, mapName);
    try {
      return await readMap(path);
    } catch (cause) {
      throw this.#explain(fileSystemError('Cannot read the file cache:', path, cause));
    }
  }

  async #update(folder: string, change: (map: CacheMap) => void): Promise<void> {
    const makeFolder = (path: string): Promise<void> => this.#makeDirectory(path);
    try {
      await updateMap(folder, { makeFolder, change, log: this.#log });
    } catch (cause) {
      throw this.#explain(fileSystemError('Cannot write to the file cache:', folder, cause));
    }
  }

  /**
   * Makes the folder for the files of a file handle. A link in its place is refused: whoever put it there would choose where
   * files are written. The cache folder itself may be a link.
   * @throws FileSystemError
   */
  async makeDirectory(fileHandleId: string | number): Promise<void> {
    const folder = this.directory(fileHandleId);
    try {
      await this.#makeDirectory(folder);
    } catch (cause) {
      throw this.#explain(fileSystemError('Cannot create the folder', folder, cause));
    }
  }

  #makeDirectory(folder: string): Promise<void> {
    return makeFoldersBelow(this.root, relative(this.root, folder).split(sep));
  }

  #explain(error: Error): Error {
    if (!isReadOnly(error)) return error;
    error.message += ` Choose a cache folder other than ${this.root} (cacheDir, --cache-dir, SYNAPSE_CACHE_DIR), or disable the cache (useCache, --no-cache).`;
    return error;
  }
}

async function findNewest(map: CacheMap, md5: string | undefined): Promise<string | undefined> {
  const copies = [...map].map(([path, value]) => ({ path, value, time: timeOf(value) }));
  copies.sort((one, other) => other.time - one.time);
  for (const { path, value } of copies) {
    if (await isUnmodified(path, value, md5)) return path;
  }
  return undefined;
}

function timeOf(value: unknown): number {
  const time = Date.parse(readEntry(value)?.time ?? '');
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}

/** Whether the recorded MD5 of an entry differs. */
function isOther(entry: unknown, md5: string | undefined): boolean {
  const recorded = readEntry(entry)?.md5?.toLowerCase();
  return md5 !== undefined && recorded !== undefined && recorded !== md5;
}

/** Whether an entry has content. An empty entry counts as missing. */
function isRecorded(entry: unknown): boolean {
  return entry !== undefined && entry !== null && entry !== '';
}

/**
 * Whether a copy has the recorded modification time and the recorded MD5. The time alone is not enough, because it is recorded
 * in seconds.
 * @param expected the MD5 for an entry that has none; without it, such an entry is judged by its time
 */
export async function isUnmodified(
  path: string,
  value: unknown,
  expected?: string,
): Promise<boolean> {
  const entry = readEntry(value);
  if (entry === undefined || !(await hasTime(path, entry.time))) return false;
  const md5 = entry.md5 ?? expected;
  if (md5 === undefined) return true;
  return (await fileMd5(path).catch(() => undefined)) === md5;
}

async function hasTime(path: string, recorded: string): Promise<boolean> {
  const modified = await modifiedSeconds(path).catch(() => undefined);
  return modified !== undefined && isSameTime(modified, recorded);
}

/** Whether a file changed for the last time, in its content or its attributes, before another one was written. */
async function changedBefore(path: string, other: string): Promise<boolean> {
  const [{ ctimeMs }, { mtimeMs }] = await Promise.all([stat(path), stat(other)]);
  return ctimeMs <= mtimeMs;
}

async function verifyFile(file: CachedFile, signal?: AbortSignal): Promise<VerifiedFile['state']> {
  const modified = await modifiedSeconds(file.path).catch(() => undefined);
  if (modified === undefined) return 'missing';
  if (!isSameTime(modified, file.modified)) return 'modified';
  if (file.md5 === undefined || (await fileMd5(file.path, signal)) === file.md5) return 'ok';
  return 'corrupt';
}
