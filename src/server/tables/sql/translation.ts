import type { ColumnType } from './columnTypes.js';
import type { Scope, ScopedColumn, TableSource } from './scope.js';
import type { Statement } from './tree.js';
import type { Parameters } from './value.js';

/** The meaning of a table name: stored rows, or a statement that replaces it. */
export type CatalogEntry =
  | { readonly kind: 'stored'; readonly source: TableSource }
  | {
      readonly kind: 'virtual';
      readonly name: string;
      readonly statement: Statement;
      /** Ids of the columns of the result. */
      readonly columnIds: readonly string[];
    };

/** The environment of a translation. */
export interface TranslationEnvironment {
  /** @throws when there is no such table, or the caller may not read it */
  readonly table: (name: string) => CatalogEntry;
  /** Type of a column by its id, for `CAST(x AS 123)`. */
  readonly columnById: (
    id: string,
  ) => { readonly name: string; readonly type: ColumnType; readonly id: string } | undefined;
  /** Value of `CURRENT_USER()`. */
  readonly userId: number;
  /** Value of `NOW()` and similar functions, in epoch milliseconds. */
  readonly now: number;
  /**
   * Returns the benefactors of the rows instead of hiding rows, to fill a materialized view.
   * @default false
   */
  readonly building?: boolean;
}

/** The clause of a select that contains an expression. */
export type Clause = 'group' | 'on' | 'order' | 'select' | 'where';

/** A list column whose elements are separate rows in this select. */
export interface Unnested {
  readonly alias: string;
  readonly column: ScopedColumn;
}

/** The select that is being translated. */
export interface Translation {
  readonly environment: TranslationEnvironment;
  readonly parameters: Parameters;
  readonly scope: Scope;
  readonly clause: Clause;
  /** Whether the expression is inside of an aggregate function, where no other is allowed. */
  readonly inAggregate: boolean;
  /** By the SQLite name of the list column. */
  readonly unnested: Map<string, Unnested>;
  /** Numbers the aliases of the whole statement. */
  readonly nextAlias: () => string;
}
