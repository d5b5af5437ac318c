import type { StoredColumn } from '../../columns/columnModel.js';
import { widthOf } from '../../columns/columnLimits.js';

/** Bytes of a CSV file for one transaction. The service accepts 1 GiB. */
export const largestCsv = 900 * 1024 * 1024;

/**
 * Bytes of rows that are sent in the request of the transaction itself. The service accepts 2 MiB, and counts every row with the
 * longest values that its columns allow.
 */
export const largestRowSet = 1024 * 1024;

/** Bytes that the service counts for each row with these columns. */
export function rowWidth(columns: readonly StoredColumn[]): number {
  return columns.reduce((sum, column) => sum + widthOf(column), 0);
}
