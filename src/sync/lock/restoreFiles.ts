import { dirname, resolve } from 'node:path';
import type { Context } from '../../context.js';
import { fetchFile } from '../../entities/fetchFile.js';
import { ArgumentError, DownloadError } from '../../errors.js';
import { expandPath } from '../../files/expandPath.js';
import { makeFoldersBelow } from '../../files/makeFolders.js';
import { prepareFolder } from '../../files/placeFile.js';
import type { CommonOptions } from '../../options.js';
import { DownloadQueue } from '../../storages/synapse/downloadQueue.js';
import { PathClaims } from '../../transfer/pathClaims.js';
import { pool } from '../../transfer/pool.js';
import { filesAtOnce } from '../filesAtOnce.js';
import { compareLocal } from './compareLocal.js';
import { readLockedVersion } from './lockedVersions.js';
import type { Lock, LockedFile } from './lockData.js';
import { checkLock, readLock } from './readLock.js';
import { versionWithMd5 } from '../versionWithMd5.js';
import { fileMd5 } from '../../files/fileMd5.js';

/** How {@link Sync.restore} works. */
export interface RestoreOptions extends CommonOptions {
  /** Files to download at the same time. @default 16 */
  concurrency?: number;
  /** Only compares the local files with the lock: nothing is asked of Synapse, and nothing is written. @default false */
  check?: boolean;
  /**
   * Whether a local file with content that no version in Synapse has is replaced. Otherwise it is a failure of that file.
   * @default false
   */
  overwriteChanges?: boolean;
}

/** What became of a file of a lock. */
export interface RestoredFile {
  id: string;
  /** Absent for what was not locked. */
  version?: number;
  /** As in the lock. */
  path: string;
  /**
   * `downloaded`: it is there now. `unchanged`: it was there. `failed`: see the reason. With `check`, also `missing` and `changed`.
   */
  action: 'downloaded' | 'unchanged' | 'missing' | 'changed' | 'failed';
  /** Bytes that were downloaded or copied from the cache. */
  bytes: number;
  reason?: string;
}

/** What a restore did: an item for each file of the lock, in order of path. */
export interface RestoreReport {
  /** Absolute. */
  directory: string;
  items: RestoredFile[];
}

/** Files whose content is prepared ahead, so that many of them share one call for their URLs. */
const lookAhead = 60;

/** Implements {@link Sync.restore}. */
export async function restoreFiles(
  ctx: Context,
  lock: Lock | string,
  directory: string,
  options: RestoreOptions = {},
): Promise<RestoreReport> {
  const { files, failures = [] } =
    typeof lock === 'string' ? await readLock(lock, options.signal) : checkLock(lock);
  const restore = new Restore(ctx, resolve(expandPath(directory)), options);
  const items = failures.map(({ id, path, reason }): RestoredFile => {
    return { id, path, action: 'failed', bytes: 0, reason: `it was not locked: ${reason}` };
  });
  const wanted = await restore.compare(files, items);
  if (options.check !== true && wanted.length > 0) await restore.download(wanted, items);
  return {
    directory: restore.directory,
    items: items.sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/** A file to download, and whether another file is in its place. */
interface Wanted {
  file: LockedFile;
  overwrite: boolean;
}

class Restore {
  readonly directory: string;
  readonly #ctx: Context;
  readonly #options: RestoreOptions;
  readonly #claims = new PathClaims();

  constructor(ctx: Context, directory: string, options: RestoreOptions) {
    this.#ctx = ctx;
    this.directory = directory;
    this.#options = options;
  }

  /** Compares the local files. What needs no download is among the items. */
  async compare(files: readonly LockedFile[], items: RestoredFile[]): Promise<Wanted[]> {
    const wanted: Wanted[] = [];
    const { signal } = this.#options;
    const limits = { limit: filesAtOnce, signal };
    for await (const [file, result] of pool(files, limits, (file) => this.#compareOne(file))) {
      if ('action' in result) items.push(itemOf(file, result));
      else wanted.push({ file, ...result });
    }
    return wanted;
  }

  async #compareOne(file: LockedFile): Promise<[LockedFile, Outcome | { overwrite: boolean }]> {
    const { signal, check = false, overwriteChanges = false } = this.#options;
    try {
      // Some file systems have one file for two names that differ in case.
      const path = this.#pathOf(file);
      if (!this.#claims.take(path, `${file.id} ${file.path}`)) {
        throw new ArgumentError('another file of the lock has this path on this file system.');
      }
      const { state, reason, md5 } = await compareLocal(path, file, signal);
      if (state === 'same') return [file, { action: 'unchanged', reason }];
      if (state === 'unknown') return [file, { action: 'failed', reason }];
      if (check) return [file, { action: state, reason }];
      if (state === 'missing') return [file, { overwrite: false }];
      if (overwriteChanges) return [file, { overwrite: true }];
      const content = md5 ?? (await fileMd5(path, signal));
      if ((await versionWithMd5(this.#ctx, file.id, content, { signal })) !== undefined) {
        return [file, { overwrite: true }];
      }
      throw new ArgumentError(
        `the local file has changed (${reason ?? ''}), and no version of ${file.id} has its content. Move it away, or replace it ` +
          '(overwriteChanges, --overwrite-changes).',
      );
    } catch (error) {
      signal?.throwIfAborted();
      return [file, failed(error)];
    }
  }

  async download(wanted: readonly Wanted[], items: RestoredFile[]): Promise<void> {
    const { concurrency = filesAtOnce, signal } = this.#options;
    await prepareFolder(this.directory);
    const queue = new DownloadQueue(concurrency);
    const limits = { limit: concurrency + lookAhead, signal };
    const fetchOne = (each: Wanted): Promise<RestoredFile> => this.#fetch(each, queue);
    for await (const item of pool(wanted, limits, fetchOne)) items.push(item);
  }

  async #fetch({ file, overwrite }: Wanted, queue: DownloadQueue): Promise<RestoredFile> {
    const { signal, onProgress } = this.#options;
    const path = this.#pathOf(file);
    try {
      const entity = await readLockedVersion(this.#ctx, file, { signal });
      await makeFoldersBelow(this.directory, file.path.split('/').slice(0, -1));
      const fetched = await fetchFile(this.#ctx, entity, {
        folder: dirname(path),
        // A file that appeared since the comparison is not replaced.
        ifCollision: overwrite ? 'overwrite.local' : 'keep.local',
        queue,
        signal,
        onProgress,
      });
      if (fetched === undefined || resolve(fetched.path) !== path) {
        throw new DownloadError('another file appeared in its place meanwhile. Run it again.');
      }
      return itemOf(file, { action: 'downloaded', bytes: file.size });
    } catch (error) {
      signal?.throwIfAborted();
      return itemOf(file, failed(error));
    }
  }

  #pathOf({ path }: LockedFile): string {
    return resolve(this.directory, ...path.split('/'));
  }
}

type Outcome = Pick<RestoredFile, 'action' | 'reason'> & { bytes?: number | undefined };

function itemOf({ id, version, path }: LockedFile, outcome: Outcome): RestoredFile {
  const { action, bytes = 0, reason } = outcome;
  return { id, version, path, action, bytes, ...(reason !== undefined && { reason }) };
}

function failed(error: unknown): Outcome {
  return { action: 'failed', reason: (error as Error).message };
}
