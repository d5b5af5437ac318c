import { dirname, join, resolve } from 'node:path';
import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { fileMd5 } from '../files/fileMd5.js';
import { lookIfThere } from '../files/look.js';
import { safeName } from '../files/safeName.js';
import { numberedPaths } from '../transfer/collision.js';
import { PathClaims } from '../transfer/pathClaims.js';

/** Where a file goes. */
export interface LocalPlace {
  path: string;
  /** Whether the file is there already, with the content that it has in Synapse. */
  isPresent: boolean;
  /** An unmodified copy elsewhere on this machine. */
  cached?: string | undefined;
}

/** A file handle that has been read. */
export type KnownHandle = M.FileHandle & { id: string };

/**
 * Chooses the paths of a download into one directory. No two files get the same, and no other file is replaced: the second of a name
 * becomes `name(1).ext`. A file that an earlier download has left there is found again by its content.
 */
export class LocalPlaces {
  readonly #ctx: Context;
  readonly #directory: string;
  readonly #claims = new PathClaims();
  #last: Promise<unknown> = Promise.resolve();

  constructor(ctx: Context, directory: string) {
    this.#ctx = ctx;
    this.#directory = directory;
  }

  /** Keeps a path free of downloads. */
  reserve(path: string): void {
    this.#claims.take(path, path);
  }

  /**
   * Chooses the path of a file. One file after the other, so that the same files get the same names.
   *
   * @param owner - What tells this file from the others of the list.
   * @throws {@link ArgumentError} for a name that no local file can have
   */
  choose(
    handle: KnownHandle,
    { owner, name, signal }: { owner: string; name: string; signal: AbortSignal },
  ): Promise<LocalPlace> {
    const chosen = this.#last.then(() => this.#choose(handle, { owner, name, signal }));
    this.#last = chosen.catch(() => undefined);
    return chosen;
  }

  /** The next free path of that name, when another program has created a file at the chosen one. */
  async next(name: string, owner: string): Promise<string> {
    const wanted = join(this.#directory, safeName(name));
    for (const path of numberedPaths(wanted)) {
      if (await lookIfThere(path, { link: true })) continue;
      if (this.#claims.take(path, owner)) return path;
    }
    return wanted;
  }

  async #choose(
    handle: KnownHandle,
    { owner, name, signal }: { owner: string; name: string; signal: AbortSignal },
  ): Promise<LocalPlace> {
    const md5 = handle.contentMd5?.toLowerCase();
    const found = await this.#ctx.cache.get(handle.id, this.#directory, { md5 });
    const cached = found && resolve(found);
    const isHere = cached !== undefined && dirname(cached) === this.#directory;
    if (isHere && this.#claims.take(cached, owner)) return { path: cached, isPresent: true };
    const wanted = join(this.#directory, safeName(name));
    for (const path of numberedPaths(wanted)) {
      signal.throwIfAborted();
      if (this.#claims.isTaken(path, owner)) continue;
      const there = await lookIfThere(path, { link: true });
      const isFree = there === undefined;
      if (!isFree && !(await hasContent(path, there, handle, signal))) continue;
      if (this.#claims.take(path, owner)) return { path, isPresent: !isFree, cached };
    }
    return { path: wanted, isPresent: false, cached };
  }
}

/** Whether a local file has the content of a file handle. */
async function hasContent(
  path: string,
  { kind, size }: { kind: string; size: number },
  { contentMd5, contentSize }: M.FileHandle,
  signal: AbortSignal,
): Promise<boolean> {
  if (kind !== 'file' || contentMd5 === undefined || contentSize !== size) return false;
  return (await fileMd5(path, signal).catch(() => '')) === contentMd5.toLowerCase();
}
