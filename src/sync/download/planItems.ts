import { setMaxListeners } from 'node:events';
import type { Context } from '../../context.js';
import { AuthenticationError } from '../../errors.js';
import type { Collision } from '../../transfer/collision.js';
import { aType } from '../findFiles.js';
import type { GlobFilter } from '../globs.js';
import type { PlanProblem } from '../plan/planData.js';
import { compareLocal, type LocalState } from './compareLocal.js';
import type { DownloadItem } from './downloadItem.js';
import { externalFileOf } from './externalFileOf.js';
import type { LastManifest } from './lastManifest.js';
import { mapInOrder } from './mapInOrder.js';
import { readRemoteFile, type RemoteFile } from './remoteFile.js';
import { pathOf, type ChosenPath, type LocalPaths, type PathOwner } from './localPaths.js';
import type { TreeEntry, TreeFile } from './remoteTree.js';
import { fileType, folderType } from '../../entities/entityTypes.js';

/** One step of a plan: an item, with what was read for it; or a problem. */
export type Planned =
  | { item: DownloadItem; remote?: RemoteFile }
  | { problem: PlanProblem; error: Error; isListing: boolean };

/** How {@link planItems} compares. */
export interface PlanItemsOptions {
  ifCollision: Collision;
  overwriteChanges: boolean;
  globs: GlobFilter;
  paths: LocalPaths;
  last: LastManifest;
  /** The folders whose directories are there. */
  existing: ReadonlySet<string>;
  signal?: AbortSignal;
}

/** Files whose metadata is read at the same time. */
const readAtOnce = 64;

/** Local files that are compared at the same time. */
const comparedAtOnce = 32;

/** What was read for an entry of the tree. */
type Read =
  | { entry: Exclude<TreeEntry, { kind: 'file' }> }
  | { entry: TreeFile; remote: RemoteFile | string }
  | { entry: TreeFile; error: Error };

/** Plans the entries of a tree, in their order: one request for each file, in parallel. Changes nothing. */
export async function* planItems(
  ctx: Context,
  entries: AsyncIterable<TreeEntry>,
  options: PlanItemsOptions,
): AsyncGenerator<Planned> {
  const { signal } = options;
  const read = mapInOrder(entries, { limit: readAtOnce, signal }, (entry, taskSignal) => {
    setMaxListeners(0, taskSignal);
    return readEntry(ctx, entry, taskSignal);
  });
  // The first, synchronous part of the task chooses the path, in the order of the entries.
  const limits = { limit: comparedAtOnce, signal };
  for await (const planned of mapInOrder(read, limits, (each) => plan(ctx, each, options))) {
    if (planned !== undefined) yield planned;
  }
}

async function readEntry(ctx: Context, entry: TreeEntry, signal: AbortSignal): Promise<Read> {
  if (entry.kind !== 'file') return { entry };
  if (entry.isOther === true && entry.known === undefined) return { entry, remote: '' };
  if (entry.known !== undefined) return { entry, remote: entry.known };
  try {
    return { entry, remote: await readRemoteFile(ctx, entry, { signal }) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AuthenticationError) throw error;
    return { entry, error: error as Error };
  }
}

/** @returns `undefined` for a file of another shard */
function plan(ctx: Context, read: Read, options: PlanItemsOptions): Promise<Planned | undefined> {
  const { entry } = read;
  if ('error' in read) return Promise.resolve(problem(read.entry, read.error, false));
  if ('remote' in read) {
    const { remote } = read;
    if (read.entry.isOther === true) return planOfOther(read.entry, remote, options);
    if (typeof remote !== 'string') return planFile(ctx, read.entry, remote, options);
    const reason = `it is ${aType(remote)}, not a file: see \`synapse show ${entry.id}\``;
    return Promise.resolve({ item: leftOut({ ...read.entry, type: remote, reason }) });
  }
  return Promise.resolve(planOther(read.entry, options));
}

/** A file of another shard takes its path, so that all shards choose the same paths. */
function planOfOther(
  entry: TreeFile,
  remote: RemoteFile | string,
  options: PlanItemsOptions,
): Promise<undefined> {
  try {
    if (typeof remote !== 'string') choose(entry, remote, options);
  } catch {
    // The shard that has the file reports the name that no local file can have.
  }
  return Promise.resolve(undefined);
}

