import type { TransactionOptions } from './transaction.js';

/** How {@link Tables.update} updates rows. */
export interface UpdateOptions extends TransactionOptions {
  /** Whether everything is checked, but nothing is changed. @default false */
  dryRun?: boolean;
  /**
   * Whether rows without a version are updated as well. They replace what others have written since they were read.
   * Tables only.
   * @default false
   */
  overwrite?: boolean;
  /**
   * Whether to wait until the view shows the changes. Views are updated some time after a change. Views only.
   * @default false
   */
  wait?: boolean;
}

/** What an update changed. */
export interface UpdateReport {
  /** Rows that were changed; with `dryRun`, rows that would be. */
  updated: number;
  /** Rows that set no value. */
  unchanged: number;
}
