import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Context } from '../context.js';
import { fileSystemError, SynapseError } from '../errors.js';
import { csvDialect } from '../tables/csv/csvDialect.js';
import { writeCsvRow } from '../tables/csv/writeCsvRow.js';
import type { IndexedItem, IndexRow, LeftOutFile, MigrationStatus } from './indexRows.js';
import { withIndex } from './openIndex.js';

/** Rows that are read at once. */
const rowsAtOnce = 2000;

/** A file in the index of a migration: a version of a file, or a cell of a table. */
export interface MigrationRow extends IndexedItem {
  /** The name of the column of a cell; `null` for a file, and for a column that does not exist any more. */
  columnName: string | null;
  fromStorageLocationId: number | null;
  fromFileHandleId: string | null;
  /** The copy, once there is one. */
  toFileHandleId: string | null;
  /** Bytes. */
  size: number | null;
  status: MigrationStatus;
  /** Why it could not be indexed or migrated. */
  error: string | null;
}

/** What is in the index of a migration, in numbers. */
export interface MigrationSummary {
  /** Files by their status. */
  counts: Record<MigrationStatus, number>;
  /** Files that are not migrated because they cannot or should not be. */
  leftOut: number;
  /** Bytes that are still to be copied. */
  bytesToCopy: number;
}

/** The columns of the log, as in the Python client. */
const logColumns: readonly (readonly [
  name: string,
  value: (row: MigrationRow) => number | string | null,
])[] = [
  ['id', ({ id }) => id],
  ['type', ({ type }) => type],
  ['version', ({ version }) => version],
  ['row_id', ({ rowId }) => rowId],
  ['col_name', ({ columnName }) => columnName],
  ['from_storage_location_id', ({ fromStorageLocationId }) => fromStorageLocationId],
  ['from_file_handle_id', ({ fromFileHandleId }) => fromFileHandleId],
  ['to_file_handle_id', ({ toFileHandleId }) => toFileHandleId],
  ['file_size', ({ size }) => size],
  ['status', ({ status }) => status],
  ['exception', ({ error }) => error],
];

/** The index of a migration, and what has become of its files. Everything is read from the index when it is asked for. */
export class MigrationResult implements AsyncIterable<MigrationRow> {
  readonly #ctx: Context;
  /** The path of the index. */
  readonly dbPath: string;

  /** @internal */
  constructor(ctx: Context, dbPath: string) {
    this.#ctx = ctx;
    this.dbPath = dbPath;
  }

  /** Counts the files. */
  summary(): Promise<MigrationSummary> {
    return withIndex(this.dbPath, { create: false }, (index) =>
      Promise.resolve({
        counts: index.counts(),
        leftOut: index.countLeftOut(),
        bytesToCopy: index.bytesToCopy(),
      }),
    );
  }

  /** The number of files by their status, as in the Python client. */
  async countsByStatus(): Promise<Record<MigrationStatus, number>> {
    return (await this.summary()).counts;
  }

  /** Reads the files, in the order in which they were indexed. */
  async *[Symbol.asyncIterator](): AsyncGenerator<MigrationRow, void, undefined> {
    const names = new Map<number, string | null>();
    for await (const row of this.#rows()) {
      const { columnId } = row;
      if (columnId !== null && !names.has(columnId)) {
        names.set(columnId, await this.#columnName(columnId));
      }
      yield {
        id: row.id,
        type: row.type,
        version: row.version,
        rowId: row.rowId,
        columnId,
        columnName: columnId === null ? null : (names.get(columnId) ?? null),
        fromStorageLocationId: row.fromStorageLocationId,
        fromFileHandleId: row.fromFileHandleId,
        toFileHandleId: row.toFileHandleId,
        size: row.size,
        status: row.status,
        error: row.error,
      };
    }
  }

  /** Reads the files that are not migrated because they cannot or should not be, and why. */
  async *leftOut(): AsyncGenerator<LeftOutFile, void, undefined> {
    for (let last = 0; ;) {
      const files = await withIndex(this.dbPath, { create: false }, (index) =>
        Promise.resolve(index.leftOutAfter(last, rowsAtOnce)),
      );
      for (const { file } of files) yield file;
      const end = files.at(-1);
      if (end === undefined) return;
      last = end.rowNumber;
    }
  }

  /**
   * Writes the files as CSV, with the columns of the Python client: `id`, `type` (`file`, `table`), `version`, `row_id`, `col_name`,
   * `from_storage_location_id`, `from_file_handle_id`, `to_file_handle_id`, `file_size`, `status`, `exception`.
   *
   * @throws {@link FileSystemError} when the file cannot be written. An existing one is replaced.
   */
  async toCsv(path: string): Promise<void> {
    const dialect = csvDialect({ escape: '"', lineEnd: '\r\n' });
    const lines = async function* (rows: AsyncIterable<MigrationRow>): AsyncGenerator<string> {
      yield writeCsvRow(
        logColumns.map(([name]) => name),
        dialect,
      );
      for await (const row of rows) {
        const cells = logColumns.map(([, value]) => value(row));
        yield writeCsvRow(
          cells.map((cell) => (cell === null ? null : String(cell))),
          dialect,
        );
      }
    };
    try {
      await pipeline(lines(this), createWriteStream(path));
    } catch (cause) {
      throw cause instanceof SynapseError ? cause : fileSystemError('Cannot write', path, cause);
    }
  }

  async *#rows(): AsyncGenerator<IndexRow> {
    for (let last = 0; ;) {
      const rows = await withIndex(this.dbPath, { create: false }, (index) =>
        Promise.resolve(index.rowsAfter(last, rowsAtOnce)),
      );
      yield* rows;
      const end = rows.at(-1);
      if (end === undefined) return;
      last = end.rowNumber;
    }
  }

  async #columnName(columnId: number): Promise<string | null> {
    try {
      const { name } = await this.#ctx.services.table.getColumn({ columnId: String(columnId) });
      return name ?? null;
    } catch (error) {
      if (error instanceof SynapseError) return null;
      throw error;
    }
  }
}
