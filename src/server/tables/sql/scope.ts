import { printExpression } from './printSql.js';
import type { SourceColumn } from './sourceColumn.js';
import { SqlError } from './sqlError.js';
import type { ColumnExpression } from './tree.js';
import { kindOfType, type Value } from './value.js';

/** A table in SQLite. */
export interface TableSource {
  /** Name in queries: `syn1`, `syn1.2`, or a common table. */
  readonly name: string;
  /** SQLite table or subquery. */
  readonly from: string;
  readonly columns: readonly SourceColumn[];
  /** `ROW_ID`, `ROW_VERSION`, `ROW_ETAG` and `ROW_BENEFACTOR`, where the table has them. */
  readonly system: readonly SourceColumn[];
  /** SQLite columns with the benefactor entities of a row, which decide who may see it. */
  readonly benefactors: readonly string[];
  /** Benefactors whose rows the caller may see; `undefined` when every row is visible. */
  readonly visible?: readonly number[];
  /** Whether it is a subquery. @default false */
  readonly derived?: boolean;
  /** SQLite name of the full-text index; absent when search is off. */
  readonly search?: string;
}

/** A table of a `FROM` clause. */
export interface ScopedTable {
  readonly source: TableSource;
  /** Name that the SQLite statement uses. */
  readonly alias: string;
  /** Names that the query may put before a column. */
  readonly names: readonly string[];
}

/** The column that a name refers to. */
export interface ScopedColumn {
  readonly table: ScopedTable;
  readonly column: SourceColumn;
}

/** The tables whose columns an expression may name. */
export class Scope {
  readonly tables: readonly ScopedTable[];

  constructor(tables: readonly ScopedTable[]) {
    this.tables = tables;
  }

  /**
   * Finds a column; `undefined` when there is none.
   *
   * @throws SqlError when the name is ambiguous, or has no table although there are several
   */
  find(expression: ColumnExpression): ScopedColumn | undefined {
    const qualifier = expression.table?.name;
    if (qualifier === undefined && this.tables.length > 1) {
      throw new SqlError(
        `Expected a table name or table alias for column: ${printExpression(expression)}`,
      );
    }
    const tables =
      qualifier === undefined
        ? this.tables
        : this.tables.filter(({ names }) => names.includes(qualifier));
    const { name } = expression.column;
    const found = [...findIn(tables, name, false)];
    if (found.length === 0) {
      found.push(...findIn(tables, name, true));
    }
    if (found.length > 1) {
      throw new SqlError(`Column '${printExpression(expression)}' is ambiguous`);
    }
    return found[0];
  }
}

const systemNames: ReadonlySet<string> = new Set(['ROW_ID', 'ROW_VERSION', 'ROW_ETAG']);

/** Whether a name is that of a system column, which a table need not have. */
export function isSystemName(name: string): boolean {
  const upper = name.toUpperCase();
  return systemNames.has(upper) || upper.startsWith('ROW_BENEFACTOR');
}

/** Names of schema columns are exact; those of system columns are not, and come second. */
function* findIn(
  tables: readonly ScopedTable[],
  name: string,
  system: boolean,
): IterableIterator<ScopedColumn> {
  for (const table of tables) {
    const columns = system ? table.source.system : table.source.columns;
    for (const column of columns) {
      if (column.name === (system ? name.toUpperCase() : name)) {
        yield { table, column };
      }
    }
  }
}

/** A column as a value. */
export function columnValue({ table, column }: ScopedColumn): Value {
  const sql = `${table.alias}.${column.sql}`;
  const { storedKey, key, nan } = column;
  return {
    sql,
    kind: column.kind ?? kindOfType(column.type),
    type: column.type,
    column,
    ...(storedKey !== undefined && { key: `coalesce(${table.alias}.${storedKey}, ${sql})` }),
    ...(key !== undefined && { key: `${table.alias}.${key}` }),
    ...(nan !== undefined && { nan: `${table.alias}.${nan}` }),
    maximumSize: column.maximumSize,
  };
}
