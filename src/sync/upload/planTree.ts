import { resolve } from 'node:path';
import type { Context } from '../../context.js';
import type { Parent } from '../../entities/entityClasses.js';
import type { CommonOptions } from '../../options.js';
import { containerOf } from '../../values/ids.js';
import { globFilter, type GlobFilter, type GlobOptions } from '../globs.js';
import { KnownChildren } from '../knownChildren.js';
import { readLocalTree, type LocalTree } from '../localTree.js';
import type { PlanData, PlanProblem } from '../plan/planData.js';
import type { Shard } from '../shard.js';
import { planDeletions, type DeletionInput, type PlannedDeletions } from './planDeletions.js';
import { planFiles } from './planFiles.js';
import { planFolders, type PlannedFolders } from './planFolders.js';
import { selectTree } from './selectTree.js';
import { shardFiles } from './shardFiles.js';
import type { UploadItem } from './uploadItem.js';

/** How {@link planTree} plans. */
export interface PlanTreeOptions extends CommonOptions, GlobOptions {
  safeNames?: boolean;
  keepActivity?: boolean;
  delete?: boolean;
  force?: boolean;
  shard?: Shard;
}

/**
 * Plans the upload of a directory: a folder for each directory, a file for each file.
 *
 * @throws {@link ArgumentError} when the directory cannot be read.
 * @throws {@link NotFoundError} and {@link AuthorizationError} when the container cannot be listed.
 */
export async function planTree(
  ctx: Context,
  directory: string,
  parent: Parent,
  options: PlanTreeOptions,
): Promise<PlanData<UploadItem>> {
  const { signal, safeNames, shard } = options;
  const root = resolve(directory);
  const parentId = containerOf(parent);
  const filter = globFilter(options);
  const whole = await readLocalTree(root, { safeNames, signal });
  const { tree, leftOut } = selectTree(whole, root, filter);
  const children = new KnownChildren(ctx);
  const folders = await planFolders(ctx, tree, parentId, children, {
    signal,
    listAll: options.delete,
  });
  const problems: PlanProblem[] = tree.failures.map(({ path, error }) => ({
    path,
    message: error.message,
  }));
  problems.push(...folders.problems);
  const drafts = tree.files.flatMap((file) => {
    const draft = fileDraft(file, folders, options);
    if (draft.parentId !== undefined || draft.parentPath !== undefined) return [draft];
    const above = file.segments.slice(0, -1).join('/');
    problems.push({ path: file.path, message: `its folder ${above} cannot be stored` });
    return [];
  });
  const own = shard === undefined ? drafts : shardFiles(drafts, shard);
  const files = await planFiles(ctx, own, children, { signal });
  problems.push(...files.problems);
  const items = [...foldersOf(folders.items, own, shard), ...files.items, ...leftOut];
  if (options.delete === true) {
    const extra =
      problems.length > 0
        ? refused
        : await deletionsOf(ctx, children, folders, { tree: whole, filter, options });
    items.push(...extra.items);
    problems.push(...extra.problems);
  }
  return {
    format: 'synapse-sync-plan',
    version: 1,
    direction: 'upload',
    directory: root,
    parentId,
    items,
    problems,
  };
}

/** The first shard makes all folders, also those without files; each other one those of its own files. */
function foldersOf(
  folders: readonly UploadItem[],
  files: readonly UploadItem[],
  shard: Shard | undefined,
): readonly UploadItem[] {
  if (shard === undefined || shard.index === 1) return folders;
  const needed = new Set(
    files.flatMap(({ path }) => {
      const names = path.split('/');
      return names.map((_, at) => names.slice(0, at).join('/'));
    }),
  );
  return folders.filter(({ path }) => needed.has(path));
}

/** What cannot be stored would look as if it were not there. */
const refused: PlannedDeletions = {
  items: [],
  problems: [
    {
      path: '.',
      message:
        'nothing is deleted, because not everything in the directory can be stored. Solve the other problems first.',
    },
  ],
};

function deletionsOf(
  ctx: Context,
  children: KnownChildren,
  { ids }: PlannedFolders,
  { tree, filter, options }: { tree: LocalTree; filter: GlobFilter; options: PlanTreeOptions },
): Promise<PlannedDeletions> {
  const local = new Set(
    [...tree.directories, ...tree.files].map(({ segments }) => segments.join('/')),
  );
  const isIncluded: DeletionInput['isIncluded'] = (path, kind) =>
    filter.leftOut(path, kind === 'folder') === undefined;
  const { force = false, signal } = options;
  return planDeletions(ctx, children, { ids, local, isIncluded, force }, { signal });
}

function fileDraft(
  { path: localPath, segments, size, modifiedMs }: LocalTree['files'][number],
  { ids, failed }: PlannedFolders,
  { safeNames, keepActivity }: PlanTreeOptions,
): UploadItem {
  const above = segments.slice(0, -1).join('/');
  const parentId = ids.get(above);
  return {
    action: 'create',
    kind: 'file',
    path: segments.join('/'),
    localPath,
    name: segments.at(-1) ?? '',
    parentId,
    parentPath: parentId === undefined && !failed.has(above) ? above : undefined,
    size,
    modifiedMs,
    synapseStore: true,
    safeName: safeNames || undefined,
    keepActivity: keepActivity || undefined,
    bytes: 0,
    requests: 0,
  };
}
