import type { StoredColumn } from '../../columns/columnModel.js';
import type { Context } from '../../context.js';
import { ArgumentError } from '../../errors.js';
import type { CommonOptions } from '../../options.js';
import { currentOf, type EntityRef } from '../../values/ids.js';
import { onAbortOrAborted } from '../../net/onAbort.js';
import type { CellFiles } from '../files/cellFiles.js';
import { AppendError } from './appendError.js';
import { BatcherError } from './batcherError.js';
import type { ObjectRows } from './objectRowSource.js';
import type { RowToWrite } from './rowTypes.js';

/** When a {@link Batcher} sends its rows. */
export interface BatcherOptions extends CommonOptions {
  /** Rows of a batch. @default 10000 */
  maxRows?: number;
  /** Bytes of a batch: of the texts of its values. @default 8388608 (8 MiB) */
  maxBytes?: number;
  /** Milliseconds that a row waits for others, at most. @default 1000 */
  maxDelay?: number;
}

/** What a {@link Batcher} has appended. */
export interface BatcherReport {
  rows: number;
  transactions: number;
}

/** A row that waits. */
interface Waiting<Row> {
  given: Row;
  row: RowToWrite;
  bytes: number;
}

/** How rows are checked and written, known once the columns of the table are. */
interface Reader {
  rows: ObjectRows;
  columns: readonly StoredColumn[];
  files: CellFiles;
}

/**
 * Collects rows that come one by one, and appends them in batches: when a batch is full, or a row has waited long enough. While a
 * batch is sent, the next one is collected.
 *
 * When a batch cannot be appended, nothing more is sent. The next call rejects with a {@link BatcherError} that has all rows that are
 * not in the table; so do the calls after it. No row is lost.
 *
 * @example
 * await using batcher = syn.tables.batcher('syn123');
 * for (const reading of readings) await batcher.add(reading);
 */
export class Batcher<Row extends object = object> implements AsyncDisposable {
  readonly #ctx: Context;
  readonly #tableId: string;
  readonly #options: Required<Pick<BatcherOptions, 'maxBytes' | 'maxDelay' | 'maxRows'>> &
    CommonOptions;
  readonly #ignoreAbort: () => void;
  #reader: Promise<Reader> | undefined;
  #waiting: Waiting<Row>[] = [];
  #waitingBytes = 0;
  /** The batch that is being sent. */
  #sent: readonly Waiting<Row>[] = [];
  #sending: Promise<void> | undefined;
  #stopTimer: (() => void) | undefined;
  #failure: { error: unknown; isReported: boolean } | undefined;
  #isClosed = false;
  #added = 0;
  #report: BatcherReport = { rows: 0, transactions: 0 };

  /** Use {@link Tables.batcher}. @internal */
  constructor(ctx: Context, table: EntityRef, options: BatcherOptions = {}) {
    const { maxRows = 10_000, maxBytes = 8 * 1024 * 1024, maxDelay = 1000, ...common } = options;
    checkLimits({ maxRows, maxBytes, maxDelay });
    this.#ctx = ctx;
    this.#tableId = currentOf(table, 'rows are appended to the current version');
    this.#options = { maxRows, maxBytes, maxDelay, ...common };
    this.#ignoreAbort = onAbortOrAborted(common.signal, (reason) => this.#fail(reason));
  }

