import { basename, resolve } from 'node:path';
import type { Context } from '../../context.js';
import { Folder, type Parent } from '../../entities/entityClasses.js';
import { isContainer } from '../../entities/isContainer.js';
import { storeEntity } from '../../entities/storeEntity.js';
import { ArgumentError, AuthenticationError, type Failure } from '../../errors.js';
import { expandPath } from '../../files/expandPath.js';
import { lookIfThere } from '../../files/look.js';
import type { CommonOptions } from '../../options.js';
import { runPool } from '../../transfer/pool.js';
import { containerOf } from '../../values/ids.js';
import { aType } from '../findFiles.js';
import { filesAtOnce } from '../filesAtOnce.js';
import { KnownChildren } from '../knownChildren.js';
import { readLocalTree, type LocalDirectory, type LocalTree } from '../localTree.js';
import type { PlanProblem } from '../plan/planData.js';
import type { ManifestEntry, ManifestForm } from './manifestRow.js';
import { ManifestText } from './manifestText.js';
import { writeManifest } from './writeManifest.js';

/** How {@link Sync.generateManifest} works. */
export interface GenerateManifestOptions extends CommonOptions {
  /** Where the manifest is written. @default it is not written, but returned as `text` */
  manifestPath?: string;
  /** @default 'csv' */
  form?: ManifestForm;
  /** Whether names that Synapse does not accept are replaced by similar ones, in a column `name`. @default false */
  safeNames?: boolean;
}

/** A manifest of a directory. */
export interface GeneratedManifest {
  /** Where it is; absolute. */
  path?: string;
  /** The manifest itself, when no path was given. */
  text?: string;
  /** Files in it. */
  rows: number;
  /** Ids of the folders in Synapse by local directory, existing and new ones. */
  folders: Record<string, string>;
  /** What is not in the manifest: empty and unreadable files, links that lead nowhere, names that Synapse does not accept. */
  failures: Failure[];
  /** What is in it, but would be read as something else. */
  problems: PlanProblem[];
}

/** Implements {@link Sync.generateManifest}. */
export async function generateManifest(
  ctx: Context,
  directory: string,
  parent: Parent,
  options: GenerateManifestOptions = {},
): Promise<GeneratedManifest> {
  const { manifestPath, form = 'csv', safeNames, signal } = options;
  const parentId = containerOf(parent);
  const tree = await readTree(resolve(expandPath(directory)), { safeNames, signal });
  await requireContainer(ctx, parentId, signal);
  const { ids, failures } = await mirrorFolders(ctx, tree, parentId, { signal });
  const entries = entriesOf(tree, ids, parentId);
  const folders = Object.fromEntries(
    tree.directories.flatMap(({ path, segments }) => {
      const id = ids.get(segments.join('/'));
      return id === undefined ? [] : [[path, id]];
    }),
  );
  const result = { folders, failures: [...tree.failures, ...failures] };
  if (manifestPath === undefined) return { ...result, ...(await textOf(form, entries)) };
  const path = resolve(expandPath(manifestPath));
  const written = await writeManifest(path, form, entries, { columns: 'needed', signal });
  return { ...result, ...written };
}

async function readTree(
  path: string,
  options: { safeNames?: boolean; signal?: AbortSignal },
): Promise<LocalTree> {
  const look = await lookIfThere(path);
  if (look?.kind !== 'file') return readLocalTree(path, options);
  throw new ArgumentError(`${path} is a file: a manifest is made of a directory.`);
}

async function requireContainer(ctx: Context, id: string, signal?: AbortSignal): Promise<void> {
  const header = await ctx.services.entity.getEntityHeader({ id }, { signal });
  if (isContainer(header)) return;
  throw new ArgumentError(
    `${id} (${header.name}) is ${aType(header.type)}, not a project or folder.`,
  );
}

interface Folders {
  /** By path in the tree. */
  ids: Map<string, string>;
  failures: Failure[];
}

/** Creates or finds a folder for each directory: level by level, those of one level at the same time. */
async function mirrorFolders(
  ctx: Context,
  { directories }: LocalTree,
  parentId: string,
  options: CommonOptions,
): Promise<Folders> {
  const folders: Folders = { ids: new Map([['', parentId]]), failures: [] };
  const children = new KnownChildren(ctx);
  /** Folders that this call has created: they are empty. */
  const created = new Set<string>();
  const counts = new Map<string, number>();
  const levels: LocalDirectory[][] = [];
  for (const directory of directories) {
    const above = aboveOf(directory);
    counts.set(above, (counts.get(above) ?? 0) + 1);
    (levels[directory.segments.length - 1] ??= []).push(directory);
  }
  const storeOne = async (directory: LocalDirectory): Promise<void> => {
    const { path, segments } = directory;
    const above = aboveOf(directory);
    const name = segments.at(-1) ?? '';
    try {
      const inside = folders.ids.get(above);
      if (inside === undefined) throw new Error(`its folder ${above} is not in Synapse`);
      const isNew = created.has(inside);
      if (!isNew) children.expect(inside, counts.get(above) ?? 0, options);
      const found = isNew ? { header: undefined } : await children.find(inside, name);
      const known = found && { id: found.header?.id };
      const folder = await storeEntity(ctx, new Folder({ name, parentId: inside }), options, known);
      if (known !== undefined && known.id === undefined) created.add(folder.id);
      folders.ids.set(segments.join('/'), folder.id);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof AuthenticationError) throw error;
      folders.failures.push({ path, error: error as Error });
    }
  };
  for (const level of levels) {
    await runPool(level, { limit: filesAtOnce, signal: options.signal }, storeOne);
  }
  return folders;
}

function aboveOf({ segments }: LocalDirectory): string {
  return segments.slice(0, -1).join('/');
}

/** The rows: of each directory its files, then its directories, by name as Python sorts. */
function entriesOf(
  { files }: LocalTree,
  ids: ReadonlyMap<string, string>,
  parentId: string,
): ManifestEntry[] {
  const sorted = [...files].sort((a, b) => compare(a.segments, b.segments));
  return sorted.flatMap((file) => {
    const { path, segments } = file;
    const folder = segments.length === 1 ? parentId : ids.get(aboveOf(file));
    // The folder is among the failures.
    if (folder === undefined) return [];
    const name = segments.at(-1);
    return [{ path, parentId: folder, name: basename(path) === name ? undefined : name }];
  });
}

function compare(a: readonly string[], b: readonly string[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? '';
    const isFile = index === a.length - 1;
    if (isFile !== (index === b.length - 1)) return isFile ? -1 : 1;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

async function textOf(
  form: ManifestForm,
  entries: readonly ManifestEntry[],
): Promise<Pick<GeneratedManifest, 'text' | 'rows' | 'problems'>> {
  const manifest = new ManifestText(form, { columns: 'needed' });
  try {
    for (const entry of entries) await manifest.add(entry);
    let text = '';
    for await (const line of manifest.text()) text += line;
    return { text, rows: manifest.rows, problems: manifest.problems };
  } finally {
    await manifest.end();
  }
}
