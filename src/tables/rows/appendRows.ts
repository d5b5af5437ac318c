import { changeColumns, requireDoable } from '../../columns/changeColumns.js';
import type { StoredColumn } from '../../columns/columnModel.js';
import { getColumns } from '../../columns/getColumns.js';
import type { SchemaPlan } from '../../columns/schemaPlan.js';
import type { Context } from '../../context.js';
import { currentOf, type EntityRef } from '../../values/ids.js';
import { CellFiles } from '../files/cellFiles.js';
import {
  appendSource,
  type AppendReport,
  type AppendTarget,
  type SendOptions,
} from './appendSource.js';
import { expandSchema, type ExpandOptions } from './expandSchema.js';
import { keepRows } from './keepRows.js';
import { openRows, type RowsInput } from './rowSource.js';

/** How {@link Tables.append} appends. */
export interface AppendOptions extends SendOptions, ExpandOptions {
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
  options: AppendOptions = {},
): Promise<AppendReport> {
  const tableId = currentOf(table, 'rows are appended to the current version');
  const { signal, createColumns, expandColumns } = options;
  const columns = await getColumns(ctx, tableId, { signal });
  const appending = { ctx, tableId, columns, options };
  if (!createColumns && expandColumns !== true) return appendInput(appending, input);
  const kept = await keepRows(input, signal);
  try {
    const plan = await expandSchema(kept.open(), columns, options);
    requireDoable(plan);
    const report = await appendInput(appending, kept.open(), plan);
    return { ...report, schema: plan };
  } finally {
    await kept.remove();
  }
}

interface Appending {
  ctx: Context;
  tableId: string;
  columns: readonly StoredColumn[];
  options: AppendOptions;
}

/** @param plan - How the columns change before the rows are sent. */
async function appendInput(
  { ctx, tableId, columns, options }: Appending,
  input: RowsInput,
  plan?: SchemaPlan,
): Promise<AppendReport> {
  const { firstRow = 1, signal, onProgress } = options;
  const cellFiles = new CellFiles();
  // New columns get their ids when they are created.
  const planned = plan?.columns.map((column) => ({ ...column, id: column.id ?? '' }));
  const opened = await openRows(input, planned ?? columns, {
    signal,
    files: cellFiles,
    references: 'refuse',
  });
  const source = { columns: opened.columns, rows: rowsFrom(opened.rows, firstRow) };
  const prepare = async (): Promise<AppendTarget> => {
    if (plan === undefined) return { tableId, columns };
    const change = { id: tableId, plan };
    return { tableId, columns: await changeColumns(ctx, change, { signal, onProgress }) };
  };
  return appendSource(ctx, { source, cellFiles, prepare }, options);
}

async function* rowsFrom<T extends { row: number }>(
  rows: AsyncIterable<T>,
  firstRow: number,
): AsyncGenerator<T> {
  for await (const row of rows) if (row.row >= firstRow) yield row;
}
