import type { Context } from '../context.js';
import { SynapseError } from '../errors.js';
import type { IndexRow, LeftOutFile, MigrationRow, MigrationStatus } from './indexRows.js';
import type { MigrationIndex } from './migrationIndex.js';

/** Rows that are read at once. */
const rowsAtOnce = 2000;

/** What is in the index of a migration, in numbers. */
export interface MigrationSummary {
  /** Files by their status. */
  counts: Record<MigrationStatus, number>;
  /** Files that are not migrated because they cannot or should not be. */
  leftOut: number;
  /** Bytes that are still to be copied. */
  bytesToCopy: number;
}

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
    return this.#read((index) => ({
      counts: index.counts(),
      leftOut: index.countLeftOut(),
      bytesToCopy: index.bytesToCopy(),
    }));
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
      const files = await this.#read((index) => index.leftOutAfter(last, rowsAtOnce));
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
    const { writeMigrationLog } = await import('./writeMigrationLog.js');
    await writeMigrationLog(path, this);
  }

  async *#rows(): AsyncGenerator<IndexRow> {
    for (let last = 0; ;) {
      const rows = await this.#read((index) => index.rowsAfter(last, rowsAtOnce));
      yield* rows;
      const end = rows.at(-1);
      if (end === undefined) return;
      last = end.rowNumber;
    }
  }

  async #read<T>(read: (index: MigrationIndex) => T): Promise<T> {
    const { withIndex } = await import('./openIndex.js');
    return withIndex(this.dbPath, { create: false }, (index) => Promise.resolve(read(index)));
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
