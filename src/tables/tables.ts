import type { CallOptions } from '../../generated/services.js';
import type { StoredColumn } from '../columns/columnModel.js';
import { getColumns } from '../columns/getColumns.js';
import type { SchemaPlan } from '../columns/schemaPlan.js';
import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import type { ColumnsInput } from '../columns/columnModel.js';
import type { RowOfColumns, TableDefinition } from '../columns/defineTable.js';
import { entityVersionOf, type EntityRef } from '../values/ids.js';
import { createQuery, type QueryArguments } from './query/createQuery.js';
import type { QueryOptions } from './query/queryOptions.js';
import type { TableQuery } from './query/tableQuery.js';
import type { SqlFragment } from './sql/sqlFragment.js';
import { alterTable, type AlterOptions, type ColumnChanges } from './schema/alterTable.js';
import { snapshotTable, type Snapshot, type SnapshotOptions } from './snapshots/snapshotTable.js';
import { waitForView, type WaitOptions } from './views/waitForView.js';
import { tableTypes, type TypesInput } from './types/tableTypes.js';

/** Tables and views: query, write, change. `syn.tables`. */
export class Tables {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Reads the columns of a table or view, in their order.
   *
   * @throws {@link NotFoundError} when there is no such table.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/column.html
   */
  columns(table: EntityRef, options: CallOptions = {}): Promise<StoredColumn[]> {
    return getColumns(this.#ctx, entityVersionOf(table).id, options);
  }

  /**
   * Queries a table or view that is defined in code. The type of the rows follows from the definition and the options; the columns
   * of the result are checked against the definition.
   *
   * @param query - SQL that selects the columns of the definition.
   * @returns A query. Nothing is sent before it is awaited or iterated over.
   * @throws {@link ArgumentError} when the SQL names no table. Once rows are read: when a column of the definition is missing, or
   * has another type.
   *
   * @example
   * const Visit = defineTable({ name: 'visits', columns: { age: 'INTEGER', seen: 'DATE' } });
   * for await (const visit of syn.tables.query(Visit, 'select age, seen from syn123')) console.log(visit.age);
   */
  query<const Columns extends ColumnsInput, const Options extends QueryOptions = object>(
    definition: TableDefinition<Columns>,
    query: string | SqlFragment,
    options?: Options,
  ): TableQuery<RowOfColumns<Columns, Options>>;
  /**
   * Queries a table, view or dataset.
   *
   * @param query - SQL, such as `select * from syn123 where age > 40`; `syn123.4` is version 4. Write values into it with `sql`.
   * @returns A query. Nothing is sent before it is awaited or iterated over.
   * @throws {@link ArgumentError} when the SQL names no table.
   * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/web/controller/TableExamples.html
   *
   * @example
   * const rows = await syn.tables.query(sql`select * from ${table} where age > ${40}`);
   */
  query<Row = Record<string, unknown>>(
    query: string | SqlFragment,
    options?: QueryOptions,
  ): TableQuery<Row>;
  query(...given: QueryArguments): TableQuery {
    return createQuery(this.#ctx, given);
  }

  /**
   * Changes the columns of a table or view: adds, renames, retypes, drops and orders them. Columns that are renamed or retyped
   * keep their values.
   *
   * @example
   * const plan = await syn.tables.alter(
   *   'syn789',
   *   { add: { tags: 'STRING_LIST' }, rename: { a: 'age' }, retype: { a: 'DOUBLE' } },
   *   { dryRun: true },
   * );
   * console.log(String(plan));
   *
   * @returns The plan: what was changed, or with `dryRun` what would be.
   * @throws {@link ArgumentError} for a column that does not exist, for an invalid one, and for a conversion that Synapse
   * refuses. Nothing is changed.
   * @throws {@link AsyncJobError} when a value cannot be converted. Nothing is changed.
   * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/transaction/async/start.html
   */
  alter(table: EntityRef, changes: ColumnChanges, options: AlterOptions = {}): Promise<SchemaPlan> {
    return alterTable(this.#ctx, table, changes, options);
  }

  /**
   * Makes the current rows of a table or view a version that does not change any more. Query it by its id with the version.
   *
   * @example
   * const { versionedId } = await syn.tables.snapshot('syn789', { label: 'v1', comment: 'as submitted' });
   *
   * @throws {@link ArgumentError} when the label is taken, for an id with a version, and for an entity that has no snapshots.
   * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/snapshot.html
   */
  snapshot(table: EntityRef, options: SnapshotOptions = {}): Promise<Snapshot> {
    return snapshotTable(this.#ctx, table, options);
  }

  /**
   * Waits until a view has caught up with changes of the entities that it shows. Views are updated some time after a change.
   *
   * @throws {@link TimeoutError} that says what the view does not show yet.
   */
  waitForView(view: EntityRef, options: WaitOptions = {}): Promise<void> {
    return waitForView(this.#ctx, view, options);
  }

  /**
   * Writes a TypeScript module with the types of the rows of tables, views and queries: an interface for each, and its columns for
   * {@link defineTable}. It is formatted as by Prettier, with single quotes.
   *
   * @param tables - One or several; a text is an id, `{ sql }` a query.
   * @throws {@link NotFoundError} when there is no such table.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/column.html
   */
  types(
    tables: TypesInput | readonly TypesInput[],
    options: Pick<CommonOptions, 'signal'> = {},
  ): Promise<string> {
    return tableTypes(this.#ctx, tables, options);
  }
}
