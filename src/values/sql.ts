import { ArgumentError } from '../errors.js';
import { whitespace } from './whitespace.js';
import { quoted } from './quoted.js';

/** A column name in double quotes, as the SQL of Synapse wants names that hold spaces or symbols. */
export function escapeColumnName(column: string | { name: string }): string {
  const name = typeof column === 'string' ? column : column.name;
  return `"${name.replaceAll('"', '""')}"`;
}

/** Column names in double quotes, with commas between them. */
export function joinColumnNames(columns: Iterable<string | { name: string }>): string {
  return Array.from(columns, escapeColumnName).join(',');
}

const fromTable = new RegExp(`from[${whitespace}]+(syn\\d+)`, 'i');

/**
 * The id of the table that a query reads from, without a version.
 *
 * @throws {@link ArgumentError} when the query has no `FROM syn...`.
 */
export function tableIdOfQuery(sql: string): string {
  const id = fromTable.exec(sql)?.[1];
  if (id === undefined) {
    throw new ArgumentError(`No table in the query ${quoted(sql)}: expected FROM syn123`);
  }
  return id;
}
