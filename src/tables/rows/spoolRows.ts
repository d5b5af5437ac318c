import { join } from 'node:path';
import type { StoredColumn } from '../../columns/columnModel.js';
import type { TemporaryFolder } from '../../files/temporaryFolder.js';
import { writeCsvRow } from '../csv/writeCsvRow.js';
import { largestRowSet, rowWidth } from './appendLimits.js';
import { rowColumns } from './rowReference.js';
import { rowsFolder } from './rowsFolder.js';
import type { RowSource, RowToWrite } from './rowTypes.js';
import { TextFile } from './textFile.js';
import { rowsDialect } from './uploadRows.js';

/** Rows in a temporary CSV file with a header. */
export interface SpooledFile {
  path: string;
  rows: number;
  bytes: number;
  /** The numbers of its first and last row in the input. */
  firstRow: number;
  lastRow: number;
}

/** Rows that have been checked, ready to be sent. */
export interface SpooledRows {
  rows: number;
  /** Bytes of the rows as CSV. */
  bytes: number;
  /** The rows themselves, where they are few enough to be sent without a file. */
  few?: { columns: readonly StoredColumn[]; rows: readonly RowToWrite[] };
  /** Otherwise, files to send in this order. */
  files: readonly SpooledFile[];
  /** Removes the files. Always call it. */
  remove: () => Promise<void>;
}

/** How {@link spoolRows} writes. */
export interface SpoolOptions {
  /** Bytes of a file. */
  maxFileBytes: number;
  /** Bytes of rows that are kept in memory instead of in a file. @default {@link largestRowSet} */
  maxMemoryBytes?: number | undefined;
  /** Whether files are planned but not written. */
  isDry?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Reads all rows, so that a value that does not fit is found before anything is sent, and keeps them in the form in which they are
 * sent. Memory stays constant.
 *
 * @throws what the source throws; {@link FileSystemError} when the disk is full.
 */
export async function spoolRows(source: RowSource, options: SpoolOptions): Promise<SpooledRows> {
  const spool = new RowSpool(source, options);
  try {
    for await (const row of source.rows) {
      options.signal?.throwIfAborted();
      const writing = spool.add(row);
      if (writing !== undefined) await writing;
    }
    return await spool.end();
  } catch (error) {
    await spool.remove();
    throw error;
  }
}

class RowSpool {
  readonly #source: RowSource;
  readonly #options: SpoolOptions;
  readonly #files: SpooledFile[] = [];
  #few: RowToWrite[] | undefined = [];
  #rows = 0;
  #bytes = 0;
  #folder: TemporaryFolder | undefined;
  #text: TextFile | undefined;
  /** The number of columns of the current file. */
  #width = 0;

  constructor(source: RowSource, options: SpoolOptions) {
    this.#source = source;
    this.#options = options;
  }

  /** @returns a promise when something is written */
  add(row: RowToWrite): Promise<void> | undefined {
    const line = this.#lineOf(row);
    const length = Buffer.byteLength(line);
    this.#rows += 1;
    this.#bytes += length;
    if (this.#few !== undefined) {
      this.#few.push(row);
      if (this.#isFew()) return undefined;
      return this.#startWriting();
    }
    return this.#write(row, line, length);
  }

  #isFew(): boolean {
    const { maxMemoryBytes = largestRowSet } = this.#options;
    const width = rowWidth(this.#source.columns);
    return this.#bytes <= maxMemoryBytes && this.#rows * width <= maxMemoryBytes;
  }

  /** Writes the rows that were kept in memory to a file, as there are too many. */
  async #startWriting(): Promise<void> {
    const rows = this.#few ?? [];
    this.#few = undefined;
    for (const row of rows) {
      const line = this.#lineOf(row);
      await this.#write(row, line, Buffer.byteLength(line));
    }
  }

  #write(row: RowToWrite, line: string, length: number): Promise<void> | undefined {
    const file = this.#files.at(-1);
    const isNew =
      file === undefined ||
      row.cells.length !== this.#width ||
      file.bytes + length > this.#options.maxFileBytes;
    if (isNew) return this.#startFile(row).then(() => this.#append(row, line, length));
    return this.#append(row, line, length);
  }

  #append(row: RowToWrite, line: string, length: number): Promise<void> | undefined {
    const file = this.#files.at(-1);
    if (file === undefined) return undefined;
    file.rows += 1;
    file.bytes += length;
    file.lastRow = row.row;
    return this.#text?.write(line);
  }

  async #startFile({ row, cells }: RowToWrite): Promise<void> {
    await this.#text?.flush();
    const header = this.#headerOf(cells.length);
    this.#text = await this.#openFile();
    await this.#text?.write(header);
    this.#width = cells.length;
    this.#files.push({
      path: this.#text?.path ?? '',
      rows: 0,
      bytes: Buffer.byteLength(header),
      firstRow: row,
      lastRow: row,
    });
  }

  async #openFile(): Promise<TextFile | undefined> {
    if (this.#options.isDry) return undefined;
    const { path } = (this.#folder ??= await rowsFolder());
    return new TextFile(join(path, `rows-${this.#files.length + 1}.csv`));
  }

  #headerOf(width: number): string {
    const names = this.#source.columns.slice(0, width).map(({ name }) => name);
    return writeCsvRow(width === 1 ? [...emptyReferenceNames, ...names] : names, rowsDialect);
  }

  /** With one column, a row without a value would be an empty line, which the service skips: cells before it keep it a row. */
  #lineOf({ cells }: RowToWrite): string {
    return writeCsvRow(cells.length === 1 ? [null, null, ...cells] : cells, rowsDialect);
  }

  async end(): Promise<SpooledRows> {
    await this.#text?.flush();
    const few = this.#few && { columns: this.#source.columns, rows: this.#few };
    return {
      rows: this.#rows,
      bytes: this.#bytes,
      few,
      files: this.#files,
      remove: () => this.remove(),
    };
  }

  async remove(): Promise<void> {
    await this.#folder?.remove();
  }
}

const emptyReferenceNames = [rowColumns.rowId, rowColumns.versionNumber];
