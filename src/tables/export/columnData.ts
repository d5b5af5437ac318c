/** What the values of all kinds of columns have. */
interface ColumnBase {
  length: number;
  nullCount: number;
  /** A bit for each value, the lowest one first: 0 for null. Absent when there is no null. */
  validity: Uint8Array | undefined;
}

/** Values of a column in the layout of Apache Arrow: one after the other, without an object for each. */
export type ColumnData =
  | (ColumnBase & { kind: 'integers'; values: BigInt64Array })
  | (ColumnBase & { kind: 'doubles'; values: Float64Array })
  | (ColumnBase & { kind: 'bits'; values: Uint8Array })
  | (ColumnBase & { kind: 'texts'; offsets: Int32Array; values: Uint8Array })
  | ListData;

/** Lists: where the elements of each begin among those of all. */
export interface ListData extends ColumnBase {
  kind: 'lists';
  offsets: Int32Array;
  items: ColumnData;
}

/** Whether the value with an index is null. */
export function isNull({ validity }: ColumnData, index: number): boolean {
  return validity !== undefined && ((validity[index >> 3] ?? 0) & (1 << (index & 7))) === 0;
}
