import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileSystemError } from '../../errors.js';
import { safeName } from '../../files/safeName.js';
import { numberedPaths } from '../../transfer/collision.js';
import { PathClaims } from '../../transfer/pathClaims.js';
import type { LastManifest } from './lastManifest.js';
import type { LocalPlace } from './remoteTree.js';

/** The local path that was chosen for a file. */
export interface ChosenPath {
  path: string;
  /** Whether another file of the download has the name that it wants. */
  isNumbered: boolean;
}

/** Whose path it is. */
export interface PathOwner {
  id: string;
  /** The id with the version: links can lead to several versions of a file. */
  owner: string;
}

/** Chooses the local paths of a download, so that no two of its files have the same. */
export class LocalPaths {
  readonly #claims = new PathClaims();
  readonly #last: LastManifest;

  constructor(last: LastManifest) {
    this.#last = last;
  }

  /**
   * Chooses the directory of a folder. Two names from Synapse can become one, of which the second gets a number.
   *
   * @returns Whether it is there.
   * @throws {@link FileSystemError} when a link or a file is in its place: whoever put it there would choose where files are written.
   */
  async openDirectory(place: LocalPlace): Promise<boolean> {
    const { above, id, name } = place;
    const path = this.#firstFree(join(pathOf(above), name), id);
    place.path = path;
    const there = await lstat(path).catch(() => undefined);
    if (there === undefined || there.isDirectory()) return there !== undefined;
    const what = there.isSymbolicLink()
      ? `${path} is a link. Nothing is written through links in the place of folders`
      : `${path} is in the place of the folder, and is not a directory`;
    throw new FileSystemError(`${what}: remove it, or choose another directory.`, {
      path,
      code: there.isSymbolicLink() ? 'ELOOP' : 'ENOTDIR',
    });
  }

  /**
   * Chooses the path of a file: the one that it had at the last download, if its name has not changed; otherwise the first that no
   * other file of this download has.
   *
   * @throws {@link ArgumentError} for a name that no local file can have.
   */
  choose(place: LocalPlace, fileName: string, { id, owner }: PathOwner): ChosenPath {
    const wanted = join(pathOf(place), safeName(fileName));
    const before = this.#last
      .of(id)
      .find(({ path }) => isFormOf(path, wanted) && this.#claims.take(path, owner));
    const path = before?.path ?? this.#firstFree(wanted, owner);
    return { path, isNumbered: path !== wanted };
  }

  /** The next path after one that cannot be used. */
  *others(path: string, { owner }: PathOwner): Generator<string, void> {
    for (const candidate of numberedPaths(path)) {
      if (candidate !== path && this.#claims.take(candidate, owner)) yield candidate;
    }
  }

  #firstFree(wanted: string, id: string): string {
    for (const candidate of numberedPaths(wanted)) {
      if (this.#claims.take(candidate, id)) return candidate;
    }
    return wanted;
  }
}

/** The path of a directory that was opened. */
export function pathOf(place: LocalPlace | undefined): string {
  return place?.path ?? '';
}

const mostNumbers = 1_000;

/** Whether a path is `wanted`, or that with a number. */
function isFormOf(path: string, wanted: string): boolean {
  if (path === wanted) return true;
  if (dirname(path) !== dirname(wanted) || !/\(\d+\)/.test(basename(path))) return false;
  let count = 0;
  for (const candidate of numberedPaths(wanted)) {
    if (candidate === path) return true;
    count += 1;
    if (count > mostNumbers) return false;
  }
  return false;
}
