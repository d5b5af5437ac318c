import { getColumns } from '../../columns/getColumns.js';
import type { Context } from '../../context.js';
import { currentOf, type EntityRef } from '../../values/ids.js';
import { CellFiles } from '../files/cellFiles.js';
import { appendSource, type AppendReport, type SendOptions } from './appendSource.js';
import { openRows, type RowsInput } from './rowSource.js';

/** How {@link Tables.append} appends. */
export interface AppendOptions extends SendOptions {
  /**
   * The first row to append, to continue after an {@link AppendError}: its `nextRow`. The rows before it are skipped.
   * @default 1
   */
  firstRow?: number;
}

/** Implements {@link Tables.append}. */
export async function appendRows(
  ctx: Context,
  table: EntityRef,
  input: RowsInput,
  { firstRow = 1, ...options }: AppendOptions = {},
): Promise<AppendReport> {
  const tableId = currentOf(table, 'rows are appended to the current version');
  const { signal } = options;
  const columns = await getColumns(ctx, tableId, { signal });
  const cellFiles = new CellFiles();
  const opened = await openRows(input, columns, { signal, files: cellFiles, references: 'refuse' });
  const source = { columns: opened.columns, rows: rowsFrom(opened.rows, firstRow) };
  return appendSource(ctx, { tableId, source, cellFiles }, options);
}

async function* rowsFrom<T extends { row: number }>(
  rows: AsyncIterable<T>,
  firstRow: number,
): AsyncGenerator<T> {
  for await (const row of rows) if (row.row >= firstRow) yield row;
}
