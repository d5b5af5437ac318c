import type * as M from '../../../generated/models.js';
import type { ColumnType } from '../../columns/columnTypes.js';

/** A column for given values. */
export interface InferredColumn extends Omit<M.ColumnModel, 'id'> {
  name: string;
  columnType: ColumnType;
}

/** Collects what the values of a column have in common. */
export interface ColumnObserver {
  /** Sees a text of a CSV file; null for an empty cell. */
  text: (text: string | null) => void;
  /** Sees a value; null and undefined for none. */
  value: (value: unknown) => void;
  /** The column that holds all of them. */
  column: (name: string) => InferredColumn;
}
