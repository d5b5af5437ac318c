import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import { MalformedResponseError } from '../../errors.js';
import type { QueryJobOptions } from './queryOptions.js';
import { queryBundle } from './queryBundle.js';
import type { QueryRequest } from './queryRequest.js';

/** What Synapse says about the result of a query beside its rows. */
export interface QueryParts {
  /** Number of rows. */
  count: number;
  /** The columns of the result. */
  columns: M.SelectColumn[];
  /** Number of rows on a page. */
  maxRowsPerPage: number;
  /** The columns of the table, whether the query selects them or not. */
  columnModels: M.ColumnModel[];
  /** The values of the facets, with the number of rows of each; the least and the greatest value of ranges. */
  facets: M.FacetColumnResult[];
  /** The size in bytes of the files of a view that the query selects; `greaterThan` when there are more than Synapse adds up. */
  sumFileSizes: M.SumFileSizes;
  /** When the table was last changed. */
  lastUpdatedOn: Date;
  /** The SQL together with filters, facets, sort, offset and limit. */
  combinedSql: string;
  /** What the caller has to do before the files of a view can be downloaded. */
  actionsRequired: M.ActionRequiredCount[];
}

/** The parts that are asked for. */
export type WantedParts = { readonly [Part in keyof QueryParts]?: boolean };

/** The parts that were asked for. */
export type FoundParts<Wanted extends WantedParts> = {
  [Part in keyof QueryParts as Wanted[Part] extends true ? Part : never]: QueryParts[Part];
};

const masks: Readonly<Record<keyof QueryParts, number>> = {
  count: 0x2,
  columns: 0x4,
  maxRowsPerPage: 0x8,
  columnModels: 0x10,
  facets: 0x20,
  sumFileSizes: 0x40,
  lastUpdatedOn: 0x80,
  combinedSql: 0x100,
  actionsRequired: 0x200,
};

/** Asks for parts of a result with one request. */
export async function queryParts<Wanted extends WantedParts>(
  ctx: Context,
  request: QueryRequest,
  wanted: Wanted,
  options: QueryJobOptions,
): Promise<FoundParts<Wanted>> {
  const parts = (Object.keys(masks) as (keyof QueryParts)[]).filter((part) => wanted[part]);
  if (parts.length === 0) return {} as FoundParts<Wanted>;
  const mask = parts.reduce((sum, part) => sum | masks[part], 0);
  const bundle = await queryBundle(ctx, request, mask, options);
  const found = partsOf(bundle);
  return Object.fromEntries(
    parts.map((part) => [part, found[part] ?? missing(part)]),
  ) as unknown as FoundParts<Wanted>;
}

function partsOf(bundle: M.QueryResultBundle): Partial<QueryParts> {
  const { queryCount, selectColumns, lastUpdatedOn, facets = [], actionsRequired = [] } = bundle;
  return {
    ...bundle,
    count: queryCount,
    columns: selectColumns,
    facets,
    actionsRequired,
    lastUpdatedOn: lastUpdatedOn === undefined ? undefined : new Date(lastUpdatedOn),
  };
}

function missing(part: string): never {
  throw new MalformedResponseError({
    operation: 'table.getTableQueryResult',
    field: part,
    expected: 'there',
    actual: 'missing',
  });
}
