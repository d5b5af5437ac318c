import { SynapseError } from '../../errors.js';

/** Rows of a table, for {@link StaleRowsError} and {@link MissingRowsError}. */
export interface RowsErrorOptions {
  /** The table or view. */
  tableId: string;
  /** The `ROW_ID` of each row. */
  rowIds: readonly number[];
  cause?: unknown;
}

/** Rows have changed since they were read, or were deleted. Nothing was changed. */
export class StaleRowsError extends SynapseError {
  override readonly name = 'StaleRowsError';
  readonly tableId: string;
  /** The `ROW_ID` of each row that has changed. */
  readonly rowIds: readonly number[];

  /** @param rows - The rows as a message names them. */
  constructor(rows: string, { tableId, rowIds, cause }: RowsErrorOptions) {
    super(
      `${rowIds.length === 1 ? 'A row' : `${rowIds.length} rows`} of ${tableId} changed after being read: ${rows}. ` +
        'Nothing was changed. Read the rows again, apply your changes to their current state, and write them again.',
      { code: 'STALE_ROWS', cause },
    );
    this.tableId = tableId;
    this.rowIds = rowIds;
  }
}

/** A table does not have these rows: they were deleted, or never existed. Nothing was changed. */
export class MissingRowsError extends SynapseError {
  override readonly name = 'MissingRowsError';
  readonly tableId: string;
  /** The `ROW_ID` of each row that is missing. */
  readonly rowIds: readonly number[];

  /** @param rows - The rows as a message names them. */
  constructor(rows: string, { tableId, rowIds, cause }: RowsErrorOptions) {
    super(`${tableId} does not have ${rows}. Nothing was changed. Read the rows again.`, {
      code: 'NOT_FOUND',
      cause,
    });
    this.tableId = tableId;
    this.rowIds = rowIds;
  }
}
