import { ArgumentError } from '../errors.js';
import { quoted } from './quoted.js';
import { sqlTokens } from './sqlTokens.js';

/** A column name in double quotes, as the SQL of Synapse wants names that hold spaces or symbols. */
export function escapeColumnName(column: string | { name: string }): string {
  const name = typeof column === 'string' ? column : column.name;
  return `"${name.replaceAll('"', '""')}"`;
}

/** Column names in double quotes, with commas between them. */
export function joinColumnNames(columns: Iterable<string | { name: string }>): string {
  return Array.from(columns, escapeColumnName).join(',');
}

const tableId = /^syn\d+$/i;

/**
 * The id of the table that a query reads from, without a version. Quotes and comments are not searched.
 *
 * @throws {@link ArgumentError} when the query has no `FROM syn...`.
 */
export function tableIdOfQuery(sql: string): string {
  let isAfterFrom = false;
  for (const { kind, start, end } of sqlTokens(sql)) {
    if (kind === 'space' || kind === 'comment') continue;
    const word = kind === 'word' ? sql.slice(start, end) : '';
    if (isAfterFrom && tableId.test(word)) return word;
    isAfterFrom = word.toLowerCase() === 'from';
  }
  throw new ArgumentError(`No table in the query ${quoted(sql)}: expected FROM syn123`);
}
