import { isAbsolute, relative, sep } from 'node:path';
import { FileSystemError } from '../../errors.js';
import { readManifest } from '../manifest/readManifest.js';
import type { ManifestRow } from '../manifest/manifestRow.js';

/** A file as a manifest of the directory says that it was downloaded. */
export interface DownloadedBefore {
  id: string;
  path: string;
  versionNumber?: number;
  /** Lower-case hexadecimal. */
  md5: string;
  activity: Pick<ManifestRow, 'used' | 'executed' | 'activityName' | 'activityDescription'>;
}

/** What the last download into a directory says that it did. */
export class LastManifest {
  readonly #byPath = new Map<string, DownloadedBefore>();
  readonly #byId = new Map<string, DownloadedBefore[]>();

  /**
   * Reads manifests that are there. What is no manifest, and rows that say nothing of a downloaded file, count as nothing: they only
   * make the download more careful.
   */
  static async read(
    directory: string,
    paths: readonly string[],
    signal?: AbortSignal,
  ): Promise<LastManifest> {
    const last = new LastManifest();
    for (const path of paths) {
      try {
        for await (const { row } of readManifest(path, { form: 'csv', signal })) {
          if (row !== undefined) last.#add(directory, row);
        }
      } catch (error) {
        if (!(error instanceof FileSystemError)) throw error;
      }
    }
    return last;
  }

  get files(): IterableIterator<DownloadedBefore> {
    return this.#byPath.values();
  }

  get size(): number {
    return this.#byPath.size;
  }

  at(path: string): DownloadedBefore | undefined {
    return this.#byPath.get(path);
  }

  of(id: string): readonly DownloadedBefore[] {
    return this.#byId.get(id) ?? [];
  }

  #add(directory: string, { id, path, facts, ...activity }: ManifestRow): void {
    const { dataFileMD5Hex: md5, versionNumber } = facts ?? {};
    if (id === undefined || md5 === undefined || !isBelow(path, directory)) return;
    const { used, executed, activityName, activityDescription } = activity;
    const before = {
      ...{ id, path, versionNumber, md5: md5.toLowerCase() },
      activity: { used, executed, activityName, activityDescription },
    };
    this.#byPath.set(path, before);
    this.#byId.set(id, [...this.of(id), before]);
  }
}

/** Whether a path is in a directory. */
export function isBelow(path: string, directory: string): boolean {
  const rest = relative(directory, path);
  return rest !== '' && rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest);
}
