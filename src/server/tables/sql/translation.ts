import type { ColumnType } from './columnTypes.js';
import type { Scope, ScopedColumn, TableSource } from './scope.js';
import type { Statement } from './tree.js';
import type { Parameters } from './value.js';

/** What a table name stands for: stored rows, or a statement that is run in its place. */
export type CatalogEntry =
  | { readonly kind: 'stored'; readonly source: TableSource }
  | {
      readonly kind: 'virtual';
      readonly name: string;
      readonly statement: Statement;
      /** Ids of the columns of the result. */
      readonly columnIds: readonly string[];
    };

/** What a translation needs to know of its surroundings. */
export interface TranslationEnvironment {
  /** @throws when there is no such table, or the caller may not read it */
  readonly table: (name: string) => CatalogEntry;
  /** Type of a column by its id, for `CAST(x AS 123)`. */
  readonly columnById: (
    id: string,
  ) => { readonly name: string; readonly type: ColumnType; readonly id: string } | undefined;
  /** Value of `CURRENT_USER()`. */
  readonly userId: number;
  /** Value of `NOW()` and its kin, in epoch milliseconds. */
  readonly now: number;
  /**
   * Carries the benefactors of the rows along instead of hiding rows, to fill a materialized view.
   * @default false
   */
  readonly building?: boolean;
}

/** Where in a select an expression stands. */
export type Clause = 'group' | 'order' | 'select' | 'where';

/** A list column whose elements are rows of their own in this select. */
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
  /** Inside of an aggregate function no other may stand. */
  readonly inAggregate: boolean;
  /** By the SQLite name of the list column. */
  readonly unnested: Map<string, Unnested>;
  /** Numbers the aliases of the whole statement. */
  readonly nextAlias: () => string;
}
