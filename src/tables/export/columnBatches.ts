import type * as M from '../../../generated/models.js';
import { isColumnType, type ColumnType } from '../../columns/columnTypes.js';
import { ArgumentError, MalformedResponseError } from '../../errors.js';
import { quoted } from '../../values/quoted.js';
import type { CsvDialect } from '../csv/csvDialect.js';
import { scanCsv, type CsvBatch } from '../csv/csvScanner.js';
import { rowColumns } from '../rows/rowReference.js';
import type { ColumnData } from './columnData.js';
import { newColumnBuilder } from './newColumnBuilder.js';

/** The result of a query as CSV text. */
export interface CsvRows {
  /** The columns that the query selects. */
  columns: readonly M.SelectColumn[];
  /** The columns that come before them in each row: `ROW_ID`... */
  references: readonly string[];
  /** UTF-8; the first row is the header. */
  bytes: AsyncIterable<Uint8Array>;
  dialect: Required<CsvDialect>;
}

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

/** How rows are put into batches. */
export interface ColumnBatchOptions {
  /** Whether ROW_ID, ROW_VERSION and, for views, ROW_ETAG are columns of the result. @default false */
  rowReferences?: boolean;
  /** The least number of rows of a batch. @default 65536 */
  rowsPerBatch?: number;
}

/** A batch has fewer rows when their texts have this many bytes. */
const maxTextBytes = 32 * 1024 * 1024;

/** The columns of a result, in the order of {@link ColumnBatch.columns}. */
export function resultColumns(
  { columns, references }: Pick<CsvRows, 'columns' | 'references'>,
  { rowReferences = false }: ColumnBatchOptions = {},
): ResultColumn[] {
  const own = columns.map(({ name = '', columnType }): ResultColumn => ({
    name,
    // The texts of a type that did not exist when this was written are kept.
    type: isColumnType(columnType) ? columnType : 'STRING',
  }));
  const names = new Set<string>();
  for (const { name } of own) {
    if (names.has(name)) {
      throw new ArgumentError(
        `The result has two columns with the name ${quoted(name)}. Give one of them another name with AS.`,
      );
    }
    names.add(name);
  }
  if (!rowReferences) return own;
  const added = references.map((name): ResultColumn => {
    if (names.has(name)) throw selectedReference(name);
    return { name, type: name === rowColumns.etag ? 'STRING' : 'INTEGER' };
  });
  return [...added, ...own];
}

function selectedReference(name: string): ArgumentError {
  return new ArgumentError(
    `The query selects ${name} itself. Leave out the option rowReferences, or ${name}.`,
  );
}

/**
 * Reads a result column by column, in batches of many rows, each of which has its own memory. A result without rows is one
 * empty batch.
 *
 * @throws {@link ArgumentError} when a value does not have the type that its column declares, with row, column and value
 */
export async function* columnBatches(
  rows: CsvRows,
  options: ColumnBatchOptions = {},
): AsyncGenerator<ColumnBatch> {
  const { rowsPerBatch = 65_536 } = options;
  const { dialect, references } = rows;
  const columns = resultColumns(rows, options);
  // The selected columns are the last ones of each row.
  const width = references.length + rows.columns.length;
  const builders = columns.map((column) => newColumnBuilder(column, dialect));
  let rowCount = 0;
  let batchCount = 0;
  const finish = (): ColumnBatch => {
    const batch = { rowCount, columns: builders.map((builder) => builder.finish()) };
    rowCount = 0;
    batchCount += 1;
    return batch;
  };
  for await (const batch of withoutHeader(rows)) {
    if (batch.width !== width) throw wrongWidth(batch.width, width);
    for (const [index, builder] of builders.entries()) {
      builder.append(batch, width - columns.length + index);
    }
    rowCount += batch.rowCount;
    const textBytes = builders.reduce((sum, builder) => sum + builder.textBytes, 0);
    if (rowCount >= rowsPerBatch || textBytes >= maxTextBytes) yield finish();
  }
  if (rowCount > 0 || batchCount === 0) yield finish();
}

function wrongWidth(found: number, expected: number): MalformedResponseError {
  return new MalformedResponseError({
    operation: 'the CSV file of the query',
    field: 'columns',
    actual: `${found} columns`,
    expected: `${expected} columns`,
  });
}

async function* withoutHeader({ bytes, dialect }: CsvRows): AsyncGenerator<CsvBatch> {
  const options = { dialect, name: 'the result of the query', emptyLines: 'row' } as const;
  let isFirst = true;
  for await (const batch of scanCsv(bytes, options)) {
    const skipped = isFirst ? 1 : 0;
    isFirst = false;
    const { cells, width, rowCount, firstRow } = batch;
    yield {
      ...batch,
      cells: cells.subarray(2 * width * skipped),
      rowCount: rowCount - skipped,
      // The header is row 1.
      firstRow: firstRow + skipped - 1,
    };
  }
}
