import { isColumnType, type ColumnType } from '../../columns/columnTypes.js';
import { MalformedResponseError } from '../../errors.js';
import { csvBatches, type CsvResult } from '../query/csvResult.js';
import { requireDistinct } from '../query/resultRows.js';
import { rowColumns } from '../rows/rowReference.js';
import type { ColumnData } from './columnData.js';
import { newColumnBuilder } from './newColumnBuilder.js';

/** The result of a query as CSV text. */
export type CsvRows = Pick<CsvResult, 'bytes' | 'close' | 'columns' | 'dialect' | 'references'>;

/** A column of a result. */
export interface ResultColumn {
  name: string;
  type: ColumnType;
}

/** Rows of a result, column by column. */
export interface ColumnBatch {
  rowCount: number;
  columns: readonly ColumnData[];
}

/** What a result has beside its columns. */
export interface ColumnBatchOptions {
  /** Whether ROW_ID, ROW_VERSION and ROW_ETAG are columns of the result, where rows have them. @default false */
  references?: boolean;
}

/** How {@link openColumns} reads. */
export interface OpenColumnsOptions extends ColumnBatchOptions {
  /** Whether each batch has its own memory. Otherwise, it is valid until the next one is read. @default false */
  areKept?: boolean;
}

/** The rows of a result, column by column. */
export interface ColumnResult {
  columns: readonly ResultColumn[];
  /** At least one: a result without rows is an empty batch. Leaving the loop ends the download. */
  batches: AsyncIterable<ColumnBatch>;
  /** Ends the download. */
  close: () => void;
}

/** Rows of a batch at least, except for the last one. */
const rowsPerBatch = 65_536;
/** A batch has fewer rows when their texts have this many bytes. */
const maxTextBytes = 32 * 1024 * 1024;

/**
 * Reads a result column by column.
 *
 * @throws {@link ArgumentError} when two columns have the same name
 * @throws {@link CellReadError} (while the batches are read) for a value that does not have the type of its column
 */
export async function openColumns(
  open: () => Promise<CsvRows>,
  { areKept = false, ...options }: OpenColumnsOptions = {},
): Promise<ColumnResult> {
  const rows = await open();
  try {
    const columns = resultColumns(rows, options);
    requireDistinct(columns.map(({ name }) => name));
    return { columns, batches: columnBatches(rows, columns, areKept), close: rows.close };
  } catch (error) {
    rows.close();
    throw error;
  }
}

function resultColumns(
  { columns, references: names }: CsvRows,
  { references = false }: ColumnBatchOptions,
): ResultColumn[] {
  const added = (references ? names : []).map((name): ResultColumn => ({
    name,
    type: name === rowColumns.etag ? 'STRING' : 'INTEGER',
  }));
  const selected = columns.map(({ name = '', columnType }): ResultColumn => ({
    name,
    // The texts of a type that did not exist when this was written are kept.
    type: isColumnType(columnType) ? columnType : 'STRING',
  }));
  return [...added, ...selected];
}

async function* columnBatches(
  rows: CsvRows,
  columns: readonly ResultColumn[],
  areKept: boolean,
): AsyncGenerator<ColumnBatch> {
  // The columns that are read are the last ones of each row.
  const width = rows.references.length + rows.columns.length;
  const builders = columns.map((column) => newColumnBuilder(column, rows.dialect));
  let rowCount = 0;
  let isFirst = true;
  const finished = (): ColumnBatch => {
    return { rowCount, columns: builders.map((builder) => builder.finish()) };
  };
  for await (const batch of csvBatches(rows)) {
    if (batch.width !== width) throw wrongWidth(batch.width, width);
    for (const [index, builder] of builders.entries()) {
      builder.append(batch, width - columns.length + index);
    }
    rowCount += batch.rowCount;
    const textBytes = builders.reduce((sum, builder) => sum + builder.textBytes, 0);
    if (rowCount < rowsPerBatch && textBytes < maxTextBytes) continue;
    yield finished();
    for (const builder of builders) builder.restart(areKept);
    rowCount = 0;
    isFirst = false;
  }
  if (rowCount > 0 || isFirst) yield finished();
}

function wrongWidth(found: number, expected: number): MalformedResponseError {
  return new MalformedResponseError({
    operation: 'the CSV file of the query',
    field: 'columns',
    actual: `${found} columns`,
    expected: `${expected} columns`,
  });
}
