import type * as M from '../../generated/models.js';
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

/**
 * Lists a container and all containers in it, depth first: the content of a folder follows the folder.
 *
 * @param options.maxDepth - Maximum depth: with 0, only the direct children. @default no limit
 */
export async function* listTree(
  syn: ChildLister,
  parentId: string,
  options: { maxDepth?: number; signal?: AbortSignal } = {},
): AsyncGenerator<ListedEntity> {
  yield* descend(syn, parentId, 0, options);
}

async function* descend(
  syn: ChildLister,
  parentId: string,
  depth: number,
  options: { maxDepth?: number; signal?: AbortSignal },
): AsyncGenerator<ListedEntity> {
  const { maxDepth = Infinity, signal } = options;
  for await (const header of syn.getChildren(parentId, { signal })) {
    const listed = { header, depth, isContainer: isContainer(header) };
    yield listed;
    if (listed.isContainer && depth < maxDepth) {
      yield* descend(syn, header.id, depth + 1, options);
    }
  }
}
