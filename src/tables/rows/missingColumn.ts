import { ArgumentError } from '../../errors.js';
import { quoted } from '../../values/quoted.js';

/** Columns that a message lists. */
const longestList = 30;

/**
 * The error for a name that is no column of a table.
 *
 * @param where - What has the name: `Row 3`.
 */
export function missingColumn(
  name: string,
  columns: readonly string[],
  where: string,
): ArgumentError {
  const similar = columns.find(
    (column) => column.trim().toLowerCase() === name.trim().toLowerCase(),
  );
  const hint = similar === undefined ? '' : ` Did you mean ${quoted(similar)}?`;
  const listed = columns.slice(0, longestList).map((column) => quoted(column));
  const more = columns.length > longestList ? ` and ${columns.length - longestList} more` : '';
  const has = columns.length === 0 ? 'no columns' : `the columns ${listed.join(', ')}${more}`;
  return new ArgumentError(
    `${where} names ${quoted(name)}, which is no column: the table has ${has}.${hint}`,
  );
}
