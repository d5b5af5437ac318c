import type { InferredColumn } from './inferredColumn.js';

/** The most that the widest row of a table may take, in bytes. */
const mostBytes = 64_000;
/** Bytes that the service counts for a column of each type. STRING takes four for each character. */
const largeTextBytes = 2133;
const mediumTextBytes = 421;
const bytesPerCharacter = 4;
/** Characters of the longest MEDIUMTEXT. */
const mediumText = 2000;

/** Makes the longest texts MEDIUMTEXT until a row of all columns is not wider than a table may have. */
export function fitRowWidth(columns: InferredColumn[]): InferredColumn[] {
  let width = columns.reduce((sum, column) => sum + bytesOf(column), 0);
  const result = [...columns];
  const order = columns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => column.columnType === 'STRING' && bytesOf(column) > mediumTextBytes)
    .sort((one, other) => bytesOf(other.column) - bytesOf(one.column));
  for (const { column, index } of order) {
    if (width <= mostBytes) break;
    width -= bytesOf(column) - mediumTextBytes;
    result[index] = { name: column.name, columnType: 'MEDIUMTEXT' };
  }
  return result;
}

function bytesOf({ columnType, maximumSize = 0, maximumListLength = 1 }: InferredColumn): number {
  if (columnType === 'LARGETEXT' || columnType === 'JSON') return largeTextBytes;
  if (columnType === 'MEDIUMTEXT') return mediumTextBytes;
  return Math.max(20, bytesPerCharacter * maximumSize) * maximumListLength;
}

/** The type of text for values of a length, and its size. */
export function textColumn(name: string, length: number, least = 1): InferredColumn {
  if (length <= 1000) {
    return { name, columnType: 'STRING', maximumSize: Math.max(least, length) };
  }
  return { name, columnType: length <= mediumText ? 'MEDIUMTEXT' : 'LARGETEXT' };
}
