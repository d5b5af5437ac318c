import { lstat } from 'node:fs/promises';
import { basename, dirname, relative, sep } from 'node:path';
import { SynapseError } from '../../errors.js';
import { fileMd5 } from '../../files/fileMd5.js';
import type { GlobFilter } from '../globs.js';
import { isInShard, type Shard } from '../shard.js';
import type { DownloadItem } from './downloadItem.js';
import { isBelow, type DownloadedBefore, type LastManifest } from './lastManifest.js';
import { pathOf } from './localPaths.js';
import type { Planned } from './planItems.js';
import type { TreeEntry } from './remoteTree.js';

/** What a download has seen in Synapse, to know what is not there any more. */
export class Seen {
  /** Ids of everything that was listed. */
  readonly ids = new Set<string>();
  /** Ids of files whose local path is planned. */
  readonly planned = new Set<string>();
  /** Local paths of files and folders. */
  readonly paths = new Set<string>();
  /** Why something can be there that was not seen. */
  gap: string | undefined;

  /** Notes what is listed. */
  async *watch(entries: AsyncIterable<TreeEntry>): AsyncGenerator<TreeEntry> {
    for await (const entry of entries) {
      this.ids.add(entry.id);
      if (entry.kind === 'folder') this.paths.add(pathOf(entry.place));
      yield entry;
    }
  }

  /** Notes what is planned. */
  note(planned: Planned): void {
    if ('problem' in planned) {
      if (planned.isListing) this.gap ??= planned.problem.path || 'the container itself';
      return;
    }
    const { id, localPath, kind, action } = planned.item;
    if (localPath !== undefined) this.paths.add(localPath);
    if (kind === 'file' && id !== undefined && action !== 'leaveOut') this.planned.add(id);
    // What is in a folder that is left out was not listed.
    if (kind === 'folder' && action === 'leaveOut') this.gap ??= planned.item.path;
  }
}

interface Deletion {
  directory: string;
  last: LastManifest;
  seen: Seen;
  globs: GlobFilter;
  force?: boolean | undefined;
  shard?: Shard | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Plans to delete local files that an earlier download made, that have not changed since, and that are not in Synapse any more; and
 * their directories, which are removed if they are empty then.
 */
export async function* planDeletions(options: Deletion): AsyncGenerator<Planned> {
  const { directory, last, seen, globs, force = false, shard, signal } = options;
  const isGone = ({ id, path }: DownloadedBefore): boolean =>
    !seen.paths.has(path) &&
    (shard === undefined || isInShard(path, shard)) &&
    (!seen.ids.has(id) || seen.planned.has(id)) &&
    globs.leftOut(pathIn(directory, path)) === undefined;
  const gone: DownloadedBefore[] = [];
  for (const file of last.files) if (isGone(file) && (await isThere(file.path))) gone.push(file);
  if (gone.length === 0) return;
  if (seen.gap !== undefined) {
    yield refusal(directory, `${seen.gap} was not listed, so what is in it is unknown`);
    return;
  }
  if (gone.length * 2 > last.size && !force) {
    const counts = `${gone.length} of ${last.size} files would be deleted, more than half`;
    yield refusal(
      directory,
      `${counts}: check the id and the directory, then force it (force, --force)`,
    );
    return;
  }
  for (const file of gone) yield { item: await deletionOf(directory, file, signal) };
  for (const item of emptied(directory, gone, seen)) yield { item };
}

function pathIn(directory: string, path: string): string {
  return relative(directory, path).split(sep).join('/');
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

function refusal(path: string, why: string): Planned {
  const error = new SynapseError(`Nothing is deleted: ${why}.`, { code: 'DELETE_REFUSED' });
  return { problem: { path, message: error.message }, error, isListing: false };
}

async function deletionOf(
  directory: string,
  { id, path, md5 }: DownloadedBefore,
  signal: AbortSignal | undefined,
): Promise<DownloadItem> {
  const there = await lstat(path);
  const local = { size: there.size, modifiedMs: there.mtimeMs };
  const common = { kind: 'file', path: pathIn(directory, path), localPath: path, id } as const;
  const item = { ...common, name: basename(path), bytes: 0, requests: 0, local, md5 };
  const isUnchanged = there.isFile() && (await fileMd5(path, signal)) === md5;
  return isUnchanged
    ? { ...item, action: 'delete', reason: 'it is not in Synapse any more' }
    : {
        ...item,
        action: 'conflict',
        isKept: true,
        reason: 'it is not in Synapse any more, but was changed here: it is not deleted',
      };
}

/** The directories of deleted files, the deepest first. */
function* emptied(
  top: string,
  gone: readonly DownloadedBefore[],
  { paths }: Seen,
): Generator<DownloadItem> {
  const directories = new Set<string>();
  for (const { path } of gone) {
    for (let each = dirname(path); isBelow(each, top); each = dirname(each)) {
      if (!paths.has(each)) directories.add(each);
    }
  }
  for (const localPath of [...directories].sort((a, b) => b.length - a.length)) {
    const path = pathIn(top, localPath);
    const common = { kind: 'folder', path, localPath, name: basename(localPath) } as const;
    const reason = 'its folder is not in Synapse any more; it is removed if it is empty';
    yield { action: 'delete', ...common, bytes: 0, requests: 0, reason };
  }
}
