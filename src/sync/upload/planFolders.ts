import type { Context } from '../../context.js';
import { findEntityId } from '../../entities/findEntity.js';
import { isContainer } from '../../entities/isContainer.js';
import { AuthenticationError } from '../../errors.js';
import type { CommonOptions } from '../../options.js';
import { shortName } from '../../values/shortName.js';
import type { KnownChildren } from '../knownChildren.js';
import type { LocalTree } from '../localTree.js';
import type { PlanProblem } from '../plan/planData.js';
import { keepPlannedState } from './plannedState.js';
import type { UploadItem } from './uploadItem.js';

/** The folders of a tree. */
export interface PlannedFolders {
  /** Parents before their children. */
  items: UploadItem[];
  problems: PlanProblem[];
  /** The ids of the folders that exist, by path; that of the container by the empty path. */
  ids: ReadonlyMap<string, string>;
  /** The folders that cannot be stored, and so nothing in them. */
  failed: ReadonlySet<string>;
}

/** How {@link planFolders} plans. */
export interface PlanFoldersOptions extends CommonOptions {
  /** Whether all children of the containers are needed, not only the names of the tree. @default false */
  listAll?: boolean;
}

/**
 * Finds the folders of a tree in Synapse, level by level. Containers are listed once, and all of a level at the same time.
 *
 * @param parentId - The container of the tree.
 * @throws what listing that container fails with. Failures below it are problems.
 */
export async function planFolders(
  ctx: Context,
  { directories, files }: LocalTree,
  parentId: string,
  children: KnownChildren,
  { listAll = false, signal }: PlanFoldersOptions,
): Promise<PlannedFolders> {
  const ids = new Map([['', parentId]]);
  const failed = new Set<string>();
  const items = new Map<string, UploadItem>();
  const problems: PlanProblem[] = [];
  const counts = countByFolder([...directories, ...files]);
  const expect = (path: string): void => {
    const expected = listAll ? Infinity : (counts.get(path) ?? 0);
    children.expect(ids.get(path) ?? '', expected, { signal });
  };
  expect('');
  await children.list(parentId);
  const planOne = async ({
    path: localPath,
    segments,
  }: LocalTree['directories'][number]): Promise<void> => {
    const path = segments.join('/');
    const above = segments.slice(0, -1).join('/');
    try {
      if (failed.has(above)) throw new Error(`its folder ${above} cannot be stored`);
      const container = { parentId: ids.get(above), parentPath: above };
      const id = await findFolder(
        ctx,
        { ...container, name: segments.at(-1) ?? '' },
        children,
        signal,
      );
      if (id !== undefined) ids.set(path, id);
      const item = folderItem({ localPath, segments }, container.parentId, id);
      items.set(path, item);
      if (id !== undefined) expect(path);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof AuthenticationError) throw error;
      failed.add(path);
      problems.push({ path: localPath, message: (error as Error).message });
    }
  };
  for (const level of byDepth(directories)) await Promise.all(level.map(planOne));
  const ordered = directories.map(({ segments }) => items.get(segments.join('/')));
  return { items: ordered.filter((item) => item !== undefined), problems, ids, failed };
}

async function findFolder(
  ctx: Context,
  { parentId, name }: { parentId: string | undefined; name: string },
  children: KnownChildren,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (parentId === undefined) return undefined;
  const known = await children.find(parentId, name);
  const header = known === undefined ? await lookUp(ctx, { parentId, name }, signal) : known.header;
  if (header === undefined || isContainer(header)) return header?.id;
  throw new Error(
    `${header.id} has the name ${JSON.stringify(name)} in ${parentId}. It is a ${shortName(header.type)}, and cannot become a Folder: rename one of them.`,
  );
}

async function lookUp(
  ctx: Context,
  { parentId, name }: { parentId: string; name: string },
  signal: AbortSignal | undefined,
): Promise<{ id: string; type: string } | undefined> {
  const id = await findEntityId(ctx, name, parentId, { signal });
  return id === undefined ? undefined : ctx.services.entity.getEntityHeader({ id }, { signal });
}

function folderItem(
  { localPath, segments }: { localPath: string; segments: readonly string[] },
  parentId: string | undefined,
  id: string | undefined,
): UploadItem {
  const item: UploadItem = {
    action: id === undefined ? 'create' : 'skip',
    kind: 'folder',
    path: segments.join('/'),
    localPath,
    id,
    name: segments.at(-1) ?? '',
    parentId,
    parentPath: parentId === undefined ? segments.slice(0, -1).join('/') : undefined,
    bytes: 0,
    requests: id === undefined ? 1 : 0,
  };
  keepPlannedState(item, undefined);
  return item;
}

/** Folders by how deep they are, from the top. */
function byDepth<T extends { segments: readonly string[] }>(directories: readonly T[]): T[][] {
  const levels: T[][] = [];
  for (const directory of directories) {
    const level = (levels[directory.segments.length] ??= []);
    level.push(directory);
  }
  return levels.filter((level) => (level as T[] | undefined) !== undefined);
}

/** How many entries each folder of a tree has. */
function countByFolder(entries: LocalTree['directories']): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { segments } of entries) {
    const folder = segments.slice(0, -1).join('/');
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return counts;
}