function planOther(
  entry: Exclude<TreeEntry, { kind: 'file' }>,
  { existing, globs }: PlanItemsOptions,
): Planned {
  if (entry.kind === 'problem') return problem(entry, entry.error, entry.isListing);
  if (entry.kind === 'other') return { item: leftOut(entry) };
  const { id, name, path, parentId, place } = entry;
  const common = { kind: 'folder', path, id, name, parentId, bytes: 0, requests: 0 } as const;
  const localPath = pathOf(place);
  if (existing.has(localPath)) {
    return { item: { action: 'skip', ...common, localPath, reason: 'the directory is there' } };
  }
  // Directories for what is included are made with the files.
  if (globs.hasInclude && !globs.includes(path, true)) {
    const reason = 'its directory is only made for what is included in it';
    return { item: { action: 'skip', ...common, reason } };
  }
  return { item: { action: 'create', ...common, localPath } };
}

function leftOut(entry: Omit<TreeFile, 'into'> & { reason: string }): DownloadItem {
  const { id, name, path, type, parentId, reason } = entry;
  const kind = type === fileType ? 'file' : type === folderType ? 'folder' : 'other';
  const common = { kind, path, id, name, parentId, type, reason } as const;
  return { action: 'leaveOut', ...common, bytes: 0, requests: 0 };
}

function problem(
  { id, path }: { id: string; path: string },
  error: Error,
  isListing: boolean,
): Planned {
  return { problem: { path, id, message: error.message }, error, isListing };
}

async function planFile(
  ctx: Context,
  entry: TreeFile,
  remote: RemoteFile,
  options: PlanItemsOptions,
): Promise<Planned> {
  try {
    const chosen = choose(entry, remote, options);
    const external = await externalFileOf(remote.handle, options.signal);
    const state = external ?? (await compare(ctx, chosen, remote, options));
    return { item: itemOf(entry, remote, state), remote };
  } catch (error) {
    options.signal?.throwIfAborted();
    return problem(entry, error as Error, false);
  }
}

interface Chosen extends ChosenPath {
  owner: PathOwner;
}

function choose({ into, id }: TreeFile, remote: RemoteFile, { paths }: PlanItemsOptions): Chosen {
  const owner = { id, owner: `${id}.${remote.versionNumber ?? 0}` };
  return { owner, ...paths.choose(into, remote.handle.fileName ?? remote.name, owner) };
}

/** Compares what is at the path. With `keep.both`, a different file makes the next number be tried. */
async function compare(
  ctx: Context,
  { path, isNumbered, owner }: Chosen,
  remote: RemoteFile,
  options: PlanItemsOptions,
): Promise<LocalState & { path: string }> {
  const { paths, ifCollision } = options;
  const state = await compareLocal(ctx, path, remote, options);
  if (ifCollision === 'keep.both' && state.isTaken === true) {
    for (const other of paths.others(path, owner)) {
      const next = await compareLocal(ctx, other, remote, options);
      if (next.isTaken !== true) return { ...next, path: other, reason: next.reason ?? kept(path) };
    }
  }
  const numbered = isNumbered ? 'another file has its name: it gets a number' : undefined;
  return { ...state, path, reason: state.reason ?? numbered };
}

function kept(path: string): string {
  return `a different file is kept at ${path}`;
}

function itemOf(
  { id, name, path, parentId, version }: TreeFile,
  remote: RemoteFile,
  { action, reason, local, isTaken, path: localPath }: LocalState & { path: string },
): DownloadItem {
  const { versionNumber, etag, modifiedOn, handle } = remote;
  const { contentSize: size, contentMd5, id: fileHandleId } = handle;
  const isTransfer = action === 'create' || action === 'updateContent';
  return {
    action,
    kind: 'file',
    path,
    localPath,
    id,
    name,
    reason,
    bytes: isTransfer ? (size ?? 0) : 0,
    requests: 0,
    parentId: parentId ?? remote.parentId,
    version,
    versionNumber,
    etag,
    modifiedOn,
    fileHandleId,
    md5: contentMd5?.toLowerCase(),
    size,
    local,
    isKept: isTaken,
  };
}
