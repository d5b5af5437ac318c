import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isFileName } from '../entities/fileChecks.js';
import { ArgumentError } from '../errors.js';

/** A file below a directory. */
export interface LocalFile {
  path: string;
  /** The parts of its path relative to the directory. */
  segments: string[];
  /** Bytes. */
  size: number;
}

/** The content of a directory that is to be stored. */
export interface LocalTree {
  /** Paths relative to the directory, in order of name. Parents come before their children. */
  directories: string[][];
  /** Files that can be stored, in the same order. */
  files: LocalFile[];
  /** Empty files, which Synapse does not accept (`POST /file/multipart`). */
  emptyFiles: string[];
}

/**
 * Lists a directory and everything below it. Links to files count as files. Links to directories are not followed, because
 * they can form circles.
 *
 * @throws {@link ArgumentError} when it is not a directory, or contains names that Synapse does not accept. The error lists
 * all of them.
 */
export async function readLocalTree(directory: string): Promise<LocalTree> {
  const info = await stat(directory).catch((cause: unknown) => {
    throw new ArgumentError(`${directory} cannot be read: ${(cause as Error).message}`, { cause });
  });
  if (!info.isDirectory()) throw new ArgumentError(`${directory} is not a directory.`);
  const tree: LocalTree = { directories: [], files: [], emptyFiles: [] };
  await descend(directory, [], tree);
  refuseNames([...tree.directories, ...tree.files.map(({ segments }) => segments)]);
  return tree;
}

async function descend(directory: string, segments: string[], tree: LocalTree): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(directory, entry.name);
    const inTree = [...segments, entry.name];
    if (entry.isDirectory()) {
      tree.directories.push(inTree);
      await descend(path, inTree, tree);
      continue;
    }
    const info = await stat(path);
    if (!info.isFile()) continue;
    if (info.size === 0) tree.emptyFiles.push(path);
    else tree.files.push({ path, segments: inTree, size: info.size });
  }
}

function refuseNames(paths: string[][]): void {
  const bad = paths.filter((segments) => !isFileName(segments.at(-1) ?? ''));
  if (bad.length === 0) return;
  const shown = bad.slice(0, 10).map((segments) => JSON.stringify(segments.join('/')));
  const more = bad.length > shown.length ? ` and ${bad.length - shown.length} more` : '';
  throw new ArgumentError(
    `Synapse takes no such names: ${shown.join(', ')}${more}. Names may have letters, digits, spaces and ,_.-+()' ` +
      'and at most 256 characters: rename these, nothing has been stored.',
  );
}
