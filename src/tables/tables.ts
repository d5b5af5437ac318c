import type { CallOptions } from '../../generated/services.js';
import type { StoredColumn } from '../columns/columnModel.js';
import type { SchemaPlan } from '../columns/schemaPlan.js';
import type { Context } from '../context.js';
import type { EntityTarget } from '../entities/findTarget.js';
import type { CommonOptions } from '../options.js';
import type { ColumnsInput } from '../columns/columnModel.js';
import type { RowOfColumns, TableDefinition } from '../columns/defineTable.js';
import { entityVersionOf, type EntityRef } from '../values/ids.js';
import { createQuery, type QueryArguments } from './query/createQuery.js';
import type { QueryOptions } from './query/queryOptions.js';
import type { TableQuery } from './query/tableQuery.js';
import type { SqlFragment } from './sql/sqlFragment.js';
import type { AlterOptions, ColumnChanges } from './schema/alterTable.js';
import type { Snapshot, SnapshotOptions } from './snapshots/snapshotTable.js';
import type { WaitOptions } from './views/waitForView.js';
import type { DownloadCellFilesOptions, DownloadedCellFile } from './files/downloadCellFiles.js';
import type { AppendOptions } from './rows/appendRows.js';
import type { AppendReport } from './rows/appendSource.js';
import type { FromRowsOptions, FromRowsReport } from './rows/appendToNew.js';
import { Batcher, type BatcherOptions } from './rows/batcher.js';
import type { InferOptions, InferredColumn } from './rows/inferColumns.js';
import type { RowsInput } from './rows/rowSource.js';
import type { UpdateOptions, UpdateReport } from './rows/updateOptions.js';
import type { DeleteRowsOptions, DeleteRowsReport, RowsToDelete } from './rows/deleteOptions.js';
import type { UpsertOptions, UpsertReport } from './rows/upsertOptions.js';
import type { FileSummary, SummarizeOptions } from './summary/summarizeFile.js';
import type { TypesInput } from './types/tableTypes.js';

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
  async columns(table: EntityRef, options: CallOptions = {}): Promise<StoredColumn[]> {
    const { getColumns } = await import('../columns/getColumns.js');
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
  async alter(
    table: EntityRef,
    changes: ColumnChanges,
    options: AlterOptions = {},
  ): Promise<SchemaPlan> {
    const { alterTable } = await import('./schema/alterTable.js');
    return alterTable(this.#ctx, table, changes, options);
  }

  /**
   * Makes the current rows of a table or view a version that does not change any more. Query it by its id with the version.
   *
   * @example
   * const { versionedId } = await syn.tables.snapshot('syn789', { label: 'v1', comment: 'as submitted' });
   *
   * @throws {@link ArgumentError} for an id with a version, and for an entity that has no snapshots.
   * @throws {@link SynapseHttpError}, or {@link AsyncJobError} for a view, when the label is taken.
   * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/snapshot.html
   */
  async snapshot(table: EntityRef, options: SnapshotOptions = {}): Promise<Snapshot> {
    const { snapshotTable } = await import('./snapshots/snapshotTable.js');
    return snapshotTable(this.#ctx, table, options);
  }

  /**
   * Waits until a view has caught up with changes of the entities that it shows. Views are updated some time after a change.
   *
   * @throws {@link TimeoutError} that says what the view does not show yet.
   */
  async waitForView(view: EntityRef, options: WaitOptions = {}): Promise<void> {
    const { waitForView } = await import('./views/waitForView.js');
    return waitForView(this.#ctx, view, options);
  }

  /**
   * Appends rows to a table. All rows are checked before the first one is sent, and memory stays constant. A key that a row does
   * not have, and a value that is `null`, have no value in the table, or the default of the column.
   *
   * Rows that a query has returned can be appended: they are copied, with new ids.
   *
   * @param rows - Objects with the values by column name, CSV, or an Arrow table.
   * @returns The number of rows, as Synapse has counted them.
   * @throws {@link CellValueError} for a value that does not fit its column; {@link CsvError} for a CSV file that cannot be read;
   * {@link ArgumentError} for a column that the table does not have. Nothing was sent then.
   * @throws {@link AppendError} when only some of the rows are in the table, or when that is unknown.
   * @throws {@link AsyncJobError} when Synapse refuses the rows. None of them is in the table.
   * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/transaction/async/start.html
   *
   * @example
   * await syn.tables.append('syn123', [{ name: 'Ann', age: 44 }, { name: 'Bob', age: null }]);
   * await syn.tables.append('syn123', 'more people.csv');
   */
  async append(
    table: EntityRef,
    rows: RowsInput,
    options: AppendOptions = {},
  ): Promise<AppendReport> {
    const { appendRows } = await import('./rows/appendRows.js');
    return appendRows(this.#ctx, table, rows, options);
  }

  /**
   * Collects rows that come one by one, and appends them in batches. Rows are sent in their order. Close it at the end, or use
   * `await using`.
   *
   * @throws {@link ArgumentError} when the id names a version, or a limit is no positive number.
   *
   * @example
   * await using batcher = syn.tables.batcher('syn123', { maxDelay: 5000 });
   * for (const age of [44, 45, 46]) await batcher.add({ name: 'Ann', age });
   */
  batcher<Row extends object = object>(
    table: EntityRef,
    options: BatcherOptions = {},
  ): Batcher<Row> {
    return new Batcher<Row>(this.#ctx, table, options);
  }

  /**
   * Infers the columns of a table from rows: objects, CSV, or an Arrow table. All rows are read, in constant memory. Names that
   * Synapse reserves (`ROW_ID`) are left out.
   *
   * @throws {@link CsvError} for a CSV file that cannot be read, or lacks the name of a column, or has one twice;
   * {@link ArgumentError} for more than 152 columns, and for a value that no column can hold.
   *
   * @example
   * const columns = await syn.tables.inferColumns([{ name: 'Ann', age: 44 }], { profile: 'exact' });
   */
  async inferColumns(rows: RowsInput, options: InferOptions = {}): Promise<InferredColumn[]> {
    const { inferColumns } = await import('./rows/inferColumns.js');
    return inferColumns(rows, options);
  }

  /**
   * Changes rows by their ids and versions. All rows of a table are changed in one transaction, or none.
   *
   * A row is an object by column name. It has the reference of a row that was read, or `ROW_ID` and `ROW_VERSION`. Only the columns
   * that it has are changed; `null` clears a cell. In a CSV file, every column of the header is changed.
   *
   * In a view or dataset, the annotations of its entities are changed, one entity after the other. A row needs the `ROW_ETAG` of its
   * entity, or the columns `id` and `etag` of the view. Only cells that differ from those of the view are sent.
   *
   * @example
   * const rows = [{ ROW_ID: 5, ROW_VERSION: 2, age: 40, comment: null }];
   * const { updated } = await syn.tables.update('syn123', rows);
   *
   * @throws {@link StaleRowsError} when rows have changed since they were read. It names all of them.
   * @throws {@link MissingRowsError} when the table does not have some of the rows.
   * @throws {@link ViewUpdateError} at the end, when some rows of a view were not changed. It has the reason of each.
   * @throws {@link CellValueError} for a value that does not fit its column.
   * @throws {@link ArgumentError} for a row without a reference, two rows with one id, a column that the table does not have, and
   * another value for a property of an entity, such as its name.
   * @throws {@link UnconfirmedError} when it is not known whether the change was applied.
   * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/transaction/async/start.html
   */
  async update(
    table: EntityRef,
    rows: RowsInput,
    options: UpdateOptions = {},
  ): Promise<UpdateReport> {
    const { updateRows } = await import('./rows/updateRows.js');
    return updateRows(this.#ctx, table, rows, options);
  }

  /**
   * Stores rows by key columns: a row of the table with the same key is updated where values differ, and the other rows are added.
   * Only rows with these keys are read. Everything is applied in one transaction, or nothing.
   *
   * Keys and values are compared exactly, by the type of their column: `é` is not `E`, `null` is not the empty text, `1.0` is `1`, and
   * the order of keys in JSON does not matter. Keys can be of any type; a JSON column that is the only key makes all rows be read.
   * Two upserts of the same new key at the same time add two rows.
   *
   * Rows cannot be added to a view: rows that it does not have are returned as `problems`.
   *
   * @example
   * const rows = [{ patient: 'p1', day: 1, weight: 70.5 }];
   * const { inserted, updated } = await syn.tables.upsert('syn123', rows, { keys: ['patient', 'day'] });
   *
   * @throws {@link ArgumentError} when two rows have the same key, a row lacks a key, or several rows of the table have the key of a
   * row.
   * @throws {@link CellValueError} for a value that does not fit its column.
   * @throws {@link ViewUpdateError} at the end, when some rows of a view were not changed.
   * @throws {@link UnconfirmedError} when it is not known whether the change was applied. The same upsert can be repeated.
   * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/transaction/async/start.html
   */
  async upsert(table: EntityRef, rows: RowsInput, options: UpsertOptions): Promise<UpsertReport> {
    const { upsertRows } = await import('./rows/upsertRows.js');
    return upsertRows(this.#ctx, table, rows, options);
  }

  /**
   * Deletes rows of a table in one transaction.
   *
   * @param rows - A query of the table, whose rows are deleted; ids of rows (`ROW_ID`); or rows that were read. Rows with a version,
   * also those of a query, are deleted only if they have not changed since.
   * @example
   * await syn.tables.deleteRows('syn123', "select * from syn123 where status = 'withdrawn'");
   * await syn.tables.deleteRows('syn123', [5, 9]);
   *
   * @throws {@link MissingRowsError} when the table does not have some of the rows.
   * @throws {@link StaleRowsError} when rows have changed since they were read.
   * @throws {@link ArgumentError} for a view, for a query of another table, and for one whose rows have no ids.
   * @throws {@link UnconfirmedError} when it is not known whether the rows were deleted.
   * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/transaction/async/start.html
   */
  async deleteRows(
    table: EntityRef,
    rows: RowsToDelete,
    options: DeleteRowsOptions = {},
  ): Promise<DeleteRowsReport> {
    const { deleteRows } = await import('./rows/deleteRows.js');
    return deleteRows(this.#ctx, table, rows, options);
  }

  /**
   * Writes a TypeScript module with the types of the rows of tables, views and queries: an interface for each, and its columns for
   * {@link defineTable}. It is formatted as by Prettier, with single quotes.
   *
   * @param tables - One or several; a text is an id, `{ sql }` a query.
   * @throws {@link NotFoundError} when there is no such table.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/column.html
   */
  async types(
    tables: TypesInput | readonly TypesInput[],
    options: Pick<CommonOptions, 'signal'> = {},
  ): Promise<string> {
    const { tableTypes } = await import('./types/tableTypes.js');
    return tableTypes(this.#ctx, tables, options);
  }

  /**
   * Downloads the files in the cells of a table, or of the files in a file view. A file that is there already is not downloaded again:
   * call again to continue. Files of the same name get the ids of their file handles.
   *
   * @param source - The id of a table, or a query that selects columns of the type FILEHANDLEID.
   * @returns A result for each cell with a file, as it completes. A file that fails does not end the others.
   * @throws {@link ArgumentError} when no columns with files are selected.
   *
   * @example
   * for await (const file of syn.tables.downloadFiles('select image from syn123', { directory: 'images' })) {
   *   console.log(file.row.rowId, file.path ?? file.error);
   * }
   */
  async *downloadFiles(
    source: string | SqlFragment,
    options: DownloadCellFilesOptions,
  ): AsyncGenerator<DownloadedCellFile, void, undefined> {
    const { downloadCellFiles } = await import('./files/downloadCellFiles.js');
    yield* downloadCellFiles(this.#ctx, source, options);
  }

  /**
   * Creates a table for rows: infers its columns, checks all rows, creates the table, and appends them. `ROW_ID` and `ROW_VERSION`
   * of rows from another table are left out.
   *
   * @returns The table, its columns, and the number of rows.
   * @throws {@link CellValueError} for a value that does not fit the inferred column, such as `NA` among numbers: with
   * `{ profile: 'exact' }`, all values fit. {@link CsvError} for a CSV file that cannot be read. Nothing was created then.
   * @throws {@link ConflictError} when the name is taken.
   * @throws {@link AppendError}, {@link AsyncJobError} when the rows cannot be appended. The table exists then.
   *
   * @example
   * const { table, rows } = await syn.tables.fromRows('visits.csv', { name: 'visits', parent: 'syn123', profile: 'exact' });
   */
  async fromRows(rows: RowsInput, options: FromRowsOptions): Promise<FromRowsReport> {
    const { appendToNew } = await import('./rows/appendToNew.js');
    return appendToNew(this.#ctx, rows, options);
  }

  /**
   * Summarizes the columns of a CSV or TSV file in Synapse, without keeping a copy of it. The types are those that pandas finds.
   *
   * @example
   * const { age } = await syn.tables.summarizeFile('syn456');
   * console.log(age?.dtype, age?.mode, age?.mean);
   *
   * @param target - A file whose name ends in `.csv` or `.tsv`. Its first row has the names of the columns.
   * @returns For each column its type and most frequent value; for numbers and booleans also minimum, maximum and mean.
   * @throws {@link ArgumentError} when it is no such file, or its rows have different lengths.
   * @throws {@link Md5MismatchError} when the downloaded bytes do not match the MD5 that Synapse has.
   */
  async summarizeFile(target: EntityTarget, options: SummarizeOptions = {}): Promise<FileSummary> {
    const { summarizeFile } = await import('./summary/summarizeFile.js');
    return summarizeFile(this.#ctx, target, options);
  }
}