  /** What has been appended so far. */
  get report(): Readonly<BatcherReport> {
    return { ...this.#report };
  }

  /** The rows that were added and are not (or not yet) known to be in the table, in their order. */
  get pending(): readonly Row[] {
    return [...this.#sent, ...this.#waiting].map(({ given }) => given);
  }

  /**
   * Adds a row. Its values are checked at once.
   *
   * @returns When there is room for another row: at once, or when a batch has been sent. Wait for it before you add the next one.
   * @throws {@link CellValueError} when a value does not fit its column, {@link ArgumentError} for a key that is no column. The row
   * is not added then, and other rows can be.
   * @throws {@link BatcherError} when rows could not be appended. This row is not among them unless it was added.
   */
  async add(row: Row): Promise<void> {
    this.#checkOpen();
    const { rows } = await (this.#reader ??= this.#openReader());
    this.#checkOpen();
    const written = rows.row(row, this.#added + 1);
    this.#added += 1;
    const bytes = written.cells.reduce((sum, cell) => sum + (cell?.length ?? 0) + 1, 0);
    this.#waiting.push({ given: row, row: written, bytes });
    this.#waitingBytes += bytes;
    this.#sendOrWait();
    // While a batch is sent and the next one is full, the caller waits.
    while (this.#isFull() && this.#failure === undefined) await this.#sending;
    this.#throwFailure();
  }

  /**
   * Appends all rows that were added.
   *
   * @returns What has been appended so far.
   * @throws {@link BatcherError} when rows could not be appended.
   */
  async flush(): Promise<BatcherReport> {
    this.#throwFailure();
    await this.#sending;
    while (this.#waiting.length > 0 && this.#failure === undefined) {
      this.#send();
      await this.#sending;
    }
    this.#throwFailure();
    return this.report;
  }

  /**
   * Appends all rows that were added, and ends the batcher.
   *
   * @throws {@link BatcherError} when rows could not be appended, unless an earlier call has said so.
   */
  async close(): Promise<BatcherReport> {
    const wasReported = this.#failure?.isReported === true;
    this.#isClosed = true;
    try {
      return wasReported ? this.report : await this.flush();
    } finally {
      this.#ignoreAbort();
      this.#stopTimer?.();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #openReader(): Promise<Reader> {
    const { signal } = this.#options;
    const { getColumns } = await import('../../columns/getColumns.js');
    const { CellFiles } = await import('../files/cellFiles.js');
    const { ObjectRows } = await import('./objectRowSource.js');
    try {
      const columns = await getColumns(this.#ctx, this.#tableId, { signal });
      const files = new CellFiles();
      return { rows: new ObjectRows(columns, { files, references: 'refuse' }), columns, files };
    } catch (error) {
      // Nothing was added: the next row tries again.
      this.#reader = undefined;
      throw error;
    }
  }

  #isFull(): boolean {
    const { maxRows, maxBytes } = this.#options;
    return this.#waiting.length >= maxRows || this.#waitingBytes >= maxBytes;
  }

  #sendOrWait(): void {
    if (this.#sending !== undefined || this.#waiting.length === 0) return;
    if (this.#isFull()) this.#send();
    else
      this.#stopTimer ??= this.#ctx.storage.clock.after(this.#options.maxDelay, () => this.#send());
  }

  /** Begins to send a batch, unless one is being sent: then the rows are sent after it. */
  #send(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    if (this.#sending !== undefined || this.#failure !== undefined) return;
    this.#sent = this.#takeBatch();
    this.#sending = this.#append(this.#sent)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#sending = undefined;
        if (this.#failure === undefined) this.#sendOrWait();
      });
  }

  #takeBatch(): Waiting<Row>[] {
    const { maxRows, maxBytes } = this.#options;
    let count = 0;
    let bytes = 0;
    for (const waiting of this.#waiting) {
      if (count >= maxRows || (count > 0 && bytes >= maxBytes)) break;
      count += 1;
      bytes += waiting.bytes;
    }
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  async #append(batch: readonly Waiting<Row>[]): Promise<void> {
    const { signal, onProgress } = this.#options;
    const { appendSource } = await import('./appendSource.js');
    const { untilAborted } = await import('./untilAborted.js');
    const reader = await (this.#reader ??= this.#openReader());
    const rows = batch.map(({ row }, index) => ({ ...row, row: index + 1 }));
    const { transactions } = await appendSource(
      this.#ctx,
      {
        prepare: () => ({ tableId: this.#tableId, columns: reader.columns }),
        source: { columns: reader.rows.columns, rows: untilAborted(rows, signal) },
        cellFiles: reader.files,
      },
      { signal, onProgress },
    );
    this.#sent = [];
    this.#report = {
      rows: this.#report.rows + batch.length,
      transactions: this.#report.transactions + transactions,
    };
  }

  #fail(error: unknown): void {
    this.#stopTimer?.();
    if (error instanceof AppendError) this.#sent = this.#sent.slice(error.appended);
    this.#failure ??= { error, isReported: false };
  }

  #checkOpen(): void {
    this.#throwFailure();
    if (this.#isClosed) throw new ArgumentError('The batcher is closed: no row can be added.');
  }

  #throwFailure(): void {
    if (this.#failure === undefined) return;
    this.#failure.isReported = true;
    this.#options.signal?.throwIfAborted();
    throw new BatcherError(this.#tableId, this.pending, this.#failure.error);
  }
}

function checkLimits(limits: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(limits)) {
    const isValid = name === 'maxDelay' ? value >= 0 : Number.isInteger(value) && value >= 1;
    if (!isValid) throw new ArgumentError(`${name} is ${value}: it must be a positive number.`);
  }
}
