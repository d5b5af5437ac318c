import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { containerOf } from '../values/ids.js';
import type { Parent } from './entityClasses.js';

/** Options for listing children. */
export interface ChildrenOptions extends CallOptions {
  /** @default all types */
  includeTypes?: readonly M.EntityType[];
  /** @default 'NAME' */
  sortBy?: M.EntitySortBy;
  /** @default 'ASC' */
  sortDirection?: M.Direction;
}

const everyType: readonly M.EntityType[] = [
  'folder',
  'file',
  'table',
  'link',
  'entityview',
  'dockerrepo',
  'submissionview',
  'dataset',
  'datasetcollection',
  'materializedview',
  'virtualtable',
  'recordset',
];

/**
 * Lists the direct children of a container that the caller may read.
 *
 * @param parent - A project or folder; without it, the projects that the caller may read.
 * @returns The children. Pages are requested as needed. Each loop starts again from the first page.
 * @throws {@link NotFoundError} when the container does not exist.
 * @see https://rest-docs.synapse.org/rest/POST/entity/children.html
 */
export function getChildren(
  ctx: Context,
  parent?: Parent,
  { includeTypes, sortBy = 'NAME', sortDirection = 'ASC', ...options }: ChildrenOptions = {},
): AsyncIterable<M.EntityHeader> {
  const types = includeTypes ?? (parent === undefined ? (['project'] as const) : everyType);
  const body: M.EntityChildrenRequest = {
    parentId: parent === undefined ? undefined : containerOf(parent),
    includeTypes: [...types],
    sortBy,
    sortDirection,
  };
  return ctx.http.paginate('entity.listEntityChildren', { body }, options);
}
