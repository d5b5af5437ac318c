import type { StoredColumn } from '../../columns/columnModel.js';
import type { Context } from '../../context.js';
import type { CommonOptions } from '../../options.js';
import { joinColumnNames } from '../../values/sql.js';
import type { OpenResultOptions } from '../query/openResult.js';
import { queryRows, type RawRow } from '../query/queryRows.js';

/** Row ids of one query. */
export const mostRowIds = 10_000;

/** Which rows are read. */
export interface RowsToRead {
  tableId: string;
  /** Without columns, only the ids and versions are read. */
  columns: readonly StoredColumn[];
  /** Whether the etags of the entities are read, which only views have. */
  etags?: boolean;
}

/** Reads the rows for which a condition is true. */
export async function* rowsWhere(
  ctx: Context,
  { tableId, columns, etags = false }: RowsToRead,
  condition: string,
  { signal, via }: Pick<OpenResultOptions, 'signal' | 'via'> = {},
): AsyncGenerator<RawRow> {
  const sql = selectStatement(tableId, columns, condition);
  const { batches } = await queryRows(ctx, { sql, includeEntityEtag: etags }, { signal, via });
  for await (const batch of batches) yield* batch;
}

/** Counts the rows for which a condition is true. */
export async function countWhere(
  ctx: Context,
  tableId: string,
  condition: string,
  { signal }: CommonOptions = {},
): Promise<number> {
  const sql = `SELECT COUNT(*) FROM ${tableId} WHERE ${condition}`;
  const { batches } = await queryRows(ctx, { sql }, { signal });
  let count = 0;
  for await (const batch of batches) for (const { cells } of batch) count += Number(cells[0]);
  return count;
}

/** The query for the rows for which a condition is true. Each row of its result also has its id and version. */
export function selectStatement(
  tableId: string,
  columns: readonly Pick<StoredColumn, 'name'>[],
  condition: string,
): string {
  const names = columns.length === 0 ? 'ROW_ID' : joinColumnNames(columns);
  return `SELECT ${names} FROM ${tableId} WHERE ${condition}`;
}

/** Reads rows by their ids. Rows that do not exist are absent. */
export async function rowsById(
  ctx: Context,
  source: RowsToRead,
  ids: readonly number[],
  { signal }: CommonOptions = {},
): Promise<Map<number, RawRow>> {
  const found = new Map<number, RawRow>();
  for (let start = 0; start < ids.length; start += mostRowIds) {
    const condition = `ROW_ID IN (${ids.slice(start, start + mostRowIds).join(',')})`;
    for await (const row of rowsWhere(ctx, source, condition, { signal })) {
      if (row.reference.rowId !== undefined) found.set(row.reference.rowId, row);
    }
  }
  return found;
}

/** Rows as an error message names them; of many, the first ones. */
export function nameRows(rows: readonly { row?: number; rowId: number }[]): string {
  const names = rows
    .slice(0, mostNamed)
    .map(({ row, rowId }) =>
      row === undefined ? `ROW_ID ${rowId}` : `row ${row} (ROW_ID ${rowId})`,
    );
  const more = rows.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const mostNamed = 20;
