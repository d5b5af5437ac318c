/** What is used of a table of the package `apache-arrow`. */
export interface ArrowTable extends Iterable<object> {
  readonly schema: { readonly fields: readonly { readonly name: string }[] };
  readonly batches: readonly unknown[];
  readonly numRows: number;
}

/** Whether a value is a table of Apache Arrow, of any copy of its package. */
export function isArrowTable(value: object): value is ArrowTable {
  return 'schema' in value && 'batches' in value && 'numRows' in value && Symbol.iterator in value;
}

/** The rows of an Arrow table as objects. */
export function rowsOfArrow(table: ArrowTable): Iterable<object> {
  return table;
}
