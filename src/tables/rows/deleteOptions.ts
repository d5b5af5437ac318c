import type { TransactionOptions } from './transaction.js';
import type { SqlFragment } from '../sql/sqlFragment.js';
import type { RowsInput } from './rowSource.js';

/** The id of a row, `ROW_ID`. */
export type RowId = bigint | number | string;

/** Which rows {@link Tables.deleteRows} deletes: a query that finds them, their ids, or rows that were read. */
export type RowsToDelete =
  AsyncIterable<RowId> | Iterable<RowId> | RowsInput | SqlFragment | string;

/** How {@link Tables.deleteRows} deletes rows. */
export interface DeleteRowsOptions extends TransactionOptions {
  /** Whether the rows are only looked up. @default false */
  dryRun?: boolean;
}

/** What was deleted; with `dryRun`, what would be. */
export interface DeleteRowsReport {
  /** Number of rows. */
  deleted: number;
}
