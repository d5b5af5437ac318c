import { Writable } from 'node:stream';
import type * as M from '../../../generated/models.js';
import type { ColumnsInput } from '../../columns/columnModel.js';
import type { Context } from '../../context.js';
import type { ToArrowOptions, ToParquetOptions } from '../export/exportOptions.js';
import type { CsvRows } from '../export/openColumns.js';
import type { ArrowResult } from '../export/arrowResult.js';
import type { TableColumns, ToColumnsOptions } from '../export/toColumns.js';
import type { ReadRow, RowReference } from '../rows/rowReference.js';
import type { SqlFragment } from '../sql/sqlFragment.js';
import { queryRequest, type QueryJobOptions, type QueryOptions } from './queryOptions.js';
import type { FoundParts, WantedParts } from './queryParts.js';
import type { QueryRequest } from './queryRequest.js';
import type { RawResult } from './rawBatch.js';
import type { RowReader } from './resultRows.js';
import type { ToCsvOptions } from './writeCsvResult.js';
import type { ToNdjsonOptions } from './writeNdjson.js';

/**
 * A row of a result: its values by the names of the columns; `null` where there is no value. `rowId`, `versionNumber` and `etag`
 * can be read as well, unless a column has that name. They are not among the keys of the row.
 */
export type QueryRow<Row = Record<string, unknown>> = ReadRow<Row> &
  Readonly<Omit<RowReference, keyof Row>>;

/** The result of a query: see {@link TableQuery.open}. */
export interface OpenedQuery<Row = Record<string, unknown>> {
  readonly columns: readonly M.SelectColumn[];
  /** Read as they are needed. Leaving the loop ends the download. */
  readonly rows: AsyncIterable<QueryRow<Row>>;
  /** Ends the download when the rows are not read. */
  readonly close: () => void;
}

/**
 * A query of a table or view. Nothing is sent before rows or parts of the result are asked for; each time it is asked, the query
 * runs again.
 *
 * @example
 * const query = syn.tables.query('select * from syn123');
 * for await (const row of query) console.log(row); // as they arrive
 * const rows = await query; // all of them
 * await query.toCsv('visits.csv');
 */
