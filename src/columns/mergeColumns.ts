import type { TableColumn } from './columnModel.js';
import { canHaveDefault, facetsOf } from './columnFacts.js';
import { columnTypes } from './columnTypes.js';
import { withoutId } from './normalColumn.js';
import { valueProblem } from './valueProblem.js';

/**
 * A column with given properties changed: what is not given stays, where the type allows it. A property that is given as
 * `undefined` is removed.
 */
export function mergeColumn(before: TableColumn, given: TableColumn): TableColumn {
  const kept =
    before.columnType === given.columnType ? before : propertiesFor(before, given.columnType);
  return { ...kept, ...given, id: before.id };
}

/** The properties of a column that a column of another type can have as well. */
function propertiesFor(before: TableColumn, columnType: TableColumn['columnType']): TableColumn {
  const { name, maximumSize, maximumListLength, facetType, defaultValue, enumValues } = before;
  const { isList, isSized } = columnTypes[columnType];
  const sized: TableColumn = {
    name,
    columnType,
    ...(isSized && maximumSize !== undefined && { maximumSize }),
    ...(isList && maximumListLength !== undefined && { maximumListLength }),
  };
  const fits = (value: string): boolean => valueProblem(value, sized) === undefined;
  return {
    ...sized,
    ...(facetType && facetsOf(columnType).includes(facetType) && { facetType }),
    ...(defaultValue !== undefined &&
      canHaveDefault(columnType) &&
      fits(defaultValue) && { defaultValue }),
    ...(enumValues?.every(fits) && { enumValues }),
  };
}

/**
 * The columns of a table to which others are added: a column of the same id or name is changed, and none is removed.
 *
 * @param before - The columns of the table.
 * @param given - The columns that are added or changed.
 */
export function mergeColumns(
  before: readonly TableColumn[],
  given: readonly TableColumn[],
): TableColumn[] {
  const byName = new Map(given.map((column) => [column.name.trim(), column]));
  const merged = before.map((column) => {
    const change = byName.get(column.name);
    byName.delete(column.name);
    return change === undefined ? column : mergeColumn(column, change);
  });
  // The id of a column of another table says nothing about this one.
  return [...merged, ...[...byName.values()].map(withoutId)];
}
