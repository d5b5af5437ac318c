import type { ColumnType } from './columnTypes.js';
import type { ValueKind } from './value.js';

/** A column of a table that queries read. */
export interface SourceColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** How its values behave, if that is not what the type says, as for computed columns. */
  readonly kind?: ValueKind;
  /** Absent for `ROW_ID` and the other system columns, and for computed columns. */
  readonly id?: string;
  readonly maximumSize?: number;
  readonly maximumListLength?: number;
  /** Name in SQLite of the column with the cells. */
  readonly sql: string;
  /** Name in SQLite of the column with the text keys of cells that are not their own key. */
  readonly storedKey?: string;
  /** Name in SQLite of the column with the whole text keys. */
  readonly key?: string;
  /** Name in SQLite of the column that is 1 where the cell is NaN. */
  readonly nan?: string;
}
