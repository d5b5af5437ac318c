import type * as M from '../../../../generated/models.js';
import { badRequest } from '../../kernel/serviceError.js';
import type { StoredColumn } from '../columnModels.js';
import { CellError, cellErrorMessage, readCell } from '../columnValues.js';
import { elementType, isListType } from '../sql/columnTypes.js';
import { parseJson } from '../sql/jsonText.js';
import { isFieldColumn } from './viewCells.js';
import type { AnnotationChanges, ViewKind } from './viewKind.js';

/** Type of the annotations of a column. */
function annotationType(type: M.ColumnType): M.AnnotationsValueType {
  switch (elementType(type) ?? type) {
    case 'INTEGER':
    case 'USERID':
    case 'FILEHANDLEID':
    case 'SUBMISSIONID':
    case 'EVALUATIONID':
      return 'LONG';
    case 'DATE':
      return 'TIMESTAMP_MS';
    case 'DOUBLE':
      return 'DOUBLE';
    case 'BOOLEAN':
      return 'BOOLEAN';
    default:
      return 'STRING';
  }
}

/**
 * The annotations of cells. Cells of object fields are ignored, because they cannot be changed
 * through a view.
 *
 * @throws 400 for an invalid list
 */
export function annotationChanges(
  kind: ViewKind,
  cells: readonly { readonly column: StoredColumn; readonly value: string | null }[],
): AnnotationChanges {
  const changes = new Map<string, M.AnnotationsValue | undefined>();
  for (const { column, value } of cells) {
    const { name, columnType } = column;
    if (isFieldColumn(kind, column) || kind.reserved.has(name)) {
      continue;
    }
    changes.set(
      name,
      value === null
        ? undefined
        : { type: annotationType(columnType), value: valuesOf(columnType, value) },
    );
  }
  return changes;
}

function valuesOf(type: M.ColumnType, text: string): string[] {
  if (!isListType(type)) {
    return [text];
  }
  const list = parseJson(text);
  if (!Array.isArray(list)) {
    throw badRequest(`Value is not correctly formatted as a JSON Array: ${text}`);
  }
  return list.map((item) => {
    if (item === null) {
      throw badRequest('null value is not allowed');
    }
    return typeof item === 'string' ? item : JSON.stringify(item);
  });
}

/**
 * A cell of a whole row in its normal form.
 *
 * @param place row, and position of the column in the schema
 * @throws 400 for a value that is not valid in the column
 */
export function normalCell(
  text: string | null,
  column: StoredColumn,
  place: { readonly row: number; readonly position: number },
): string | null {
  try {
    const { value, nan } = readCell(text, column);
    if (value === null) {
      return nan === 1 ? text : null;
    }
    switch (column.columnType) {
      case 'BOOLEAN':
        return value === 1 ? 'true' : 'false';
      case 'DOUBLE':
      case 'ENTITYID':
        return text ?? column.defaultValue ?? null;
      default:
        return String(value);
    }
  } catch (error) {
    throw error instanceof CellError
      ? badRequest(cellErrorMessage(error, place.row, place.position, column))
      : error;
  }
}
