import type { Context } from '../../context.js';
import { getChildren } from '../../entities/getChildren.js';
import { endlessTree, maximumDepth } from '../../entities/endlessTree.js';
import { ArgumentError, SynapseError } from '../../errors.js';
import { safeName } from '../../files/safeName.js';
import type { EntityRef } from '../../values/ids.js';
import type { GlobFilter } from '../globs.js';
import { fileType, folderType } from '../../entities/entityTypes.js';
import { readView, type ReadView, type ViewRow } from './readView.js';
import { pathBelow, type LocalPlace, type TreeEntry } from './remoteTree.js';

/** What is read of a tree with a view. */
export interface ViewTreeOptions {
  view: EntityRef;
  recursive: boolean;
  maxDepth: number;
  globs: GlobFilter;
  openFolder: (place: LocalPlace) => Promise<void>;
  signal?: AbortSignal;
}

interface Place {
  id: string;
  path: string;
  depth: number;
  local: LocalPlace;
}

/**
 * Lists a container by a view: four calls and the query, however many files there are. A view without folders takes one more for
 * each folder.
 *
 * @throws {@link ArgumentError} when the view does not have the container in its scope, or lacks a column.
 */
export async function* viewTree(
  ctx: Context,
  { id, top }: { id: string; top: LocalPlace },
  options: ViewTreeOptions,
): AsyncGenerator<TreeEntry> {
  const { signal } = options;
  const view = await readView(ctx, options.view, signal);
  await requireScope(ctx, view, id, signal);
  const folders = view.hasFolders ? view.rows : await listFolders(ctx, id, signal);
  const children = new Map<string, ViewRow[]>();
  for (const row of [
    ...folders.filter((each) => !isNoFolder(each)),
    ...view.rows.filter(isNoFolder),
  ]) {
    const siblings = children.get(row.parentId);
    if (siblings === undefined) children.set(row.parentId, [row]);
    else siblings.push(row);
  }
  yield* requireComplete(ctx, view, { id, children }, signal);
  const open: Place[] = [{ id, path: '', depth: 0, local: top }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const rows = (children.get(place.id) ?? []).sort(byName);
    // Each container is listed once, so that a circle ends.
    children.delete(place.id);
    const below: Place[] = [];
    for (const row of rows.filter(({ type }) => type === 'folder')) {
      const entry = await folderEntry(place, row, options);
      yield entry;
      if (entry.kind === 'folder') {
        below.push({ id: row.id, path: entry.path, depth: place.depth + 1, local: entry.place });
      }
    }
    for (const row of rows.filter(isNoFolder)) yield entryOf(place, row, options);
    open.push(...below.reverse());
  }
  const reason =
    'the view shows no links, tables and other entities: what there is of them in the container was not looked at';
  const { name } = view;
  yield { kind: 'other', id: view.id, name, path: name, type: 'EntityView', reason };
}

function isNoFolder({ type }: ViewRow): boolean {
  return type !== 'folder';
}

function byName(a: ViewRow, b: ViewRow): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

async function folderEntry(
  place: Place,
  { id, name }: ViewRow,
  { globs, recursive, maxDepth, openFolder, signal }: ViewTreeOptions,
): Promise<TreeEntry> {
  const path = pathBelow(place.path, name);
  const common = { id, name, path, parentId: place.id };
  const reason =
    globs.leftOut(path, true) ??
    (recursive ? undefined : 'folders are left out unless the download is recursive') ??
    (place.depth >= maxDepth ? `it is deeper than ${maxDepth} levels` : undefined);
  if (reason !== undefined) return { kind: 'other', ...common, type: folderType, reason };
  try {
    if (place.depth > maximumDepth) {
      throw endlessTree({ id, name, type: folderType }, 'its folders are too deep');
    }
    const local = { above: place.local, id, name: safeName(name) };
    await openFolder(local);
    return { kind: 'folder', ...common, place: local };
  } catch (error) {
    signal?.throwIfAborted();
    return { kind: 'problem', id, path, error: error as Error, isListing: true };
  }
}

function entryOf(
  place: Place,
  { id, name, type, file }: ViewRow,
  { globs }: ViewTreeOptions,
): TreeEntry {
  const path = pathBelow(place.path, name);
  const common = { id, name, path, parentId: place.id };
  if (type !== 'file') {
    return { kind: 'other', ...common, type, reason: `it is a ${type}, not a file` };
  }
  const reason = globs.leftOut(path);
  if (reason !== undefined) return { kind: 'other', ...common, type: fileType, reason };
  return { kind: 'file', ...common, type: fileType, into: place.local, known: file };
}

/** @throws ArgumentError when neither the container nor one that it is in is in the scope of the view */
async function requireScope(
  ctx: Context,
  { id: view, name, scopeIds }: ReadView,
  id: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { path } = await ctx.services.entity.getEntityPath({ id }, { signal });
  const scope = new Set(scopeIds.map(digits));
  if (path.some((header) => scope.has(digits(header.id)))) return;
  throw new ArgumentError(
    `The view ${view} (${name}) does not cover ${id}: its scope is ${scopeIds.join(', ')}.`,
  );
}

/** Scopes are listed with or without `syn`. */
function digits(id: string): string {
  return id.replace(/^syn/i, '');
}

/** Reports what the view lacks, as far as one call shows: views are updated some time after a change. */
async function* requireComplete(
  ctx: Context,
  { id: view, rows, hasFolders, scopeIds }: ReadView,
  tree: { id: string; children: ReadonlyMap<string, ViewRow[]> },
  signal: AbortSignal | undefined,
): AsyncGenerator<TreeEntry> {
  const { totalChildCount } = await ctx.services.entity.listEntityChildren(
    {
      body: {
        parentId: tree.id,
        includeTypes: hasFolders ? ['file', 'folder'] : ['file'],
        includeTotalChildCount: true,
      },
    },
    { signal },
  );
  const own = tree.children.get(tree.id) ?? [];
  const shown = hasFolders ? own.length : own.filter(isNoFolder).length;
  const problems: string[] = [];
  if (totalChildCount !== undefined && totalChildCount !== shown) {
    problems.push(`it shows ${shown} of the ${totalChildCount} files and folders in ${tree.id}`);
  }
  const scope = scopeIds.map((each) => `syn${digits(each)}`);
  const known = new Set([tree.id, ...scope, ...rows.map(({ id }) => id)]);
  const lost = hasFolders ? rows.filter(({ parentId }) => !known.has(parentId)).length : 0;
  if (lost > 0) problems.push(`it shows ${lost} files or folders whose folder it does not show`);
  for (const problem of problems) {
    const error = new SynapseError(
      `The view ${view} is not up to date, or the scope is not the whole container: ${problem}. Wait for the view, or download without it.`,
      { code: 'VIEW_INCOMPLETE' },
    );
    yield { kind: 'problem', id: view, path: '', error, isListing: true };
  }
}

async function listFolders(
  ctx: Context,
  top: string,
  signal: AbortSignal | undefined,
): Promise<ViewRow[]> {
  const folders: ViewRow[] = [];
  const open = [top];
  const seen = new Set(open);
  for (let parentId = open.pop(); parentId !== undefined; parentId = open.pop()) {
    const options = { includeTypes: ['folder'], signal } as const;
    for await (const { id, name } of getChildren(ctx, parentId, options)) {
      if (seen.has(id)) continue;
      seen.add(id);
      folders.push({ id, name, parentId, type: 'folder' });
      open.push(id);
    }
  }
  return folders;
}
