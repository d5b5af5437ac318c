import { SynapseError } from '../../errors.js';

/** A table changed while its rows were read, so that the rows that were read and the others do not belong together. */
export class TableChangedError extends SynapseError {
  override readonly name = 'TableChangedError';
  readonly tableId: string;

  constructor(tableId: string) {
    super(
      `${tableId} changed while its rows were read: the rest could lack rows, or repeat some. ` +
        "Read it again, with { via: 'csv' } to get all rows from one state of the table.",
      { code: 'TABLE_CHANGED' },
    );
    this.tableId = tableId;
  }
}
