import { resolve } from 'node:path';
import type { Context } from '../context.js';
import { File, Folder, type Parent, type Stored } from '../entities/entityClasses.js';
import { storeEntity } from '../entities/storeEntity.js';
import {
  AuthenticationError,
  AuthorizationError,
  NotFoundError,
  PartialFailureError,
  type Failure,
} from '../errors.js';
import type { CommonOptions, Progress } from '../options.js';
import { containerOf } from '../values/ids.js';
import { filesAtOnce } from './filesAtOnce.js';
import { KnownChildren } from './knownChildren.js';
import { readLocalTree, type LocalDirectory, type LocalFile, type LocalTree } from './localTree.js';
import { pool } from '../transfer/pool.js';

/** How {@link Sync.storeDirectory} uploads. */
export interface StoreDirectoryOptions extends CommonOptions {
  /** Files to upload at the same time. @default 16 */
  concurrency?: number;
  /**
   * Whether files and folders with names that Synapse does not accept are stored under similar names. Files keep their
   * original names in their file handles, and get them back when they are downloaded.
   * @default false
   */
  safeNames?: boolean;
}

/** Implements {@link Sync.storeDirectory}. */
export async function* storeDirectory(
  ctx: Context,
  directory: string,
  parent: Parent,
  options: StoreDirectoryOptions = {},
): AsyncGenerator<(Folder | File) & Stored> {
  const { concurrency = filesAtOnce, safeNames, ...common } = options;
  const tree = await readLocalTree(resolve(directory), { safeNames, signal: common.signal });
  const folders: Folders = {
    ids: new Map([['', containerOf(parent)]]),
    children: new KnownChildren(ctx),
    failures: [...tree.failures],
  };
  const { onProgress, end } = announce(tree, common.onProgress);
  yield* storeFolders(ctx, tree, folders, common);

  const storeOptions = { ...common, safeNames, onProgress: common.onProgress && onProgress };
  const storeOne = async ({ path, segments }: LocalFile): Promise<(File & Stored) | undefined> => {
    try {
      const { name, parentId } = placeOf(segments, folders);
      const file = new File({ path, name, parentId });
      const known = await folders.children.find(parentId, name);
      const stored = await storeEntity(ctx, file, storeOptions, known);
      end(path, 'skipped', 'the file has not changed');
      return stored;
    } catch (error) {
      end(path, 'error', (error as Error).message);
      common.signal?.throwIfAborted();
      folders.failures.push({ path, error: error as Error });
      return undefined;
    }
  };
  for await (const stored of pool(tree.files, { limit: concurrency }, storeOne)) {
    if (stored) yield stored;
  }
  if (folders.failures.length > 0) throw new PartialFailureError('stored', folders.failures);
}

/** The folders of Synapse that a tree is stored in. */
interface Folders {
  /** By path in the tree. */
  ids: Map<string, string>;
  children: KnownChildren;
  failures: Failure[];
}

function placeOf(
  segments: readonly string[],
  { ids }: Folders,
): { name: string; parentId: string } {
  const above = segments.slice(0, -1).join('/');
  const parentId = ids.get(above);
  if (parentId === undefined) throw new Error(`its folder ${above} is not stored`);
  return { name: segments.at(-1) ?? '', parentId };
}

async function* storeFolders(
  ctx: Context,
  { directories, files }: LocalTree,
  folders: Folders,
  options: CommonOptions,
): AsyncGenerator<Folder & Stored> {
  const { ids, children, failures } = folders;
  const counts = countByFolder([...directories, ...files]);
  const expect = (path: string): void =>
    children.expect(ids.get(path) ?? '', counts.get(path) ?? 0, options);
  expect('');
  const storeOne = async (segments: readonly string[]): Promise<Folder & Stored> => {
    const { name, parentId } = placeOf(segments, folders);
    const known = await children.find(parentId, name);
    const folder = await storeEntity(ctx, new Folder({ name, parentId }), options, known);
    if (known !== undefined && known.id === undefined) children.created(folder.id);
    const path = segments.join('/');
    ids.set(path, folder.id);
    expect(path);
    return folder;
  };
  for (const { path, segments } of directories) {
    const folder = await storeOne(segments).catch((error: unknown) => {
      options.signal?.throwIfAborted();
      if (failsEverywhere(error, segments)) throw error;
      failures.push({ path, error: error as Error });
    });
    if (folder) yield folder;
  }
}

/** Whether everything else would fail in the same way: the caller is not logged in, or cannot write into the given container. */
function failsEverywhere(error: unknown, segments: readonly string[]): boolean {
  if (error instanceof AuthenticationError) return true;
  const isRefused = error instanceof NotFoundError || error instanceof AuthorizationError;
  return isRefused && segments.length === 1;
}

/** How many entries each folder of a tree has. */
function countByFolder(entries: readonly LocalDirectory[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { segments } of entries) {
    const folder = segments.slice(0, -1).join('/');
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return counts;
}

/**
 * Reports all files as waiting before the first upload starts, so that the total is known, and reports how each ends. What
 * cannot be stored has ended already.
 */
function announce(
  { files, failures }: LocalTree,
  report: CommonOptions['onProgress'],
): {
  onProgress: (progress: Progress) => void;
  /** Reports how a file ended, unless its transfer already has. */
  end: (path: string, state: 'skipped' | 'error', message: string) => void;
} {
  const open = new Set<string>();
  const tell = (path: string, rest: Pick<Progress, 'state' | 'message' | 'totalBytes'>): void =>
    report?.({ kind: 'upload', path, transferredBytes: 0, ...rest });
  for (const { path, error } of failures) tell(path, { state: 'error', message: error.message });
  for (const { path, size } of files) {
    open.add(path);
    tell(path, { state: 'waiting', totalBytes: size });
  }
  return {
    onProgress: (progress) => {
      const { kind, path, state } = progress;
      if (kind === 'upload' && ends.has(state)) open.delete(path);
      report?.(progress);
    },
    end: (path, state, message) => {
      if (open.delete(path)) tell(path, { state, message });
    },
  };
}

const ends: ReadonlySet<Progress['state']> = new Set(['done', 'error', 'skipped']);
