import type { StoredColumn } from '../../columns/columnModel.js';
import { columnTypes } from '../../columns/columnTypes.js';

/** Bytes of a CSV file for one transaction. The service accepts 1 GiB. */
export const largestCsv = 900 * 1024 * 1024;

/**
 * Bytes of rows that are sent in the request of the transaction itself. The service accepts 2 MiB, and counts every row with the
 * longest values that its columns allow.
 */
export const largestRowSet = 1024 * 1024;

/** Columns of a table. */
export const mostColumns = 152;

const bytesPerCharacter = 4;
const widths = { boolean: 5, date: 20, double: 23, id: 44, integer: 20, json: 2133, text: 2133 };

/** Bytes that the service counts for each row with these columns, or more. */
export function rowWidth(columns: readonly StoredColumn[]): number {
  return columns.reduce((sum, { columnType, maximumSize = 1000, maximumListLength = 100 }) => {
    const { kind, isList, isSized } = columnTypes[columnType];
    const one = isSized ? bytesPerCharacter * maximumSize : widths[kind];
    return sum + (isList ? one * maximumListLength : one);
  }, 0);
}
