import { relative, resolve, sep } from 'node:path';
import type { Context } from '../../context.js';
import type { Parent } from '../../entities/entityClasses.js';
import { expandPath } from '../../files/expandPath.js';
import { lookIfThere } from '../../files/look.js';
import { safeName } from '../../files/safeName.js';
import type { CommonOptions } from '../../options.js';
import { pool } from '../../transfer/pool.js';
import { idOf, parseSynapseId } from '../../values/ids.js';
import { filesAtOnce } from '../filesAtOnce.js';
import { readLocalTree } from '../localTree.js';
import { compareLocal } from '../lock/compareLocal.js';
import { readFileTree } from '../lock/fileTree.js';
import type { FileTree, TreeFile } from '../lock/treeData.js';
import type { DiffItem, DiffState, TreeDiff } from './treeDiff.js';

/** The names of the manifests that downloads write. */
const manifestNames = new Set(['manifest.csv', 'SYNAPSE_METADATA_MANIFEST.tsv']);

/** Implements {@link Sync.diff}. */
export async function diffTree(
  ctx: Context,
  directory: string,
  parent: Parent,
  options: CommonOptions = {},
): Promise<TreeDiff> {
  const { signal } = options;
  const top = resolve(expandPath(directory));
  const root = parseSynapseId(idOf(parent));
  const local = await readLocal(top, signal);
  const remote = await readFileTree(ctx, [root], { signal });
  const items = [...notes(remote), ...compareFolders(local, remote)];
  const pairs = pairUp(local, remote);
  const limits = { limit: filesAtOnce, signal };
  for await (const item of pool(pairs, limits, (pair) => compareFile(local, pair, signal))) {
    items.push(item);
  }
  items.push(...extras(local, remote));
  return summary(top, remote.roots[0] ?? root.id, items);
}

/** A local directory: paths are relative, joined by `/`. */
interface LocalTree {
  top: string;
  folders: Set<string>;
  /** Sizes by path. */
  files: Map<string, number>;
  /** Why paths cannot be read. */
  problems: Map<string, string>;
  /** Paths that were paired with a file in Synapse. */
  paired: Set<string>;
  /** Paths by what is left of them without case and Unicode form. Made when it is needed. */
  keys: Map<string, string>;
}

/** Reads the local side. Empty files and names that Synapse does not accept are compared like all others. */
async function readLocal(top: string, signal: AbortSignal | undefined): Promise<LocalTree> {
  const tree = await readLocalTree(top, { safeNames: true, signal });
  const pathOf = (path: string): string => relative(top, path).split(sep).join('/');
  const local: LocalTree = {
    top,
    folders: new Set(tree.directories.map(({ path }) => pathOf(path))),
    files: new Map(tree.files.map(({ path, size }) => [pathOf(path), size])),
    problems: new Map(),
    paired: new Set(),
    keys: new Map(),
  };
  for (const { path, error } of tree.failures) {
    const look = await lookIfThere(path);
    if (look?.kind === 'file') local.files.set(pathOf(path), look.size);
    else local.problems.set(pathOf(path), error.message);
  }
  return local;
}

function notes({ failures, leftOut }: FileTree): DiffItem[] {
  const item = (state: DiffState) => (note: FileTree['failures'][number]) => {
    const { id, path, reason } = note;
    return { state, kind: 'other', path: path || '.', id, reason } as const;
  };
  return [...failures.map(item('unreadable')), ...leftOut.map(item('leftOut'))];
}

function compareFolders(local: LocalTree, { folders }: FileTree): DiffItem[] {
  return folders.map(({ id, path }) => {
    const item = { kind: 'folder', path, id } as const;
    if (local.folders.has(path)) return { state: 'same', ...item };
    local.paired.add(path);
    const problem = local.files.has(path)
      ? 'a file is in the place of the directory'
      : local.problems.get(path);
    return problem === undefined
      ? { state: 'missing', ...item, reason: similarName(local, path) }
      : { state: 'unreadable', ...item, reason: problem };
  });
}

/** A file in Synapse, and the local path that it is compared with. */
interface Pair {
  file: TreeFile;
  path: string;
}

/**
 * A download has the name of the content; a file that was uploaded may be stored under another name, so where the name of the
 * content is not there, the name of the entity counts.
 */
function pairUp({ files, paired }: LocalTree, { files: remote }: FileTree): Pair[] {
  const expected = new Set(remote.map(({ path }) => path));
  return remote.map((file) => {
    const other = withName(file.path, file.name);
    const isOther =
      other !== undefined && !files.has(file.path) && files.has(other) && !expected.has(other);
    const path = isOther && !paired.has(other) ? other : file.path;
    paired.add(path);
    return { file, path };
  });
}

function withName(path: string, name: string): string | undefined {
  try {
    return path.slice(0, path.lastIndexOf('/') + 1) + safeName(name);
  } catch {
    return undefined;
  }
}

async function compareFile(
  local: LocalTree,
  { file, path }: Pair,
  signal: AbortSignal | undefined,
): Promise<DiffItem> {
  const { id, version, size, md5 } = file;
  const item = { kind: 'file', path, id, version, size, md5 } as const;
  const problem = local.folders.has(path)
    ? 'a directory is in the place of the file'
    : local.problems.get(path);
  if (problem !== undefined) return { state: 'unreadable', ...item, reason: problem };
  if (!local.files.has(path)) {
    return { state: 'missing', ...item, reason: similarName(local, path) };
  }
  try {
    const found = await compareLocal(resolve(local.top, ...path.split('/')), file, signal);
    const { state, reason, size: localSize, md5: localMd5 } = found;
    const isUnknown = state === 'unknown';
    return { state: isUnknown ? 'unreadable' : state, ...item, localSize, localMd5, reason };
  } catch (error) {
    signal?.throwIfAborted();
    return { state: 'unreadable', ...item, reason: (error as Error).message };
  }
}

/** What is only in the local directory. */
function extras(local: LocalTree, { folders }: FileTree): DiffItem[] {
  const { files, problems, paired } = local;
  const known = new Set(folders.map(({ path }) => path));
  const isNew = (path: string): boolean => !paired.has(path) && !known.has(path);
  const items: DiffItem[] = [];
  for (const path of local.folders) {
    if (isNew(path)) items.push({ state: 'extra', kind: 'folder', path });
  }
  for (const [path, localSize] of files) {
    if (!isNew(path)) continue;
    const isManifest = manifestNames.has(path.slice(path.lastIndexOf('/') + 1));
    items.push(
      isManifest
        ? { state: 'leftOut', kind: 'file', path, localSize, reason: 'it is a manifest' }
        : { state: 'extra', kind: 'file', path, localSize },
    );
  }
  for (const [path, reason] of problems) {
    if (isNew(path)) items.push({ state: 'unreadable', kind: 'other', path, reason });
  }
  return items;
}

/** Says when a missing path is there under a name that looks alike. */
function similarName({ files, folders, keys }: LocalTree, path: string): string | undefined {
  if (keys.size === 0) {
    for (const each of [...folders, ...files.keys()]) keys.set(keyOf(each), each);
  }
  const similar = keys.get(keyOf(path));
  return similar === undefined
    ? undefined
    : `${JSON.stringify(similar)} differs only in case or in its Unicode form`;
}

function keyOf(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

function summary(directory: string, id: string, items: DiffItem[]): TreeDiff {
  const counts = { same: 0, changed: 0, missing: 0, extra: 0, unreadable: 0, leftOut: 0 };
  for (const { state } of items) counts[state] += 1;
  const isSame = counts.same + counts.leftOut === items.length;
  items.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { isSame, directory, id, items, counts };
}
