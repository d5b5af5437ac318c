import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import { TreeGuard } from '../../entities/endlessTree.js';
import { getChildren } from '../../entities/getChildren.js';
import { fileType } from '../../entities/entityTypes.js';
import { isContainer } from '../../entities/isContainer.js';
import type { CommonOptions } from '../../options.js';
import { shortName } from '../../values/shortName.js';
import type { KnownChildren } from '../knownChildren.js';
import type { PlanProblem } from '../plan/planData.js';
import type { UploadItem } from './uploadItem.js';

/** What is in Synapse and what the local tree has of it. */
export interface DeletionInput {
  /** The ids of the folders of the tree that exist, by path; that of the container by the empty path. */
  ids: ReadonlyMap<string, string>;
  /** The paths of the local files and directories, by their names in Synapse. */
  local: ReadonlySet<string>;
  /** Whether a path takes part in the sync. */
  isIncluded: (path: string, kind: 'file' | 'folder') => boolean;
  /** Whether more than half may be deleted. */
  force: boolean;
}

/** What is deleted, and what is not. */
export interface PlannedDeletions {
  /** Items to delete, the content of a folder before the folder; and items that are left out. */
  items: UploadItem[];
  problems: PlanProblem[];
}

/**
 * Finds the files and folders that are only in Synapse. Tables, views, links and everything else stay, and so do the folders
 * that hold them.
 *
 * Nothing is deleted when that would be more than half of all files and folders.
 */
export async function planDeletions(
  ctx: Context,
  children: KnownChildren,
  { ids, local, isIncluded, force }: DeletionInput,
  options: CommonOptions,
): Promise<PlannedDeletions> {
  const items: UploadItem[] = [];
  const guard = new TreeGuard(ids.get('') ?? '');
  const search: Search = { ctx, items, guard, isIncluded, options };
  let kept = 0;
  for (const [path, id] of ids) {
    for (const header of await children.list(id)) {
      const below = path === '' ? header.name : `${path}/${header.name}`;
      if (local.has(below)) kept += 1;
      else await addExtra(search, header, id, below);
    }
  }
  const deleted = items.filter(({ action }) => action === 'delete').length;
  if (deleted <= kept || force) return { items, problems: [] };
  const message =
    `nothing is deleted: ${deleted} of ${deleted + kept} files and folders in ${ids.get('') ?? ''} have no local counterpart, which is ` +
    'more than half. Check the directory, or allow it (force, --force).';
  const others = items.filter(({ action }) => action !== 'delete');
  return { items: others, problems: [{ path: '.', message, id: ids.get('') }] };
}

interface Search {
  ctx: Context;
  items: UploadItem[];
  guard: TreeGuard;
  isIncluded: DeletionInput['isIncluded'];
  options: CommonOptions;
}

/** @returns whether it is deleted with everything in it */
async function addExtra(
  search: Search,
  header: M.EntityHeader,
  parentId: string,
  path: string,
): Promise<boolean> {
  const { ctx, items, guard, isIncluded, options } = search;
  const isFolder = isContainer(header);
  const { id, name, modifiedOn, type } = header;
  const item: UploadItem = {
    action: 'leaveOut',
    kind: isFolder ? 'folder' : type === fileType ? 'file' : 'other',
    path,
    id,
    name,
    parentId,
    modifiedOn,
    bytes: 0,
    requests: 0,
  };
  if (item.kind === 'other') {
    items.push({
      ...item,
      reason: `it is a ${shortName(type)}: only files and folders are deleted`,
    });
    return false;
  }
  if (!isIncluded(path, isFolder ? 'folder' : 'file')) {
    items.push({ ...item, reason: 'excluded' });
    return false;
  }
  if (isFolder) {
    guard.enter(header, path.split('/').length);
    let isWhole = true;
    for await (const child of getChildren(ctx, id, { signal: options.signal })) {
      const isDeleted = await addExtra(search, child, id, `${path}/${child.name}`);
      isWhole &&= isDeleted;
    }
    if (!isWhole) {
      items.push({ ...item, reason: 'it holds what is not deleted' });
      return false;
    }
  }
  const reason = 'only in Synapse: goes to the trash can';
  items.push({ ...item, action: 'delete', reason, requests: isFolder ? 3 : 2 });
  return true;
}
