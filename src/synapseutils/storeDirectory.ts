import { resolve } from 'node:path';
import { File, Folder } from '../entities/entityClasses.js';
import { PartialFailureError, type Failure } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { readLocalTree } from './localTree.js';
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
  const storeOne = async (
    file: (typeof tree.files)[number],
  ): Promise<(File & Stored) | undefined> => {
    const { path, segments } = file;
    try {
      return await syn.store(
        new File({ path, name: segments.at(-1) ?? '', parentId: parentOf(segments) }),
        common,
      );
    } catch (error) {
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
