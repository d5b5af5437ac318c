import { SynapseError } from '../../errors.js';

/** What is known about the rows of an append that failed. Rows are counted as in the input, from 1. */
export interface AppendOutcome {
  /** Number of rows that are in the table, with certainty. */
  appended: number;
  /** The first row that may be missing. Continue with it. */
  nextRow: number;
  /**
   * The rows of a transaction whose result is unknown, because the answer of the service got lost: either all of them are in the
   * table, or none.
   */
  unknown?: { firstRow: number; lastRow: number };
}

/**
 * Rows were appended in part, or it is unknown whether they were. `cause` is the reason: an {@link UnconfirmedError} where that is
 * unknown. An append that failed without an effect rejects with the reason itself.
 */
export class AppendError extends SynapseError implements AppendOutcome {
  override readonly name = 'AppendError';
  readonly appended: number;
  readonly nextRow: number;
  readonly unknown?: { firstRow: number; lastRow: number };

  constructor(table: string, { appended, nextRow, unknown }: AppendOutcome, cause: unknown) {
    super(messageOf(table, { appended, nextRow, unknown }, cause), { code: 'APPEND', cause });
    this.appended = appended;
    this.nextRow = nextRow;
    if (unknown !== undefined) this.unknown = unknown;
  }
}

function messageOf(
  table: string,
  { appended, nextRow, unknown }: AppendOutcome,
  cause: unknown,
): string {
  const reason = cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause);
  const done = appended === 0 ? 'No rows' : appended === 1 ? 'One row' : `${appended} rows`;
  if (unknown === undefined) {
    return `${done} were appended to ${table}, then: ${reason}. Continue with row ${nextRow}.`;
  }
  const { firstRow, lastRow } = unknown;
  return (
    `It is unknown whether rows ${firstRow} to ${lastRow} were appended to ${table}; ${done.toLowerCase()} before them were. ` +
    `${reason}.`
  );
}
