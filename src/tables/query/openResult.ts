import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import { openCsvResult, type CsvResult } from './csvResult.js';
import { isEmptySchema, withQueryErrors } from './queryError.js';
import type { QueryJobOptions, QueryOptions } from './queryOptions.js';
import type { QueryRequest } from './queryRequest.js';
import type { RawBatch, RawResult } from './rawBatch.js';
import { readCsv } from './readCsv.js';
import { isOtherState, pageBatch, readFirstPage, readPages } from './readPages.js';
import { TableChangedError } from './tableChangedError.js';

/** How {@link openResult} reads. */
export interface OpenResultOptions extends QueryJobOptions {
  via?: QueryOptions['via'];
  /**
   * Whether all rows are read anyway. The rows of a long result then come from one state of the table. Otherwise the first page
   * is handed out before the rest is requested.
   * @default false
   */
  isForAll?: boolean;
}

/**
 * Runs a query and reads its rows. Requests end when the loop over the batches is left.
 *
 * A short result takes one job, which returns a page. A longer one is written to a CSV file by a second job.
 */
export async function openResult(
  ctx: Context,
  request: QueryRequest,
  { via = 'auto', isForAll = false, ...options }: OpenResultOptions = {},
): Promise<RawResult> {
  if (via === 'csv') return openCsv(ctx, request, options);
  const first = await readFirstPage(ctx, request, options);
  const columns = first.queryResults?.headers ?? [];
  if (via === 'pages' || first.nextPageToken?.token === undefined) {
    return { columns, batches: readPages(ctx, request, first, options), close: nothing };
  }
  const ids = rowIdsOf(first);
  if (isForAll || ids === undefined) return openCsv(ctx, request, options);
  return { columns, batches: pageThenCsv(ctx, request, { first, ids, options }), close: nothing };
}

/** The ids of the rows of a page; `undefined` when they do not identify the rows. */
function rowIdsOf(page: M.QueryResult): Set<number> | undefined {
  const rows = page.queryResults?.rows ?? [];
  const ids = new Set(rows.map(({ rowId }) => rowId));
  if (ids.size !== rows.length) return undefined;
  return ids.has(undefined) ? undefined : (ids as Set<number>);
}

async function openCsv(
  ctx: Context,
  request: QueryRequest,
  options: QueryJobOptions,
): Promise<RawResult> {
  try {
    const result = await withQueryErrors(request, () => openCsvResult(ctx, request, options));
    return { columns: result.columns, batches: readCsv(result), close: result.close };
  } catch (error) {
    if (isEmptySchema(error)) return { columns: [], batches: noBatches(), close: nothing };
    throw error;
  }
}

function nothing(): void {
  // Pages are requested when they are read.
}

async function* noBatches(): AsyncGenerator<RawBatch> {
  // Nothing.
}

/**
 * The rows of the first page, and then the others from a file with all of them. Two queries may return the rows in different
 * orders, so that the position of a row does not tell whether it was on the page. Its id does.
 */
async function* pageThenCsv(
  ctx: Context,
  request: QueryRequest,
  { first, ids, options }: { first: M.QueryResult; ids: Set<number>; options: QueryJobOptions },
): AsyncGenerator<RawBatch> {
  const page = pageBatch(first, first, 1);
  yield page;
  const result: CsvResult = await withQueryErrors(request, () =>
    openCsvResult(ctx, request, options),
  );
  let firstRow = page.rowCount + 1;
  try {
    if (isOtherState(first, result.etag)) throw new TableChangedError(request.id);
    for await (const batch of readCsv(result)) {
      const rest = ids.size === 0 ? batch : without(batch, ids);
      if (rest.rowCount > 0) yield { ...rest, firstRow };
      firstRow += rest.rowCount;
    }
    if (ids.size > 0) throw new TableChangedError(request.id);
  } finally {
    result.close();
  }
}

/** The rows whose ids are not in the set. Those that are found are removed from it. */
function without(batch: RawBatch, ids: Set<number>): RawBatch {
  const kept: number[] = [];
  for (let row = 0; row < batch.rowCount; row += 1) {
    if (!ids.delete(batch.reference(row)?.rowId ?? -1)) kept.push(row);
  }
  return {
    ...batch,
    rowCount: kept.length,
    cell: (row, column) => batch.cell(kept[row] ?? 0, column),
    reference: (row) => batch.reference(kept[row] ?? 0),
  };
}
