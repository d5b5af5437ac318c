import { ArgumentError } from '../errors.js';
import { quoted } from '../values/quoted.js';
import type { ColumnsInput, NamedColumn, TableColumn } from './columnModel.js';
import { isColumnType } from './columnTypes.js';
import type { TableDefinition } from './defineTable.js';
import { columnProperties, readColumn, readNamed } from './readColumn.js';

/** Columns as the caller describes them: a definition, an object with a member for each column, or a list. */
export type ColumnDefinitions = TableDefinition | ColumnsInput | readonly NamedColumn[];

/**
 * The columns that a caller describes, as a list. Their properties are checked by `checkColumns`.
 *
 * @throws {@link ArgumentError} for a column without a name or a type, and for unknown properties.
 */
export function readColumns(given: ColumnDefinitions): TableColumn[] {
  const columns: unknown = isDefinition(given) ? given.columns : given;
  if (Array.isArray(columns)) return columns.map((column: unknown) => readColumn(column));
  if (typeof columns !== 'object' || columns === null) {
    throw new ArgumentError(
      `${quoted(columns)} does not describe columns: pass { name: type }, a list of { name, type }, or a definition.`,
    );
  }
  return Object.entries(columns).map(([name, column]: [string, unknown]) =>
    readNamed(name, column),
  );
}

/**
 * Whether an object is a definition (`{ name, columns }`). An object with a member for each column can have one that is named
 * `columns`.
 */
function isDefinition(given: unknown): given is { columns: unknown } {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return false;
  if (!('columns' in given)) return false;
  const { columns } = given;
  if (typeof columns !== 'object' || columns === null) return false;
  const others = Object.keys(given).filter((key) => key !== 'columns' && key !== 'name');
  if (!isProperties(columns)) return others.length === 0;
  if (others.length > 0 || ('name' in given && isColumnInput(given.name))) return false;
  throw new ArgumentError(
    `${quoted(given)} can mean a column "columns", or a definition with a column "type": pass a list of { name, type }.`,
  );
}

function isColumnInput(value: unknown): boolean {
  return isColumnType(value) || (typeof value === 'object' && value !== null);
}

/** Whether an object can be the properties of one column. */
function isProperties(value: object): boolean {
  return (
    'type' in value &&
    isColumnType(value.type) &&
    Object.keys(value).every((key) => columnProperties.has(key))
  );
}
