import type * as M from '../../../generated/models.js';
import { readCell } from '../tables/columnValues.js';
import { javaDouble, parseDouble } from '../tables/sql/numberText.js';

/** A cell as text in the form in which the grid writes it; `null` for an empty one. */
export type GridCell = string | null;

/** A column of a grid. */
export interface GridColumn {
  readonly name: string;
  readonly columnType: M.ColumnType;
}

/** Types whose cells are kept as text. */
const texts: ReadonlySet<M.ColumnType> = new Set([
  'DATE',
  'ENTITYID',
  'LARGETEXT',
  'LINK',
  'MEDIUMTEXT',
  'STRING',
]);

const numbers: ReadonlySet<M.ColumnType> = new Set(['DOUBLE', 'INTEGER']);

/** Reads a cell of a CSV file. @throws CellError when it is not a value of the type */
export function readGridCell(text: GridCell, { columnType }: GridColumn): GridCell {
  if (text === null || texts.has(columnType)) {
    return text;
  }
  const { value, nan } = readCell(text, { columnType });
  if (nan === 1) {
    return 'NaN';
  }
  if (value === null) {
    return null;
  }
  if (columnType === 'BOOLEAN') {
    return value === 1 ? 'true' : 'false';
  }
  return columnType === 'DOUBLE' ? javaDouble(Number(value)) : String(value);
}

/** Converts a cell to a JSON value for validation. */
export function jsonOfCell(cell: GridCell, { columnType }: GridColumn): unknown {
  if (cell === null) {
    return null;
  }
  switch (columnType) {
    case 'BOOLEAN':
      return cell === 'true';
    case 'DOUBLE':
    case 'INTEGER':
    case 'DATE':
    case 'FILEHANDLEID':
    case 'SUBMISSIONID':
    case 'EVALUATIONID':
    case 'USERID':
      return numberOr(cell);
    case 'JSON':
    case 'BOOLEAN_LIST':
    case 'DATE_LIST':
    case 'ENTITYID_LIST':
    case 'INTEGER_LIST':
    case 'STRING_LIST':
    case 'USERID_LIST':
      return JSON.parse(cell);
    case 'ENTITYID':
    case 'LARGETEXT':
    case 'LINK':
    case 'MEDIUMTEXT':
    case 'STRING':
      return cell;
  }
}

/** A type that can hold the cells of both columns. */
export function widerType(known: M.ColumnType, added: M.ColumnType): M.ColumnType {
  if (known === added) {
    return known;
  }
  return numbers.has(known) && numbers.has(added) ? 'DOUBLE' : 'STRING';
}

function numberOr(cell: string): number | string {
  const number = parseDouble(cell);
  return number === undefined || !Number.isFinite(number) ? cell : number;
}
