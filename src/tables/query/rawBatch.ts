import type * as M from '../../../generated/models.js';
import type { RowReference } from '../rows/rowReference.js';

/** Some rows of a result, before their values are converted. Valid until the next batch is read. */
export interface RawBatch {
  rowCount: number;
  /** The number of the first row in the result, counting from 1. */
  firstRow: number;
  /** The text of a cell; `null` when it has no value. */
  cell: (row: number, column: number) => string | null;
  /** What identifies a row; `undefined` for aggregates. */
  reference: (row: number) => RowReference | undefined;
}

/** The result of a query, before its values are converted. */
export interface RawResult {
  columns: readonly M.SelectColumn[];
  /** More rows are requested as they are needed. Leaving the loop ends the requests. */
  batches: AsyncIterable<RawBatch>;
  /** Ends the download when the batches are not read. */
  close: () => void;
}
