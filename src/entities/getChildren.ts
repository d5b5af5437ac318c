import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { SynapseError } from '../errors.js';
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
  /** Whether to ask for the number of children of these types. @default false */
  includeTotalChildCount?: boolean;
  /** Whether to ask for the sum of the sizes of the files among them. @default false */
  includeSumFileSizes?: boolean;
  /** Called once, with what the two options above ask for, when the first page arrives. */
  onTotals?: (totals: ChildTotals) => void;
}

/** What is in a container, without what is in its folders. */
export interface ChildTotals {
  /** The number of children. */
  totalChildCount?: number;
  /** The sum of the sizes of the files, in bytes. */
  sumFileSizesBytes?: number;
}

/** The types that children of projects and folders can have. */
export const childTypes: readonly M.EntityType[] = [
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

/** A hundred times what Synapse allows in a container. */
const maximumChildren = 1_000_000;

/** Several whole pages without a new child are no coincidence. A page has 50. */
const maximumRepeated = 200;

/**
 * Lists the direct children of a container that the caller may read.
 *
 * @param parent - A project or folder; without it, the projects that the caller may read.
 * @returns The children. Pages are requested as needed. Each loop starts again from the first page.
 * @throws {@link NotFoundError} when the container does not exist.
 * @throws {@link ArgumentError} for an id with a version.
 * @throws {@link SynapseError} (`MALFORMED_RESPONSE`) when the server sends the same children without end.
 * @see https://rest-docs.synapse.org/rest/POST/entity/children.html
 */
export function getChildren(
  ctx: Context,
  parent?: Parent,
  options: ChildrenOptions = {},
): AsyncIterable<M.EntityHeader> {
  const { includeTypes, sortBy = 'NAME', sortDirection = 'ASC', ...others } = options;
  const { includeTotalChildCount, includeSumFileSizes, onTotals, ...call } = others;
  const id = parent === undefined ? undefined : containerOf(parent);
  const types = includeTypes ?? (parent === undefined ? (['project'] as const) : childTypes);
  const body: M.EntityChildrenRequest = {
    parentId: id,
    includeTypes: [...types],
    sortBy,
    sortDirection,
    ...(includeTotalChildCount === true && { includeTotalChildCount }),
    ...(includeSumFileSizes === true && { includeSumFileSizes }),
  };
  return {
    [Symbol.asyncIterator]: () => {
      let isFirst = true;
      const onPage = ({ totalChildCount, sumFileSizesBytes }: ChildTotals): void => {
        if (isFirst) onTotals?.({ totalChildCount, sumFileSizesBytes });
        isFirst = false;
      };
      const paging = onTotals === undefined ? call : { ...call, onPage };
      return eachOnce(ctx.http.paginate('entity.listEntityChildren', { body }, paging), id);
    },
  };
}

/** A child that is added or moved while pages are read can be on two of them. Leaving the loop cancels a request at once. */
function eachOnce(
  children: AsyncIterable<M.EntityHeader>,
  parentId = '',
): AsyncIterator<M.EntityHeader, undefined> {
  const pages = children[Symbol.asyncIterator]();
  const seen = new Set<string>();
  const end = { done: true, value: undefined } as const;
  const next = async (): Promise<IteratorResult<M.EntityHeader, undefined>> => {
    for (let repeated = 0; repeated <= maximumRepeated; repeated += 1) {
      const result = await pages.next();
      if (result.done === true) return end;
      if (seen.has(result.value.id)) continue;
      if (seen.size === maximumChildren) break;
      seen.add(result.value.id);
      return result;
    }
    await pages.return?.();
    throw endlessPages(parentId, seen.size);
  };
  const leave = async (): Promise<IteratorResult<M.EntityHeader, undefined>> => {
    await pages.return?.();
    return end;
  };
  return { next, return: leave };
}

function endlessPages(parentId: string, count: number): SynapseError {
  const problem =
    count === maximumChildren
      ? `has listed ${count} children of ${parentId || 'the project list'}, and there are still more`
      : `lists the same ${count} children of ${parentId || 'the project list'} again and again`;
  return new SynapseError(`Synapse ${problem}: the list has no end. Try again later.`, {
    code: 'MALFORMED_RESPONSE',
  });
}
