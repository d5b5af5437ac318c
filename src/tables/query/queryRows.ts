import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import { tableIdOfQuery } from '../../values/sql.js';
import type { RowReference } from '../rows/rowReference.js';
import { openResult, type OpenResultOptions } from './openResult.js';

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

/**
 * Runs a query and reads its rows, without converting their values.
 *
 * @throws {@link QueryError} when Synapse refuses the query.
 */
export async function queryRows(
  ctx: Context,
  query: M.Query,
  options: OpenResultOptions = {},
): Promise<RawRows> {
  const sql = query.sql ?? '';
  const request = { id: tableIdOfQuery(sql), query: { ...query, sql } };
  const { columns, batches } = await openResult(ctx, request, { isForAll: true, ...options });
  return { columns, batches: rowsOf(batches, columns.length) };
}

async function* rowsOf(
  batches: Awaited<ReturnType<typeof openResult>>['batches'],
  width: number,
): AsyncGenerator<RawRow[]> {
  for await (const { rowCount, cell, reference } of batches) {
    yield Array.from({ length: rowCount }, (_, row) => ({
      reference: reference(row) ?? {},
      cells: Array.from({ length: width }, (_cell, column) => cell(row, column)),
    }));
  }
}
