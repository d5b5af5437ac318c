import type { UpdateOptions } from './updateOptions.js';

/** How {@link Tables.upsert} stores rows. */
export interface UpsertOptions extends Omit<UpdateOptions, 'overwrite'> {
  /** The names of the columns that identify a row: a row of the table with the same values is updated. */
  keys: readonly string[];
  /**
   * What happens when several rows of the table have the key of a row: an error that names them, or all of them are updated.
   * @default 'error'
   */
  ifSeveralMatch?: 'error' | 'updateAll';
}

/** A row that was not stored, because a view has no row with its key. */
export interface UpsertProblem {
  /** The number of the row in the input, counting from 1. */
  row: number;
  /** The values of the key columns, as Synapse writes them. */
  key: Record<string, string | null>;
  message: string;
}

/** What an upsert changed; with `dryRun`, what it would change. */
export interface UpsertReport {
  /** Rows that were added. */
  inserted: number;
  /** Rows of the table that were changed. */
  updated: number;
  /** Rows of the table that have the given values already. */
  unchanged: number;
  /** Rows that a view does not have. Views only: a row cannot be added to a view. */
  problems: UpsertProblem[];
}
