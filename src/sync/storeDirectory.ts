import { resolve } from 'node:path';
import type { Context } from '../context.js';
import { File, Folder, type Parent, type Stored } from '../entities/entityClasses.js';
import { storeEntity } from '../entities/storeEntity.js';
import { PartialFailureError, type Failure } from '../errors.js';
import type { CommonOptions, Progress } from '../options.js';
import { containerOf } from '../values/ids.js';
import { KnownChildren } from './knownChildren.js';
import { readLocalTree, type LocalFile, type LocalTree } from './localTree.js';
import { pool } from '../transfer/pool.js';

/** How {@link Sync.storeDirectory} uploads. */
export interface StoreDirectoryOptions extends CommonOptions {
  /** Files to upload at the same time. @default 8 */
  concurrency?: number;
}

/** Implements {@link Sync.storeDirectory}. */
export async function* storeDirectory(
  ctx: Context,
  directory: string,
  parent: Parent,
  options: StoreDirectoryOptions = {},
): AsyncGenerator<(Folder | File) & Stored> {
  const { concurrency = 8, ...common } = options;
  const tree = await readLocalTree(resolve(directory));
  const folders: Folders = {
    ids: new Map([['', containerOf(parent)]]),
    children: new KnownChildren(ctx),
  };
  yield* storeFolders(ctx, tree, folders, common);

  const failures: Failure[] = tree.emptyFiles.map((path) => ({
    path,
    error: new Error('the file is empty, and Synapse stores no empty files'),
  }));
  const { onProgress, end } = announce(tree.files, common.onProgress);
  const storeOne = async ({ path, segments }: LocalFile): Promise<(File & Stored) | undefined> => {
    const { name, parentId } = placeOf(segments, folders);
    const file = new File({ path, name, parentId });
    try {
      const known = await folders.children.find(parentId, name);
      const progress = common.onProgress && onProgress;
      const stored = await storeEntity(ctx, file, { ...common, onProgress: progress }, known);
      end(path, 'skipped', 'the file has not changed');
      return stored;
    } catch (error) {
      end(path, 'error', (error as Error).message);
      common.signal?.throwIfAborted();
      failures.push({ path, error: error as Error });
      return undefined;
    }
  };
  for await (const stored of pool(tree.files, { limit: concurrency }, storeOne)) {
    if (stored) yield stored;
  }
  if (failures.length > 0) throw new PartialFailureError('stored', failures);
}

/** The folders of Synapse that a tree is stored in. */
interface Folders {
  /** By path in the tree. */
  ids: Map<string, string>;
  children: KnownChildren;
}

function placeOf(
  segments: readonly string[],
  { ids }: Folders,
): { name: string; parentId: string } {
  const parentId = ids.get(segments.slice(0, -1).join('/'));
  if (parentId === undefined) throw new Error(`No folder for ${segments.join('/')}.`);
  return { name: segments.at(-1) ?? '', parentId };
}

async function* storeFolders(
  ctx: Context,
  { directories, files }: LocalTree,
  folders: Folders,
  options: CommonOptions,
): AsyncGenerator<Folder & Stored> {
  const { ids, children } = folders;
  const counts = countByFolder([...directories, ...files.map(({ segments }) => segments)]);
  const expect = (path: string): void =>
    children.expect(ids.get(path) ?? '', counts.get(path) ?? 0, options);
  expect('');
  for (const segments of directories) {
    const { name, parentId } = placeOf(segments, folders);
    const known = await children.find(parentId, name);
    const folder = await storeEntity(ctx, new Folder({ name, parentId }), options, known);
    if (known !== undefined && known.id === undefined) children.created(folder.id);
    const path = segments.join('/');
    ids.set(path, folder.id);
    expect(path);
    yield folder;
  }
}

/** How many entries each folder of a tree has. */
function countByFolder(entries: readonly string[][]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const segments of entries) {
    const folder = segments.slice(0, -1).join('/');
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return counts;
}

/** Reports all files as waiting before the first upload starts, so that the total is known, and reports how each ends. */
function announce(
  files: readonly LocalFile[],
  report: CommonOptions['onProgress'],
): {
  onProgress: (progress: Progress) => void;
  /** Reports how a file ended, unless its transfer already has. */
  end: (path: string, state: 'skipped' | 'error', message: string) => void;
} {
  const open = new Set<string>();
  const tell = (path: string, rest: Pick<Progress, 'state' | 'message' | 'totalBytes'>): void =>
    report?.({ kind: 'upload', path, transferredBytes: 0, ...rest });
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
