import { resolve } from 'node:path';
import type { Context } from '../context.js';
import { File, Folder, type Parent, type Stored } from '../entities/entityClasses.js';
import { storeEntity } from '../entities/storeEntity.js';
import { PartialFailureError, type Failure } from '../errors.js';
import type { CommonOptions, Progress } from '../options.js';
import { idOf } from '../values/ids.js';
import { readLocalTree, type LocalFile } from './localTree.js';
import { pool } from '../transfer/pool.js';

/** How {@link Sync.storeDirectory} uploads. */
export interface StoreDirectoryOptions extends CommonOptions {
  /** Files to upload at the same time. @default 4 */
  concurrency?: number;
}

/** Implements {@link Sync.storeDirectory}. */
export async function* storeDirectory(
  ctx: Context,
  directory: string,
  parent: Parent,
  options: StoreDirectoryOptions = {},
): AsyncGenerator<(Folder | File) & Stored> {
  const { concurrency = 4, ...common } = options;
  const tree = await readLocalTree(resolve(directory));
  const rootId = idOf(parent);
  const folderIds = new Map([['', rootId]]);
  const parentOf = (segments: string[]): string =>
    folderIds.get(segments.slice(0, -1).join('/')) ?? rootId;

  for (const segments of tree.directories) {
    const name = segments.at(-1) ?? '';
    const folder = new Folder({ name, parentId: parentOf(segments) });
    const stored = await storeEntity(ctx, folder, common);
    folderIds.set(segments.join('/'), stored.id);
    yield stored;
  }

  const failures: Failure[] = tree.emptyFiles.map((path) => ({
    path,
    error: new Error('the file is empty, and Synapse stores no empty files'),
  }));
  const { onProgress, end } = announce(tree.files, common.onProgress);
  const storeOne = async ({ path, segments }: LocalFile): Promise<(File & Stored) | undefined> => {
    const file = new File({ path, name: segments.at(-1) ?? '', parentId: parentOf(segments) });
    try {
      const stored = await storeEntity(ctx, file, {
        ...common,
        onProgress: common.onProgress && onProgress,
      });
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
