import type { StoredColumn } from '../../columns/columnModel.js';
import type { CsvDialect } from '../csv/csvDialect.js';
import type { CellFiles } from '../files/cellFiles.js';
import type { RowReference } from './rowReference.js';

/** Where CSV is read from: the path of a file, a text with a line break, bytes, or a stream of them. */
export type CsvSource = AsyncIterable<Uint8Array | string> | Blob | Uint8Array | string;

/**
 * Rows as CSV.
 *
 * An empty cell has no value. An empty cell in quotes is the empty text, where the column holds texts. Booleans can be in any case
 * (`True`); dates are ISO 8601, in UTC where they have no offset, or milliseconds since 1970; `NA`, `nan` and the like are
 * texts in a column of texts, and not valid elsewhere, except `NaN` in a DOUBLE.
 */
export interface CsvInput extends Omit<CsvDialect, 'lineEnd'> {
  /** The path of a file; the text itself, which has a line break; its bytes in UTF-8; or a stream of them. */
  csv: CsvSource;
  /**
   * Whether the first row has the names of the columns; or their names, where the file lacks them. Without a header and names,
   * the file has all columns of the table, in their order.
   * @default true
   */
  header?: boolean | readonly string[];
  /** Lines to skip before the header. @default 0 */
  skipLines?: number;
  /**
   * Whether an empty line of a file with one column is a row without a value.
   * @default 'skip', as Synapse does
   */
  emptyLines?: 'row' | 'skip';
}

/** A row to write, with its cells in the form of the API. */
export interface RowToWrite {
  /** The number of the row in the input, counting from 1. In a CSV file with a header, that is row 1. */
  row: number;
  reference: RowReference;
  /** One for each of the columns of its {@link RowSource}. */
  cells: (string | null)[];
  /** The indexes of the cells that the row does not have: an object without that key. Their cells are null. */
  absent?: ReadonlySet<number>;
}

/** The rows of an input. */
export interface RowSource {
  /**
   * The columns that the input has, in the order of the cells. A row that has further columns adds them at the end before it is
   * returned.
   */
  columns: readonly StoredColumn[];
  rows: AsyncIterable<RowToWrite>;
}

/** How {@link openRows} reads. */
export interface OpenRowsOptions {
  signal?: AbortSignal | undefined;
  /** Collects the local files in the cells of FILEHANDLEID columns. Without it, they are refused. */
  files?: CellFiles | undefined;
  /**
   * What happens to rows that name their id or version in a column or key, such as `ROW_ID`.
   * @default 'read'
   */
  references?: 'read' | 'refuse';
}
