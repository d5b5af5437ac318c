import { SynapseError } from '../../errors.js';
import { quoted } from '../../values/quoted.js';

/** A cell of a result that JavaScript cannot hold, or whose text does not fit the type of its column. */
export class CellReadError extends SynapseError {
  override readonly name = 'CellReadError';
  /** The number of the row in the result, counting from 1. */
  readonly row: number;
  readonly rowId?: number;
  readonly column: string;
  /** The text of the cell. */
  readonly value: string;

  constructor(cell: {
    row: number;
    rowId: number | undefined;
    column: string;
    value: string;
    /** The end of a sentence, such as "is not a date". */
    reason: string;
  }) {
    const { row, rowId, column, value, reason } = cell;
    const id = rowId === undefined ? '' : ` (ROW_ID ${rowId})`;
    super(`Row ${row}${id} of the result, column ${quoted(column)}: ${quoted(value)} ${reason}.`, {
      code: 'UNREADABLE_CELL',
    });
    this.row = row;
    if (rowId !== undefined) this.rowId = rowId;
    this.column = column;
    this.value = value;
  }
}