export class TableQuery<Row = Record<string, unknown>>
  implements AsyncIterable<QueryRow<Row>>, PromiseLike<QueryRow<Row>[]>
{
  readonly #ctx: Context;
  readonly #request: QueryRequest;
  readonly #options: QueryOptions;
  readonly #defined: ColumnsInput | undefined;

  /** @internal */
  constructor(
    ctx: Context,
    sql: string | SqlFragment,
    options: QueryOptions = {},
    defined?: ColumnsInput,
  ) {
    this.#ctx = ctx;
    this.#request = queryRequest(sql, options);
    this.#options = options;
    this.#defined = defined;
  }

  /** The query in the form of the service. @internal */
  get request(): M.Query {
    return this.#request.query;
  }

  /** The SQL that is sent. */
  get sql(): string {
    return this.#request.query.sql;
  }

  /**
   * Reads the rows as they are needed, in constant memory. Leaving the loop ends the download.
   *
   * @throws {@link QueryError} when Synapse refuses the query.
   * @throws {@link CellReadError} for a value that JavaScript cannot hold with the options of the query.
   * @throws {@link TableChangedError} when the table changes after the first page of a long result was read. With
   * `{ via: 'csv' }` this cannot happen.
   */
  [Symbol.asyncIterator](): AsyncGenerator<QueryRow<Row>, void, undefined> {
    return this.#rows(false);
  }

  /** Reads all rows. `await query` does the same. */
  async toArray(): Promise<QueryRow<Row>[]> {
    const rows: QueryRow<Row>[] = [];
    for await (const row of this.#rows(true)) rows.push(row);
    return rows;
  }

  /** Same as {@link toArray}: makes `await query` return all rows. */
  then<Result = QueryRow<Row>[], Failure = never>(
    onFulfilled?: ((rows: QueryRow<Row>[]) => Result | PromiseLike<Result>) | null,
    onRejected?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    return this.toArray().then(onFulfilled, onRejected);
  }

  /** As for a promise of all rows. */
  catch<Failure = never>(
    onRejected?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<QueryRow<Row>[] | Failure> {
    return this.toArray().catch(onRejected);
  }

  /** As for a promise of all rows. */
  finally(onFinally?: (() => void) | null): Promise<QueryRow<Row>[]> {
    return this.toArray().finally(onFinally);
  }

  /** The columns of the result, in their order. */
  get columns(): Promise<M.SelectColumn[]> {
    return this.parts({ columns: true }).then(({ columns }) => columns);
  }

  /** Counts the rows of the result. */
  async count(options: QueryJobOptions = {}): Promise<number> {
    return (await this.parts({ count: true }, options)).count;
  }

  /** Adds up the sizes of the files of a view that the query selects. */
  async sumFileSizes(options: QueryJobOptions = {}): Promise<M.SumFileSizes> {
    return (await this.parts({ sumFileSizes: true }, options)).sumFileSizes;
  }

  /** Tells when the table was last changed. */
  async lastUpdatedOn(options: QueryJobOptions = {}): Promise<Date> {
    return (await this.parts({ lastUpdatedOn: true }, options)).lastUpdatedOn;
  }

  /** Reads the facets of the result: values with the number of rows of each, least and greatest values. */
  async facets(options: QueryJobOptions = {}): Promise<M.FacetColumnResult[]> {
    return (await this.parts({ facets: true }, options)).facets;
  }

  /**
   * Reads several parts of the result with one request.
   *
   * @example
   * const { count, facets } = await query.parts({ count: true, facets: true });
   *
   * @throws {@link QueryError} when Synapse refuses the query.
   * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/table/QueryBundleRequest.html
   */
  async parts<const Wanted extends WantedParts>(
    wanted: Wanted,
    options: QueryJobOptions = {},
  ): Promise<FoundParts<Wanted>> {
    const { queryParts } = await import('./queryParts.js');
    return queryParts(this.#ctx, this.#request, wanted, { ...this.#options, ...options });
  }

  /**
   * Writes the result to a new CSV file, with the bytes that Synapse has written. The file appears when it is complete.
   *
   * @returns The path of the file.
   * @throws {@link FileSystemError} when the file exists already and `overwrite` is not set, or cannot be written.
   * @throws {@link QueryError} when Synapse refuses the query.
   * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/download/csv/async/start.html
   */
  toCsv(path: string, options?: ToCsvOptions): Promise<string>;
  /** Writes the result to a stream as CSV, and ends the stream. */
  toCsv(stream: Writable, options?: ToCsvOptions): Promise<undefined>;
  async toCsv(target: string | Writable, options: ToCsvOptions = {}): Promise<string | undefined> {
    const { writeCsvResult } = await import('./writeCsvResult.js');
    return writeCsvResult(this.#ctx, this.#request, target, { ...this.#options, ...options });
  }

  /**
   * Writes the rows to a new file as JSON objects, one a line. Numbers keep all their digits; NaN and infinities are texts; dates
   * are texts in the form of ISO 8601, or milliseconds with `{ dates: 'epoch' }`. The file appears when it is complete.
   *
   * @returns The path of the file.
   * @throws {@link FileSystemError} when the file exists already and `overwrite` is not set, or cannot be written.
   * @throws {@link QueryError} when Synapse refuses the query.
   */
  toNdjson(path: string, options?: ToNdjsonOptions): Promise<string>;
  /** Writes the rows to a stream, and ends the stream. */
  toNdjson(stream: Writable, options?: ToNdjsonOptions): Promise<undefined>;
  async toNdjson(
    target: string | Writable,
    options: ToNdjsonOptions = {},
  ): Promise<string | undefined> {
    const { writeNdjson } = await import('./writeNdjson.js');
    return writeNdjson(this.#ctx, this.#request, target, { ...this.#options, ...options });
  }

  /**
   * Runs the query and returns its columns together with its rows, so that both take one request. Read the rows, or call `close`.
   *
   * @throws {@link QueryError} when Synapse refuses the query.
   */
  open(): Promise<OpenedQuery<Row>> {
    return this.#open(false);
  }

  /**
   * Reads all rows into memory, column by column: numbers, dates and booleans as typed arrays.
   *
   * @example
   * const { columns } = await syn.tables.query('select age from syn123').toColumns();
   * const ages = columns[0].values; // a Float64Array
   *
   * @throws {@link QueryError} when Synapse refuses the query.
   * @throws {@link CellReadError} for an integer beyond 2^53, unless integers are read as bigint or text.
   */
  async toColumns(options: ToColumnsOptions = {}): Promise<TableColumns> {
    const { toColumns } = await import('../export/toColumns.js');
    return toColumns(() => this.#openCsv(options), { ...this.#options, ...options });
  }

  /**
   * Reads all rows as a table of Apache Arrow, in several record batches. Needs the package `apache-arrow`.
   *
   * INTEGER is Int64, DOUBLE is Float64, BOOLEAN is Bool, DATE is a timestamp in milliseconds (UTC), a list is a List of these, and
   * every other type is Utf8: also JSON, as its text. The metadata of each field has the column type of Synapse as
   * `synapse.columnType`.
   *
   * @returns A `Table` of `apache-arrow`.
   * @throws {@link SynapseError} (`PACKAGE_MISSING`) when `apache-arrow` is not installed. Nothing was sent.
   * @throws {@link QueryError} when Synapse refuses the query.
   */
  toArrow(options?: ToArrowOptions): Promise<ArrowResult>;
  /**
   * Writes the rows to a new file as a stream of Apache Arrow (the IPC streaming format), in constant memory. The file appears
   * when it is complete.
   *
   * @returns The path of the file.
   */
  toArrow(path: string, options?: ToParquetOptions): Promise<string>;
  /** Writes the rows to a stream as a stream of Apache Arrow, and ends it. */
  toArrow(stream: Writable, options?: ToParquetOptions): Promise<undefined>;
  async toArrow(
    target: ToArrowOptions | Writable | string = {},
    options: ToParquetOptions = {},
  ): Promise<ArrowResult | string | undefined> {
    if (typeof target === 'string' || target instanceof Writable) {
      const { writeArrow } = await import('../export/writeArrow.js');
      return writeArrow(() => this.#openCsv(options), target, { ...this.#options, ...options });
    }
    const { toArrow } = await import('../export/toArrow.js');
    return toArrow(() => this.#openCsv(target), target);
  }

  /**
   * Writes the rows to a new Parquet file, in constant memory, with the types of {@link toArrow}. The file appears when it is
   * complete. Needs the packages `parquet-wasm` and `apache-arrow`.
   *
   * @returns The path of the file.
   * @throws {@link SynapseError} (`PACKAGE_MISSING`) when a package is not installed. Nothing was sent.
   * @throws {@link FileSystemError} when the file exists already and `overwrite` is not set, or cannot be written.
   * @throws {@link QueryError} when Synapse refuses the query.
   */
  async toParquet(path: string, options: ToParquetOptions = {}): Promise<string> {
    const { writeParquet } = await import('../export/writeParquet.js');
    return writeParquet(() => this.#openCsv(options), path, { ...this.#options, ...options });
  }

  async #openCsv(options: QueryJobOptions): Promise<CsvRows> {
    const { openExport } = await import('../export/openExport.js');
    const result = await openExport(this.#ctx, this.#request, { ...this.#options, ...options });
    try {
      await this.#checkColumns(result.columns);
      return result;
    } catch (error) {
      result.close();
      throw error;
    }
  }

  async #checkColumns(columns: readonly M.SelectColumn[]): Promise<void> {
    if (this.#defined === undefined) return;
    const { checkColumns } = await import('./checkColumns.js');
    checkColumns(columns, this.#defined);
  }

  async *#rows(isForAll: boolean): AsyncGenerator<QueryRow<Row>, void, undefined> {
    const { rows } = await this.#open(isForAll);
    yield* rows;
  }

  async #open(isForAll: boolean): Promise<OpenedQuery<Row>> {
    const { openResult } = await import('./openResult.js');
    const { rowReader } = await import('./resultRows.js');
    const options = { ...this.#options, isForAll };
    const result = await openResult(this.#ctx, this.#request, options);
    try {
      await this.#checkColumns(result.columns);
      const read = rowReader(result.columns, this.#options);
      const rows = rowsOf<QueryRow<Row>>(result, read, options.signal);
      return { columns: result.columns, rows, close: result.close };
    } catch (error) {
      result.close();
      throw error;
    }
  }
}

async function* rowsOf<Row>(
  { batches, close }: RawResult,
  read: RowReader,
  signal: AbortSignal | undefined,
): AsyncGenerator<Row, void, undefined> {
  try {
    for await (const batch of batches) {
      for (let row = 0; row < batch.rowCount; row += 1) {
        signal?.throwIfAborted();
        yield read(batch, row) as Row;
      }
    }
  } finally {
    close();
  }
}
