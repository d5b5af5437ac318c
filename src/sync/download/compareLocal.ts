import type { Stats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import type { Context } from '../../context.js';
import { FileSystemError, systemCode } from '../../errors.js';
import { fileMd5 } from '../../files/fileMd5.js';
import { kindOfFile } from '../../files/regularFile.js';
import type { Collision } from '../../transfer/collision.js';
import type { LastManifest } from './lastManifest.js';
import type { LocalLook } from './downloadItem.js';
import type { RemoteFile } from './remoteFile.js';
import { versionWithMd5 } from '../versionWithMd5.js';

/** What a download does with a local path. */
export interface LocalState {
  action: 'create' | 'updateContent' | 'skip' | 'conflict';
  reason?: string;
  local?: LocalLook;
  /** Whether another file is there, and is kept. */
  isTaken?: boolean;
}

/** How differences are dealt with. */
export interface CompareOptions {
  ifCollision: Collision;
  /** Whether files that have changed here are replaced. */
  overwriteChanges: boolean;
  last: LastManifest;
  signal?: AbortSignal;
}

/** Compares a local path with a file in Synapse. Nothing is transferred; the local file is read only when its size is the same. */
export async function compareLocal(
  ctx: Context,
  path: string,
  remote: RemoteFile,
  options: CompareOptions,
): Promise<LocalState> {
  const there = await statIfThere(path);
  if (there === undefined) return { action: 'create' };
  const local = { size: there.size, modifiedMs: there.mtimeMs };
  if (there.isSymbolicLink()) return { local, ...(await compareLink(path, remote, options)) };
  if (!there.isFile()) {
    const what = kindOfFile(there);
    return {
      action: 'conflict',
      reason: `${what} is in its place: move it, or rename the file in Synapse`,
    };
  }
  const { signal } = options;
  let md5: Promise<string> | undefined;
  const pair: Pair = { path, local, remote, localMd5: () => (md5 ??= fileMd5(path, signal)) };
  if (await isSame(ctx, pair)) return { action: 'skip', reason: 'it is the same here', local };
  return { local, ...(await difference(ctx, pair, options)) };
}

interface Pair {
  path: string;
  local: LocalLook;
  remote: RemoteFile;
  /** The MD5 of the local file, which is read once. */
  localMd5: () => Promise<string>;
}

/** A record of the cache with the time of the file tells its content; otherwise it is read. */
async function isSame(
  ctx: Context,
  { path, local, localMd5, remote: { handle } }: Pair,
): Promise<boolean> {
  const md5 = handle.contentMd5?.toLowerCase();
  if (handle.contentSize !== undefined && handle.contentSize !== local.size) return false;
  if (await ctx.cache.contains(handle.id, path, { md5 })) return true;
  return md5 !== undefined && (await localMd5()) === md5;
}

/** A link to a file with the same content is as good as the file. Otherwise it belongs to the user. */
async function compareLink(
  path: string,
  { handle }: RemoteFile,
  { overwriteChanges, signal }: CompareOptions,
): Promise<LocalState> {
  const md5 = handle.contentMd5?.toLowerCase();
  const target = await stat(path).catch(() => undefined);
  const isEqual =
    target?.isFile() === true &&
    md5 !== undefined &&
    target.size === (handle.contentSize ?? target.size) &&
    (await fileMd5(path, signal)) === md5;
  if (isEqual) return { action: 'skip', reason: 'a link to a file with the same content is here' };
  if (overwriteChanges) return { action: 'updateContent', reason: 'replaces a link' };
  return {
    action: 'conflict',
    isTaken: true,
    reason:
      'a link is in its place: remove it, or replace it (overwriteChanges, --overwrite-changes)',
  };
}

async function difference(
  ctx: Context,
  pair: Pair,
  options: CompareOptions,
): Promise<Omit<LocalState, 'local'>> {
  const { ifCollision, overwriteChanges } = options;
  if (ifCollision === 'keep.local') {
    return { action: 'skip', isTaken: true, reason: 'a different file of that name is kept' };
  }
  if (ifCollision === 'keep.both') {
    return { action: 'conflict', isTaken: true, reason: 'a different file of that name is kept' };
  }
  if (overwriteChanges)
    return { action: 'updateContent', reason: 'replaces a different local file' };
  const known = await whereKnown(ctx, pair, options);
  if (known !== undefined) return { action: 'updateContent', reason: known };
  return {
    action: 'conflict',
    isTaken: true,
    reason:
      'the local file was changed, and is neither the version in Synapse nor one before it: keep both (ifCollision: keep.both, ' +
      '--if-collision keep.both), or replace it (overwriteChanges, --overwrite-changes)',
  };
}

/** Where the content of the local file can be had again: nothing is lost when it is replaced. */
async function whereKnown(
  ctx: Context,
  { path, localMd5, remote: { id, versionNumber = 1 } }: Pair,
  { last, signal }: CompareOptions,
): Promise<string | undefined> {
  const md5 = await localMd5();
  if (last.at(path)?.md5 === md5) return 'has changed since the last download';
  const number = await versionWithMd5(ctx, id, md5, { signal });
  return number === undefined
    ? undefined
    : `version ${number} is here, and Synapse has ${versionNumber}`;
}

/** Looks at a path, and at a link itself. What cannot be looked at is an error: it is not the same as nothing. */
async function statIfThere(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: unknown) => {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  });
}

/** Whether a local path is as it was. @returns what has changed */
export async function changeSince(
  path: string,
  seen: LocalLook | undefined,
): Promise<string | undefined> {
  const now = await statIfThere(path).catch((error: unknown) => {
    throw new FileSystemError(`Cannot look at ${path}.`, { path, code: 'EIO', cause: error });
  });
  if (now === undefined) return seen === undefined ? undefined : 'was removed';
  if (seen === undefined) return 'has appeared';
  const isUnchanged = now.size === seen.size && now.mtimeMs === seen.modifiedMs;
  return isUnchanged ? undefined : 'has changed';
}
