import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import type { CommonOptions } from '../../options.js';
import { tableIdOfQuery } from '../../values/sql.js';
import type { RowReference } from '../rows/rowReference.js';

/** A row of a result as the API returns it: each cell is a text, or null. */
export interface RawRow {
  reference: RowReference;
  cells: readonly (string | null)[];
}

/** The result of a query before its values are converted. */
export interface RawRows {
  columns: readonly M.SelectColumn[];
  /** The rows, some at a time. More are requested as they are needed. */
  batches: AsyncIterable<readonly RawRow[]>;
}

const queryResults = 0x1;

/**
 * Runs a query and reads its rows by pages.
 *
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/query/async/start.html
 */
export async function queryRows(
  ctx: Context,
  query: M.Query,
  { signal, onProgress }: CommonOptions = {},
): Promise<RawRows> {
  const id = tableIdOfQuery(query.sql ?? '');
  const first = await ctx.http.runJob(
    {
      concreteType: 'org.sagebionetworks.repo.model.table.QueryBundleRequest',
      entityId: id,
      query,
      partMask: queryResults,
    },
    { id },
    { signal, onProgress },
  );
  const columns = first.queryResult?.queryResults?.headers ?? [];
  return { columns, batches: pages(ctx, { id, first: first.queryResult, signal, onProgress }) };
}

interface Pages extends CommonOptions {
  id: string;
  first: M.QueryResult | undefined;
}

async function* pages(
  ctx: Context,
  { id, first, signal, onProgress }: Pages,
): AsyncGenerator<RawRow[]> {
  let page = first;
  while (page !== undefined) {
    yield (page.queryResults?.rows ?? []).map(rawRow);
    const token = page.nextPageToken?.token;
    page =
      token === undefined
        ? undefined
        : await ctx.http.runJob(
            {
              concreteType: 'org.sagebionetworks.repo.model.table.QueryNextPageToken',
              entityId: id,
              token,
            },
            { id },
            { signal, onProgress },
          );
  }
}

function rawRow({ rowId, versionNumber, etag, values = [] }: M.Row): RawRow {
  return { reference: { rowId, versionNumber, etag }, cells: values };
}
