import { stringifyJson } from '../values/json.js';
import type { TableColumn } from './columnModel.js';
import { listLengths, maximumSizes } from './columnLimits.js';
import { columnTypes } from './columnTypes.js';

/**
 * A column as Synapse stores it: with the default sizes, without spaces around texts, and with sorted `enumValues`. Synapse gives
 * equal columns the same id.
 */
export function normalColumn(column: TableColumn): TableColumn {
  const { name, columnType, maximumSize, maximumListLength, enumValues } = column;
  const { isList, isSized } = columnTypes[columnType];
  const normal: TableColumn = {
    ...withoutId(column),
    name: name.trim(),
    maximumSize: isSized ? (maximumSize ?? maximumSizes.usual) : maximumSize,
    maximumListLength: isList ? (maximumListLength ?? listLengths.usual) : maximumListLength,
    defaultValue: normalDefault(column),
    enumValues: normalEnum(enumValues),
  };
  const present = Object.entries(normal).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(present), name: normal.name, columnType };
}

/** A column without its id, as it is before Synapse has it. */
export function withoutId(column: TableColumn): TableColumn {
  const copy = { ...column };
  delete copy.id;
  return copy;
}

/** Types for which an empty default is a value. It is not valid for the last two. */
const keepsBlank: ReadonlySet<TableColumn['columnType']> = new Set([
  'STRING',
  'LINK',
  'STRING_LIST',
  'JSON',
] as const);

/** The default value as Synapse stores it; `undefined` for none. */
export function normalDefault({ columnType, defaultValue }: TableColumn): string | undefined {
  const text = defaultValue?.trim();
  return text === '' && !keepsBlank.has(columnType) ? undefined : text;
}

function normalEnum(values: readonly string[] | undefined): string[] | undefined {
  if (values === undefined || values.length === 0) return undefined;
  return values.map((value) => value.trim()).sort();
}

/** Whether two columns are equal in everything except their ids. */
export function isSameColumn(one: TableColumn, other: TableColumn): boolean {
  return columnKey(one) === columnKey(other);
}

/** A text that is the same for columns that are equal in everything except their ids. */
function columnKey(column: TableColumn): string {
  return stringifyJson(sorted(normalColumn(column)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]),
  );
}
