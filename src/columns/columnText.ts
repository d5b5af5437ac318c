import { quoted } from '../values/quoted.js';
import type { TableColumn } from './columnModel.js';
import { columnTypes } from './columnTypes.js';

// Anything else, such as a line break or a comma, would make a line ambiguous.
const plainName = /^[\p{L}\p{N}_.()+'-][\p{L}\p{N}_.()+' -]*$/u;

/** The name of a column within a line: in quotes, unless it is plain. */
export function columnNameText(name: string): string {
  return plainName.test(name) ? name : JSON.stringify(name);
}

/** The type of a column with its sizes: `STRING(50)`, `STRING_LIST(50)[100]`, `INTEGER`. */
export function columnTypeText({
  columnType,
  maximumSize,
  maximumListLength,
}: TableColumn): string {
  const { isList, isSized } = columnTypes[columnType];
  const size = isSized && maximumSize !== undefined ? `(${maximumSize})` : '';
  const length = isList && maximumListLength !== undefined ? `[${maximumListLength}]` : '';
  return `${columnType}${size}${length}`;
}

/** The properties of a column beside its name, type and sizes: `facet range, default "5"`. */
export function columnPropertiesText(column: TableColumn): string {
  const { facetType, defaultValue, enumValues, jsonSubColumns } = column;
  return [
    facetType && `facet ${facetType}`,
    defaultValue !== undefined && `default ${quoted(defaultValue)}`,
    enumValues && `one of ${enumValues.map((value) => quoted(value)).join(', ')}`,
    jsonSubColumns &&
      `sub-columns ${jsonSubColumns.map(({ name = '' }) => columnNameText(name)).join(', ')}`,
  ]
    .filter((text) => typeof text === 'string' && text !== '')
    .join(', ');
}
