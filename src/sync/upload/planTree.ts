import { resolve } from 'node:path';
import type { Context } from '../../context.js';
import type { Parent } from '../../entities/entityClasses.js';
import type { CommonOptions } from '../../options.js';
import { containerOf } from '../../values/ids.js';
import { KnownChildren } from '../knownChildren.js';
import { readLocalTree, type LocalTree } from '../localTree.js';
import type { PlanData, PlanProblem } from '../plan/planData.js';
import { planDeletions, type PlannedDeletions } from './planDeletions.js';
import { planFiles } from './planFiles.js';
import { planFolders, type PlannedFolders } from './planFolders.js';
import type { UploadItem } from './uploadItem.js';

/** How {@link planTree} plans. */
export interface PlanTreeOptions extends CommonOptions {
  safeNames?: boolean;
  keepActivity?: boolean;
  delete?: boolean;
  force?: boolean;
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
  const { signal, safeNames } = options;
  const root = resolve(directory);
  const parentId = containerOf(parent);
  const tree = await readLocalTree(root, { safeNames, signal });
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
  const files = await planFiles(ctx, drafts, children, { signal });
  problems.push(...files.problems);
  const items = [...folders.items, ...files.items];
  if (options.delete === true) {
    const extra =
      problems.length > 0 ? refused : await deletionsOf(ctx, children, folders, { tree, options });
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
  { tree, options }: { tree: LocalTree; options: PlanTreeOptions },
): Promise<PlannedDeletions> {
  const local = new Set(
    [...tree.directories, ...tree.files].map(({ segments }) => segments.join('/')),
  );
  const { force = false, signal } = options;
  return planDeletions(ctx, children, { ids, local, isIncluded: () => true, force }, { signal });
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
