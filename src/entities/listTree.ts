import type * as M from '../../generated/models.js';
import { TreeGuard } from './endlessTree.js';
import { isContainer } from './isContainer.js';

/** The part of the client that {@link listTree} uses. */
export interface ChildLister {
  getChildren(parent: string, options: { signal?: AbortSignal }): AsyncIterable<M.EntityHeader>;
}

/** An entity in a tree. */
export interface ListedEntity {
  header: M.EntityHeader;
  isContainer: boolean;
  /** The depth below the listed container: 0 for its direct children. */
  depth: number;
}

/** How {@link listTree} lists. */
export interface ListTreeOptions {
  /** Maximum depth: with 0, only the direct children. @default no limit */
  maxDepth?: number;
  signal?: AbortSignal;
}

/**
 * Lists a container and all containers in it, depth first: the content of a folder follows the folder.
 *
 * @throws SynapseError (`MALFORMED_RESPONSE`) when the server lists a folder in itself.
 */
export async function* listTree(
  syn: ChildLister,
  parentId: string,
  options: ListTreeOptions = {},
): AsyncGenerator<ListedEntity> {
  yield* descend({ syn, guard: new TreeGuard(parentId), ...options }, parentId, 0);
}

interface Listing extends ListTreeOptions {
  syn: ChildLister;
  guard: TreeGuard;
}

async function* descend(
  listing: Listing,
  parentId: string,
  depth: number,
): AsyncGenerator<ListedEntity> {
  const { syn, guard, maxDepth = Infinity, signal } = listing;
  for await (const header of syn.getChildren(parentId, { signal })) {
    const listed = { header, depth, isContainer: isContainer(header) };
    yield listed;
    if (listed.isContainer && depth < maxDepth) {
      guard.enter(header, depth + 1);
      yield* descend(listing, header.id, depth + 1);
    }
  }
}
