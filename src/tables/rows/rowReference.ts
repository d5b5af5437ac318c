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
