import type * as M from '../../generated/models.js';
import { childTypes } from '../entities/getChildren.js';
import { ArgumentError } from '../errors.js';
import { quoted } from '../values/quoted.js';

/** Which entities in a container are meant, besides the container itself. */
export interface ContentOptions {
  /** Whether what is directly in the container is included. @default false */
  includeContainerContent?: boolean;
  /** Whether what is in its folders, and the folders in them, is included too. @default false */
  recursive?: boolean;
  /** The types of the entities in the container that are meant, such as `['folder', 'table']`. */
  entityTypes?: readonly M.EntityType[];
  /** Folders and lists that are read at the same time. @default 8 */
  concurrency?: number;
}

/** How deep a container is read; `undefined` for not at all. */
export function depthOf({
  includeContainerContent = false,
  recursive = false,
}: ContentOptions): 'content' | 'all' | undefined {
  if (recursive) return 'all';
  return includeContainerContent ? 'content' : undefined;
}

/**
 * Reads types, in any case.
 *
 * @throws {@link ArgumentError} for an unknown one.
 */
export function readEntityTypes(types: readonly string[]): ReadonlySet<M.EntityType> {
  const known: readonly M.EntityType[] = ['project', ...childTypes];
  const found = types.map((given) => {
    const type = known.find((one) => one === given.toLowerCase());
    if (type !== undefined) return type;
    throw new ArgumentError(`${quoted(given)} is not a type of entities: use ${known.join(', ')}.`);
  });
  return new Set(found);
}
