import { maximumSizes, widestRow, widthOf } from '../../columns/columnLimits.js';
import { columnTypes } from '../../columns/columnTypes.js';
import type { InferredColumn } from './inferredColumn.js';

/** Makes the longest texts MEDIUMTEXT until a row of all columns is not wider than a table may have. */
export function fitRowWidth(columns: InferredColumn[]): InferredColumn[] {
  let width = columns.reduce((sum, column) => sum + widthOf(column), 0);
  const result = [...columns];
  const order = columns
    .map((column, index) => {
      const next: InferredColumn = { name: column.name, columnType: 'MEDIUMTEXT' };
      return { index, next, gain: widthOf(column) - widthOf(next), type: column.columnType };
    })
    .filter(({ gain, type }) => type === 'STRING' && gain > 0)
    .sort((one, other) => other.gain - one.gain);
  for (const { index, next, gain } of order) {
    if (width <= widestRow) break;
    width -= gain;
    result[index] = next;
  }
  return result;
}

/** The type of text for values of a length, and its size. */
export function textColumn(name: string, length: number, least: number): InferredColumn {
  if (length <= maximumSizes.most) {
    return { name, columnType: 'STRING', maximumSize: Math.max(least, length) };
  }
  const { maximumCharacters = 0 } = columnTypes.MEDIUMTEXT;
  return { name, columnType: length <= maximumCharacters ? 'MEDIUMTEXT' : 'LARGETEXT' };
}
