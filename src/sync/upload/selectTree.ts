import { relative, sep } from 'node:path';
import type { GlobFilter } from '../globs.js';
import type { LocalDirectory, LocalTree } from '../localTree.js';
import type { UploadItem } from './uploadItem.js';

/** The part of a local tree that patterns select. */
export interface SelectedTree {
  tree: LocalTree;
  /** Items for what is left out. What is in a directory that is left out has none. */
  leftOut: UploadItem[];
}

/**
 * Selects the files of a tree by patterns, and the directories that hold them.
 *
 * @param root - The directory of the tree. Patterns apply to the local paths below it.
 */
export function selectTree(tree: LocalTree, root: string, filter: GlobFilter): SelectedTree {
  const leftOut: UploadItem[] = [];
  const gone = new Set<string>();
  const note = (kind: 'file' | 'folder', entry: LocalDirectory, reason: string): void => {
    const { path: localPath, segments } = entry;
    const path = segments.join('/');
    const isInside = segments.some((_, at) => at > 0 && gone.has(segments.slice(0, at).join('/')));
    if (kind === 'folder') gone.add(path);
    const name = segments.at(-1) ?? '';
    const item = { action: 'leaveOut', kind, path, localPath, name, reason } as const;
    if (!isInside) leftOut.push({ ...item, bytes: 0, requests: 0 });
  };
  const pathOf = (path: string): string => relative(root, path).split(sep).join('/');
  const isIn = (kind: 'file' | 'folder', entry: LocalDirectory): boolean => {
    const reason = filter.leftOut(pathOf(entry.path), kind === 'folder');
    if (reason !== undefined) note(kind, entry, reason);
    return reason === undefined;
  };
  const candidates = tree.directories.filter((directory) => isIn('folder', directory));
  const files = tree.files.filter((file) => isIn('file', file));
  const needed = new Set(
    files.flatMap(({ segments }) => segments.map((_, at) => segments.slice(0, at).join('/'))),
  );
  const directories = candidates.filter((directory) => {
    if (!filter.hasInclude || needed.has(directory.segments.join('/'))) return true;
    if (filter.includes(pathOf(directory.path), true)) return true;
    note('folder', directory, 'nothing in it is to be included');
    return false;
  });
  const failures = tree.failures.filter(({ path }) => filter.leftOut(pathOf(path)) === undefined);
  return { tree: { directories, files, failures }, leftOut };
}
