import type * as M from '../../../generated/models.js';
import type { JobOptions } from '../../api/runJob.js';
import type { CellOptions } from '../../columns/columnTypes.js';
import { ArgumentError } from '../../errors.js';
import { tableIdOfQuery } from '../../values/sql.js';
import { SqlFragment } from '../sql/sqlFragment.js';
import {
  facetRequests,
  queryFilter,
  type FacetSelection,
  type FilterInput,
} from './queryFilters.js';
import type { QueryRequest } from './queryRequest.js';

/** How long a job of a query may take, and who learns of its progress. */
export type QueryJobOptions = Pick<
  JobOptions,
  'onProgress' | 'signal' | 'stallTimeout' | 'timeout'
>;

/** The query beside its SQL. */
export interface QueryOptions extends CellOptions, QueryJobOptions {
  /** Number of rows to skip. They are counted among those that LIMIT and OFFSET of the SQL leave. @default 0 */
  offset?: number;
  /** Number of rows at most. @default all that the SQL selects */
  limit?: number;
  /** Columns to sort by, before those of ORDER BY. A name alone sorts in ascending order. */
  sort?: readonly (string | M.SortItem)[];
  /** Conditions in addition to WHERE. All of them have to hold. */
  filters?: readonly FilterInput[];
  /** Selected facets by column: `{ tissue: ['liver', null], age: { min: 18 } }`; or in the form of the API. */
  selectedFacets?: Readonly<Record<string, FacetSelection>> | readonly M.FacetColumnRequest[];
  /** Whether rows of a view have the etags of their entities. Changing an entity needs it. @default false */
  includeEtag?: boolean;
  /** The id of the column with the files, of which `sumFileSizes` adds up the sizes. */
  selectFileColumn?: number;
  /** The id of the column with the versions of these files. */
  selectFileVersionColumn?: number;
  /**
   * How rows are read: by `pages`, each of which is a query of its own; or from a `csv` file, which Synapse writes with one
   * query. With `auto`, a result of one page comes from that page, and the rest of a longer one from a file.
   * @default 'auto'
   */
  via?: 'auto' | 'csv' | 'pages';
}

/**
 * The query to send.
 *
 * @throws {@link ArgumentError} when the SQL names no table, and for invalid options.
 */
export function queryRequest(
  given: string | SqlFragment,
  options: Omit<QueryOptions, keyof CellOptions | keyof QueryJobOptions> = {},
): QueryRequest {
  const sql = given instanceof SqlFragment ? given.text : given;
  const { offset, limit, sort, filters, selectedFacets, includeEtag } = options;
  requireCount('offset', offset);
  requireCount('limit', limit);
  return {
    id: tableIdOfQuery(sql),
    query: {
      sql,
      offset,
      limit,
      sort: sort?.map((item) => (typeof item === 'string' ? { column: item } : item)),
      additionalFilters: filters?.map(queryFilter),
      selectedFacets: selectedFacets && facetRequests(selectedFacets),
      includeEntityEtag: includeEtag,
      selectFileColumn: options.selectFileColumn,
      selectFileVersionColumn: options.selectFileVersionColumn,
    },
  };
}

function requireCount(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) return;
  throw new ArgumentError(`The ${name} of a query is a whole number from 0, not ${value}.`);
}
