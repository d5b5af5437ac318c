import { columnValue, type ScopedTable } from './scope.js';
import type { JoinType } from './tree.js';

/** A join whose parts are SQLite already. */
export interface JoinParts {
  readonly type: JoinType;
  readonly left: string;
  readonly right: string;
  /** Whether the left side is one table. */
  readonly isFirst: boolean;
  /** The condition that counts the work. */
  readonly work: string;
  readonly on?: string;
  /** The tables of both sides. */
  readonly tables: readonly ScopedTable[];
}

/**
 * Writes a join so that SQLite can index the joined table, instead of comparing each row of one side with each row of the other.
 * It indexes columns but no expressions, and not the right side of a right join.
 */
export function joinSql({ type, left, right, isFirst, work, on, tables }: JoinParts): string {
  const isSwapped = isFirst && type.startsWith('RIGHT');
  const [kept, added] = isSwapped ? [right, left] : [left, right];
  const written = isSwapped ? 'LEFT' : type;
  const join = written === '' ? 'JOIN' : `${written} JOIN`;
  if (on === undefined) return `${kept} ${join} ${added} ON ${work}`;
  const keyed = withKeys(added, on, isSwapped ? tables[0] : tables.at(-1));
  return `${kept} ${join} ${keyed.table} ON ${work} AND ${keyed.on}`;
}

/** Computes the text keys of a joined table that the condition compares, as columns. */
function withKeys(
  table: string,
  on: string,
  joined: ScopedTable | undefined,
): { table: string; on: string } {
  if (joined === undefined) return { table, on };
  const { alias, source } = joined;
  const keys = source.columns.flatMap((column) => {
    const { storedKey } = column;
    const { key } = columnValue({ table: joined, column });
    if (storedKey === undefined || key === undefined || !on.includes(key)) return [];
    return [{ key, name: `j${storedKey}`, sql: `coalesce(${storedKey}, ${column.sql})` }];
  });
  if (keys.length === 0) return { table, on };
  const computed = keys.map(({ name, sql }) => `${sql} AS ${name}`).join(', ');
  return {
    // With a limit, SQLite does not merge the subquery into the select, where the keys would be expressions again.
    table: `(SELECT *, ${computed} FROM ${source.from} LIMIT -1) AS ${alias}`,
    on: keys.reduce((sql, { key, name }) => sql.replaceAll(key, `${alias}.${name}`), on),
  };
}
