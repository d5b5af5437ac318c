import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { parseSynapseId, idOf } from '../values/ids.js';
import type { Parent } from './entityClasses.js';

/** What children are listed, and in which order. */
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
 * Lists what is directly in a container, as far as the caller may see it.
 *
 * @param parent - A project or folder; without it, the projects that the caller may see.
 * @returns The children, page by page as they are asked for; from the start again for each loop.
 * @throws {@link NotFoundError} when there is no such container.
 * @see https://rest-docs.synapse.org/rest/POST/entity/children.html
 */
export function getChildren(
  ctx: Context,
  parent?: Parent,
  { includeTypes, sortBy = 'NAME', sortDirection = 'ASC', ...options }: ChildrenOptions = {},
): AsyncIterable<M.EntityHeader> {
  const types = includeTypes ?? (parent === undefined ? (['project'] as const) : everyType);
  const body: M.EntityChildrenRequest = {
    parentId: parent === undefined ? undefined : parseSynapseId(idOf(parent)).id,
    includeTypes: [...types],
    sortBy,
    sortDirection,
  };
  return ctx.http.paginate('entity.listEntityChildren', { body }, options);
}
