import { SynapseError } from '../../errors.js';

/**
 * A batcher could not append rows. They are in {@link BatcherError.rows}; `cause` is the reason. When the cause is an
 * {@link AppendError} with `unknown`, some of them may be in the table.
 */
export class BatcherError<Row extends object = object> extends SynapseError {
  override readonly name = 'BatcherError';
  /** The rows that were added and are not in the table, in their order. */
  declare readonly rows: readonly Row[];

  constructor(table: string, rows: readonly Row[], cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const count = rows.length === 1 ? 'One row was' : `${rows.length} rows were`;
    super(`${count} not appended to ${table}: ${reason}`, { code: 'BATCHER', cause });
    // Not enumerable: printing the error does not print the rows.
    Object.defineProperty(this, 'rows', { value: rows, enumerable: false });
  }
}
