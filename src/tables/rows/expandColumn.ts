import { listLengths, maximumSizes } from '../../columns/columnLimits.js';
import type { StoredColumn, TableColumn } from '../../columns/columnModel.js';
import { columnTypes } from '../../columns/columnTypes.js';
import type { ColumnSizes } from './inferExact.js';
import { textColumn } from './inferRowWidth.js';

/** By how much a column gets larger than its values need, as in the Python client. */
const spare = 1.5;

/**
 * Makes a column large enough for values: STRING and the elements of lists get longer, lists get more elements. Where a STRING is not
 * enough, the column becomes MEDIUMTEXT or LARGETEXT, unless it has what they cannot have: a facet, a default, allowed values.
 *
 * @returns The same column when it is large enough, or cannot be larger. A value that does not fit is then found when it is read.
 */
export function expandColumn(column: StoredColumn, sizes: ColumnSizes): TableColumn {
  return columnTypes[column.columnType].isList
    ? expandList(column, sizes)
    : expandText(column, sizes);
}

function expandList(column: StoredColumn, sizes: ColumnSizes): TableColumn {
  const { maximumListLength = listLengths.usual, maximumSize } = column;
  const next = { ...column };
  if (sizes.listLength > maximumListLength && sizes.listLength <= listLengths.most) {
    next.maximumListLength = larger(sizes.listLength, listLengths.most);
  }
  if (maximumSize === undefined || sizes.elementLength <= maximumSize) return next;
  if (sizes.elementLength > maximumSizes.most) return next;
  return { ...next, maximumSize: larger(sizes.elementLength, maximumSizes.most) };
}

function expandText(column: StoredColumn, { length }: ColumnSizes): TableColumn {
  const { columnType, maximumSize, facetType, defaultValue, enumValues } = column;
  const { isSized, maximumCharacters } = columnTypes[columnType];
  const limit = isSized ? maximumSize : maximumCharacters;
  if (limit === undefined || length <= limit) return column;
  if (isSized && length <= maximumSizes.most) {
    return { ...column, maximumSize: larger(length, maximumSizes.most) };
  }
  const canBeText = columnType === 'STRING' || columnType === 'MEDIUMTEXT';
  if (!canBeText || facetType || defaultValue || enumValues) return column;
  const { id, name } = column;
  return { ...textColumn(name, length, 1), id };
}

function larger(needed: number, most: number): number {
  return Math.min(most, Math.ceil(spare * needed));
}
