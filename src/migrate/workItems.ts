import type * as M from '../../generated/models.js';
import { TreeGuard } from '../entities/endlessTree.js';
import { getChildren } from '../entities/getChildren.js';
import type { IndexedType } from './indexRows.js';
import type { IndexRun } from './indexRun.js';
import type { WorkItem } from './workItem.js';
import { fileType, folderType, projectType } from '../entities/entityTypes.js';

/** Containers whose first page of children is requested ahead. */
const listedAhead = 8;

/** The types of entities that have files, and their kinds in an index. */
const kinds: ReadonlyMap<string, IndexedType> = new Map([
  [projectType, 'project'],
  [folderType, 'folder'],
  [fileType, 'file'],
  ['org.sagebionetworks.repo.model.RecordSet', 'file'],
  ['org.sagebionetworks.repo.model.table.TableEntity', 'table'],
]);

/** The kind of an entity in an index; `undefined` for one that has no files. */
export function kindOf(type: string): IndexedType | undefined {
  return kinds.get(type);
}

interface Listing {
  container: WorkItem;
  children: AsyncIterator<M.EntityHeader, unknown>;
  first?: Promise<IteratorResult<M.EntityHeader, unknown>>;
}

/**
 * Lists the files and tables in a container, and in the folders in it, that are not in the index yet. While one container is
 * worked on, the next ones are listed.
 *
 * @param onFailure - Called for a container that cannot be listed. It throws to end the run.
 */
export async function* workItems(
  run: IndexRun,
  top: WorkItem,
  {
    signal,
    onFailure,
  }: { signal: AbortSignal; onFailure: (item: WorkItem, error: unknown) => void },
): AsyncGenerator<WorkItem> {
  const { containers, index } = run;
  const types = wantedTypes(run);
  const waiting: Listing[] = [];
  const guard = new TreeGuard(top.id);
  const enter = (container: WorkItem): void => {
    containers.enter(container);
    const children = getChildren(run.ctx, container.id, { includeTypes: types, signal });
    waiting.push({ container, children: children[Symbol.asyncIterator]() });
  };
  enter(top);
  for (let listing = waiting.pop(); listing !== undefined; listing = waiting.pop()) {
    const { container, children } = listing;
    waiting.slice(-listedAhead).forEach(listAhead);
    try {
      for (;;) {
        const { first } = listing;
        delete listing.first;
        const next = await (first ?? children.next());
        if (next.done === true) break;
        const item = itemOf(next.value, container);
        if (item === undefined || index.has(item.id)) continue;
        containers.opened(container.id);
        if (item.type === 'folder') {
          guard.enter(next.value, item.depth - top.depth);
          enter(item);
          waiting.slice(-listedAhead).forEach(listAhead);
        } else yield item;
      }
      containers.done(container.id);
    } catch (error) {
      containers.failed(container);
      onFailure(container, error);
    } finally {
      await children.return?.();
    }
  }
}

function wantedTypes({ settings }: IndexRun): M.EntityType[] {
  const files = settings.fileVersionStrategy === 'skip' ? [] : (['file', 'recordset'] as const);
  return ['folder', ...files, ...(settings.includeTableFiles ? (['table'] as const) : [])];
}

function itemOf(child: M.EntityHeader, container: WorkItem): WorkItem | undefined {
  const type = kindOf(child.type);
  if (type === undefined) return undefined;
  return { id: child.id, type, parentId: container.id, depth: container.depth + 1 };
}

function listAhead(listing: Listing): void {
  if (listing.first !== undefined) return;
  listing.first = listing.children.next();
  // The failure is reported when the container is worked on.
  listing.first.catch(() => undefined);
}
