import { badRequest } from '../../kernel/serviceError.js';
import type { StoredColumn } from '../columnModels.js';
import { defaultStringSize, maxListLength } from '../columnLimits.js';
import { CellError, listTooShort, readCell, type StoredCell } from '../columnValues.js';
import { elementType, isListType } from '../sql/columnTypes.js';
import type { ViewKind, ViewObject } from './viewKind.js';

/** Whether a column shows a field of the objects instead of an annotation. */
export function isFieldColumn(kind: ViewKind, column: StoredColumn): boolean {
  return kind.fields.some(
    ({ name, columnType }) => name === column.name && columnType === column.columnType,
  );
}

/** Computes the cells of a column. */
export type CellSource = (object: ViewObject) => StoredCell;

const emptyCell: StoredCell = { value: null, key: null, nan: null };

/**
 * How the cells of a column are computed from objects.
 *
 * @throws 400 when a value is too large for the column
 */
export function cellSource(kind: ViewKind, column: StoredColumn): CellSource {
  // Views ignore defaults and enumerations, and show all values.
  const bare: StoredColumn = { id: column.id, name: column.name, columnType: column.columnType };
  if (isFieldColumn(kind, column)) {
    return (object) => {
      const text = object.field(column.name);
      return text === null ? emptyCell : scalarCell(text, column, bare);
    };
  }
  return (object) => {
    const values = object.annotations[column.name]?.value ?? [];
    const [first] = values;
    if (first === undefined) {
      return emptyCell;
    }
    return isListType(column.columnType)
      ? listCell(values, column, bare)
      : scalarCell(first, column, bare);
  };
}

function scalarCell(text: string, column: StoredColumn, bare: StoredColumn): StoredCell {
  const { columnType } = column;
  if (columnType === 'STRING' || columnType === 'LINK') {
    requireRoom(text, column);
  }
  return readOrNothing(text, bare);
}

function listCell(values: readonly string[], column: StoredColumn, bare: StoredColumn): StoredCell {
  const limit = column.maximumListLength ?? maxListLength;
  if (values.length > limit) {
    throw badRequest(listTooShort(column.name, values.length));
  }
  const size = column.maximumSize ?? defaultStringSize;
  if (elementType(column.columnType) === 'STRING' && values.some((text) => text.length > size)) {
    // The service shows the error of its database.
    const schema = `{ "type": "array", "items": { "maxLength": ${size} }, "maxItems": ${limit} }`;
    throw badRequest(
      `Check constraint 'json_schema_valid(_utf8mb4'${schema}',\`${column.name}\`)' is violated.`,
    );
  }
  return readOrNothing(JSON.stringify(values), bare);
}

function requireRoom(text: string, { name, maximumSize }: StoredColumn): void {
  if (maximumSize !== undefined && text.length > maximumSize) {
    throw badRequest(
      `The size of the column '${name}' is too small.  The column size needs to be at least ${text.length} characters.`,
    );
  }
}

/** Values that are not valid in the column are not shown. */
function readOrNothing(text: string, column: StoredColumn): StoredCell {
  try {
    return readCell(text, column);
  } catch (error) {
    if (error instanceof CellError) {
      return emptyCell;
    }
    throw error;
  }
}
