import { CellValueError } from '../cells/cellValueError.js';

/** What identifies a row, and the state of it that was read. */
export interface RowReference {
  rowId?: number;
  versionNumber?: number;
  /** Rows of views only: the etag of the entity. */
  etag?: string;
}

/**
 * The key under which a row of a query result holds its {@link RowReference}. Copying the row with a spread copies it as well,
 * so that a changed copy can be written back. It does not appear in JSON or in `Object.keys`.
 */
export const rowReferenceKey: unique symbol = Symbol.for('synapseclient.row');

/** A row that was read: its values by column name, and where it came from. */
export type ReadRow<Row> = Row & { [rowReferenceKey]?: RowReference };

/** What identifies a row that was read, or a copy of it; `undefined` for a row of an aggregate. */
export function rowReference(row: object): RowReference | undefined {
  return (row as ReadRow<object>)[rowReferenceKey];
}

/** The names of the columns that every table has beside its own. No column can have such a name. */
export const rowColumns = {
  rowId: 'ROW_ID',
  versionNumber: 'ROW_VERSION',
  etag: 'ROW_ETAG',
} as const;

/**
 * The id or version of a row, as a number or its digits; `undefined` where there is none.
 *
 * @throws {@link CellValueError} for anything else.
 */
export function readReferenceNumber(
  value: unknown,
  { row, column }: { row: number; column: string },
): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  if (typeof number === 'bigint' && number >= 0n && number <= Number.MAX_SAFE_INTEGER) {
    return Number(number);
  }
  throw new CellValueError({ row, column, value, reason: 'is not the number of a row' });
}
