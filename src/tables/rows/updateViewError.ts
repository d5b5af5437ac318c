import { PartialFailureError, SynapseError, type Failure } from '../../errors.js';

/** Why a row of a view was not changed. `code` is the failure code of Synapse: `CONCURRENT_UPDATE`, `UNAUTHORIZED`... */
export class ViewRowError extends SynapseError {
  override readonly name = 'ViewRowError';
  /** The entity or submission of the row. */
  readonly entityId: string;
  /** The number of the row in the input, counting from 1. */
  readonly row: number;

  constructor(message: string, options: { code: string; entityId: string; row: number }) {
    super(message, options);
    this.entityId = options.entityId;
    this.row = options.row;
  }
}

/** Some rows of a view were not changed. The others were. */
export class ViewUpdateError extends PartialFailureError {
  override readonly name = 'ViewUpdateError';
  /** Number of rows that were changed. */
  readonly updated: number;

  /** @param failures - Each error is a {@link ViewRowError}, or the reason why the remaining rows were not sent. */
  constructor(updated: number, failures: readonly Failure[]) {
    super(`updated, and ${updated} ${updated === 1 ? 'other was' : 'others were'}`, failures);
    this.updated = updated;
  }
}
