import { resolve } from 'node:path';
import { File, Folder } from '../entities/entityClasses.js';
import { PartialFailureError, type Failure } from '../errors.js';
import type { CommonOptions, Progress } from '../options.js';
import { readLocalTree, type LocalFile } from './localTree.js';
import { runConcurrently } from './runConcurrently.js';

/** What {@link storeDirectory} needs of a client. */
export interface EntityStore {
  store<E extends Folder | File>(entity: E, options?: CommonOptions): Promise<E & Stored>;
}

interface Stored {
  id: string;
  name: string;
}

export interface StoreDirectoryOptions extends CommonOptions {
  /** How many files are stored at a time. @default 4 */
  concurrency?: number;
}

/**
 * Stores a directory with all that is in it below a project or folder: a folder for each directory, a file for each
 * file. What is there already is updated; a file that has not changed is not sent again.
 *
 * @param directory - Its content goes into the parent; the directory itself gets no folder.
 * @returns each folder and file as it is stored, folders first
 * @throws {@link ArgumentError} before anything is stored, for names that Synapse does not take
 * @throws {@link PartialFailureError} at the end, when some files could not be stored; the others are
 */
export async function* storeDirectory(
  syn: EntityStore,
  directory: string,
  parentId: string,
  options: StoreDirectoryOptions = {},
): AsyncGenerator<(Folder | File) & Stored> {
  const { concurrency = 4, ...common } = options;
  const tree = await readLocalTree(resolve(directory));
  const folderIds = new Map([['', parentId]]);
  const parentOf = (segments: string[]): string =>
    folderIds.get(segments.slice(0, -1).join('/')) ?? parentId;

  for (const segments of tree.directories) {
    const name = segments.at(-1) ?? '';
    const folder = await syn.store(new Folder({ name, parentId: parentOf(segments) }), common);
    folderIds.set(segments.join('/'), folder.id);
    yield folder;
  }

  const failures: Failure[] = tree.emptyFiles.map((path) => ({
    path,
    error: new Error('the file is empty, and Synapse stores no empty files'),
  }));
  const { onProgress, end } = announce(tree.files, common.onProgress);
  const storeOne = async ({ path, segments }: LocalFile): Promise<(File & Stored) | undefined> => {
    const file = new File({ path, name: segments.at(-1) ?? '', parentId: parentOf(segments) });
    try {
      const stored = await syn.store(file, { ...common, ...(common.onProgress && { onProgress }) });
      end(path, 'skipped', 'the file has not changed');
      return stored;
    } catch (error) {
      end(path, 'error', (error as Error).message);
      common.signal?.throwIfAborted();
      failures.push({ path, error: error as Error });
      return undefined;
    }
  };
  for await (const stored of runConcurrently(tree.files, concurrency, storeOne)) {
    if (stored) yield stored;
  }
  if (failures.length > 0) throw new PartialFailureError('stored', failures);
}

/** Tells of all files before the first one moves, so that whoever looks on knows how much there is, and of the end of each. */
function announce(
  files: readonly LocalFile[],
  report: CommonOptions['onProgress'],
): {
  onProgress: (progress: Progress) => void;
  /** Says how it ended with a file, where its transfer does not. */
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
