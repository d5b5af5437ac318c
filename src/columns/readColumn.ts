import { ArgumentError } from '../errors.js';
import { quoted } from '../values/quoted.js';
import type { TableColumn } from './columnModel.js';
import { columnTypes, isColumnType, type ColumnType } from './columnTypes.js';

/** The properties that a column can have. */
export const columnProperties: ReadonlySet<string> = new Set([
  'id',
  'name',
  'type',
  'columnType',
  'maximumSize',
  'maximumListLength',
  'defaultValue',
  'enumValues',
  'facetType',
  'facetSortConfig',
  'jsonSubColumns',
]);

/**
 * One column with its name, as a caller describes it.
 *
 * @throws {@link ArgumentError} for a column without a name or a type, and for unknown properties.
 */
export function readColumn(given: unknown): TableColumn {
  if (typeof given !== 'object' || given === null) {
    throw new ArgumentError(`${quoted(given)} is not a column: pass { name, type }.`);
  }
  const { type, columnType, name, ...rest } = given as Record<string, unknown>;
  if (typeof name !== 'string') {
    throw new ArgumentError(`A column has no name: ${quoted(given)}`);
  }
  const unknown = Object.keys(rest).find((key) => !columnProperties.has(key));
  if (unknown !== undefined) {
    throw new ArgumentError(
      `Column ${quoted(name)}: columns have no property ${quoted(unknown)}. They have: ${[...columnProperties].join(', ')}.`,
    );
  }
  // Objects from JSON have null where there is nothing.
  const present = Object.entries(rest).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(present), name, columnType: readType(name, type ?? columnType) };
}

/** Like {@link readColumn}, for its type, or its type and other properties. */
export function readNamed(name: string, column: unknown): TableColumn {
  const described = typeof column === 'object' ? column : { type: column };
  return readColumn({ ...described, name });
}

function readType(column: string, type: unknown): ColumnType {
  if (isColumnType(type)) return type;
  throw new ArgumentError(
    `Column ${quoted(column)} has the type ${quoted(type ?? null)}, which does not exist. Types: ${Object.keys(columnTypes).join(', ')}.`,
  );
}
