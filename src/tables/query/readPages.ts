import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import { EndlessPagesError, SynapseError } from '../../errors.js';
import type { RawBatch } from './rawBatch.js';
import { queryBundle } from './queryBundle.js';
import type { QueryJobOptions } from './queryOptions.js';
import type { QueryRequest } from './queryRequest.js';
import { TableChangedError } from './tableChangedError.js';

const queryResults = 0x1;

/** Runs a query and reads the first page of its rows. See {@link queryBundle}. */
export async function readFirstPage(
  ctx: Context,
  request: QueryRequest,
  options: QueryJobOptions,
): Promise<M.QueryResult> {
  const bundle = await queryBundle(ctx, request, queryResults, options);
  return bundle.queryResult ?? { concreteType: 'org.sagebionetworks.repo.model.table.QueryResult' };
}

/**
 * Reads the rows of a page and of all that follow it.
 *
 * @throws {@link TableChangedError} when the table changed since the first page was read.
 */
export async function* readPages(
  ctx: Context,
  { id }: QueryRequest,
  first: M.QueryResult,
  options: QueryJobOptions,
): AsyncGenerator<RawBatch> {
  const tokens = new Set<string>();
  let page = first;
  let firstRow = 1;
  for (;;) {
    const batch = pageBatch(page, first, firstRow);
    if (batch.rowCount > 0) yield batch;
    firstRow += batch.rowCount;
    const token = page.nextPageToken?.token;
    if (token === undefined) return;
    if (batch.rowCount === 0) throw endless('a page without rows is followed by another one');
    if (tokens.has(token)) throw endless('a page is followed by one that has been read');
    tokens.add(token);
    page = await ctx.http.runJob(
      {
        concreteType: 'org.sagebionetworks.repo.model.table.QueryNextPageToken',
        entityId: id,
        token,
      },
      { id },
      options,
    );
    if (isOtherState(first, page.queryResults?.etag)) throw new TableChangedError(id);
  }
}

/** Whether a result comes from another state of the table than a page. */
export function isOtherState(page: M.QueryResult, etag: string | undefined): boolean {
  const before = page.queryResults?.etag;
  return before !== undefined && etag !== undefined && before !== etag;
}

function endless(why: string): EndlessPagesError {
  return new EndlessPagesError('table.getQueryNextPageResult', why);
}

/** The rows of a page. */
export function pageBatch(page: M.QueryResult, first: M.QueryResult, firstRow: number): RawBatch {
  const rows = page.queryResults?.rows ?? [];
  const width = first.queryResults?.headers?.length ?? 0;
  for (const [index, { values = [] }] of rows.entries()) {
    if (values.length === width) continue;
    throw new SynapseError(
      `Row ${firstRow + index} of the result of the query has ${values.length} cells, but the result has ${width} columns. ` +
        'Try again later.',
      { code: 'MALFORMED_RESPONSE' },
    );
  }
  return {
    rowCount: rows.length,
    firstRow,
    cell: (row, column) => rows[row]?.values?.[column] ?? null,
    reference: (row) => {
      const { rowId, versionNumber, etag } = rows[row] ?? {};
      return rowId === undefined ? undefined : { rowId, versionNumber, etag };
    },
  };
}
