import type { Database, JSValue, NormalQueryResult } from 'node-sqlite3-wasm';
import type { MigrationSettings } from './indexSettings.js';
import { readSettings, requireSameSettings, writeSettings } from './indexSettings.js';
import {
  statusNumbers,
  typeNumbers,
  type IndexedType,
  type IndexRow,
  type LeftOutFile,
  type MigrationStatus,
  type NewRow,
} from './indexRows.js';
import { itemOf, numberOf, rowOf, statusOf, textOf, typeOf } from './readRow.js';
import { ArgumentError } from '../errors.js';

/** The tables and indexes of the Python client. */
const schema = `
  CREATE TABLE IF NOT EXISTS migration_settings (settings TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS migrations (
    id TEXT NOT NULL,
    type INTEGER NOT NULL,
    version INTEGER NULL,
    row_id INTEGER NULL,
    col_id INTEGER NULL,
    parent_id NULL,
    status INTEGER NOT NULL,
    exception TEXT NULL,
    from_storage_location_id NULL,
    from_file_handle_id TEXT NULL,
    to_file_handle_id TEXT NULL,
    file_size INTEGER NULL,
    PRIMARY KEY (id, type, row_id, col_id, version)
  );
  CREATE INDEX IF NOT EXISTS ix_status ON migrations(status);
  CREATE INDEX IF NOT EXISTS ix_file_handle_ids
    ON migrations(from_file_handle_id, to_file_handle_id);
`;

/** Files that are not migrated. The Python client does not record them, and ignores this table. */
const leftOutSchema = `
  CREATE TABLE IF NOT EXISTS migrations_left_out (
    id TEXT NOT NULL,
    type INTEGER NOT NULL,
    version INTEGER NULL,
    row_id INTEGER NULL,
    col_id INTEGER NULL,
    file_handle_id TEXT NOT NULL,
    reason TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS ix_left_out ON migrations_left_out(id);
`;

// `+status` has SQLite look for the entity: by the status alone, it would go through the files of all entities.
const columns =
  'rowid AS number, id, type, version, row_id, col_id, parent_id, status, exception, ' +
  'from_storage_location_id, from_file_handle_id, to_file_handle_id, file_size';

const isFile = `type IN (${typeNumbers.file}, ${typeNumbers.table})`;

/** Files, and folders that could not be listed. */
const isListed = `(${isFile} OR status = ${statusNumbers.ERRORED})`;

/** An entity with files to migrate. */
export interface PendingEntity {
  id: string;
  type: 'file' | 'table';
}

/** An entity whose files could not be indexed. */
export interface FailedEntity {
  id: string;
  type: IndexedType;
  parentId: string | null;
}

/** A failure to read the file handle of a file: its storage location is not known. */
const isIndexFailure = `status = ${statusNumbers.ERRORED} AND from_storage_location_id IS NULL`;

/** The index of a migration: a SQLite database, which the Python client can read and continue. */
export class MigrationIndex {
  readonly path: string;
  readonly #db: Database;
  #isLeftOutThere = false;

  /** @internal */
  constructor(path: string, db: Database) {
    this.path = path;
    this.#db = db;
  }

  createTables(): void {
    this.#db.exec(schema);
  }

  /** @throws {@link ArgumentError} when the settings cannot be read */
  settings(): MigrationSettings | undefined {
    const row = this.#get('SELECT settings FROM migration_settings');
    if (row === undefined) return undefined;
    const settings = readSettings(textOf(row['settings']) ?? '');
    if (settings !== undefined) return settings;
    throw new ArgumentError(
      `The settings in ${this.path} cannot be read: the index is damaged, or of another program. Use another path for a new index.`,
    );
  }

  /** Stores the settings of a new index, or compares them with those that it has. */
  bind(settings: MigrationSettings): void {
    const stored = this.settings();
    if (stored !== undefined) requireSameSettings(this.path, stored, settings);
    else this.#run('INSERT INTO migration_settings (settings) VALUES (?)', writeSettings(settings));
  }

  /** Runs changes that are written together, or not at all. */
  transaction(change: () => void): void {
    this.#db.exec('BEGIN');
    try {
      change();
      this.#db.exec('COMMIT');
    } catch (error) {
      // SQLite ends the transaction itself after some errors.
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Whether an entity has been indexed: also one whose files could not be, or are left out. */
  has(id: string): boolean {
    return (
      this.#get('SELECT 1 FROM migrations WHERE id = ? LIMIT 1', id) !== undefined ||
      (this.#hasLeftOut &&
        this.#get('SELECT 1 FROM migrations_left_out WHERE id = ? LIMIT 1', id) !== undefined)
    );
  }

  /** Adds files, unless the index has them: a cell has one row. */
  add(rows: readonly NewRow[], table = 'migrations'): void {
    for (const row of rows) {
      if (row.rowId !== null && table === 'migrations' && this.#hasCell(row)) continue;
      this.#run(
        `INSERT INTO ${table} (id, type, version, row_id, col_id, parent_id, status, exception, ` +
          'from_storage_location_id, from_file_handle_id, file_size) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        row.id,
        typeNumbers[row.type],
        row.version,
        row.rowId,
        row.columnId,
        row.parentId,
        statusNumbers[row.status],
        row.error,
        row.fromStorageLocationId,
        row.fromFileHandleId,
        row.size,
      );
    }
  }

  /** Replaces a row by what its entity has now. */
  replace(old: IndexRow, row: NewRow | undefined, leftOut: LeftOutFile | undefined): void {
    this.transaction(() => {
      this.#run('DELETE FROM migrations WHERE rowid = ?', old.rowNumber);
      if (row !== undefined) this.add([row]);
      if (leftOut !== undefined) this.leaveOut([leftOut]);
    });
  }

  leaveOut(files: readonly LeftOutFile[]): void {
    if (files.length > 0 && !this.#hasLeftOut) this.#db.exec(leftOutSchema);
    for (const { id, type, version, rowId, columnId, fileHandleId, reason } of files) {
      this.#run(
        'INSERT INTO migrations_left_out VALUES (?, ?, ?, ?, ?, ?, ?)',
        ...[id, typeNumbers[type], version, rowId, columnId, fileHandleId, reason],
      );
    }
  }

  /** Notes that everything in a project or folder is indexed. */
  addContainer(id: string, type: 'folder' | 'project', parentId: string | null): void {
    this.forgetFailure(id);
    this.#run(
      'INSERT INTO migrations (id, type, parent_id, status) VALUES (?, ?, ?, ?)',
      ...[id, typeNumbers[type], parentId, statusNumbers.INDEXED],
    );
  }

  /** Notes that an entity could not be indexed. */
  addFailure({ id, type, parentId }: FailedEntity, error: string): void {
    this.forgetFailure(id);
    this.#run(
      'INSERT INTO migrations (id, type, parent_id, status, exception) VALUES (?, ?, ?, ?, ?)',
      ...[id, typeNumbers[type], parentId, statusNumbers.ERRORED, error],
    );
  }

  /** The entities of which something could not be indexed. */
  failures(): FailedEntity[] {
    const rows = this.#all(
      `SELECT DISTINCT id, type, parent_id FROM migrations WHERE ${isIndexFailure} ORDER BY id`,
    );
    return rows.map((row) => ({
      id: textOf(row['id']) ?? '',
      type: typeOf(numberOf(row['type'])),
      parentId: textOf(row['parent_id']),
    }));
  }

  /** Removes what is known of the failure to index an entity, when it has been indexed again. */
  forgetFailure(id: string): void {
    this.#run(`DELETE FROM migrations WHERE id = ? AND +${isIndexFailure}`, id);
    if (this.#hasLeftOut) this.#run('DELETE FROM migrations_left_out WHERE id = ?', id);
  }

  /** A place for the cells of tables that are read at the moment. They are moved into the index when they are complete. */
  openStage(): void {
    this.closeStage();
    this.#db.exec('CREATE TABLE migrations_staged AS SELECT * FROM migrations WHERE 0');
    this.#db.exec('CREATE INDEX ix_staged ON migrations_staged(id)');
  }

  stage(rows: readonly NewRow[]): void {
    this.transaction(() => this.add(rows, 'migrations_staged'));
  }

  /** Moves the cells of a table into the index. */
  unstage(id: string): void {
    const known =
      'SELECT 1 FROM migrations AS m WHERE m.id = s.id AND m.type = s.type AND m.row_id = s.row_id AND m.col_id = s.col_id';
    this.#run(
      `INSERT INTO migrations SELECT * FROM migrations_staged AS s WHERE s.id = ? AND NOT EXISTS (${known})`,
      id,
    );
    this.#run('DELETE FROM migrations_staged WHERE id = ?', id);
  }

  closeStage(): void {
    this.#db.exec('DROP TABLE IF EXISTS migrations_staged');
  }

  /** Files that could not be migrated are to be migrated again. */
  retryErrors(): void {
    this.#run(
      `UPDATE migrations SET status = ?, exception = NULL WHERE ${isFile} AND status = ? AND NOT (${isIndexFailure})`,
      ...[statusNumbers.INDEXED, statusNumbers.ERRORED],
    );
  }

  /** Entities with files to migrate, in the order of their ids, a part at a time. */
  *pending(): Generator<PendingEntity> {
    for (let last: [string, number] = ['', 0]; ;) {
      const rows = this.#all(
        `SELECT DISTINCT id, type FROM migrations WHERE +status = ? AND ${isFile} AND (id, type) > (?, ?) ORDER BY id, type LIMIT 500`,
        ...[statusNumbers.INDEXED, ...last],
      );
      if (rows.length === 0) return;
      for (const row of rows) {
        const type = numberOf(row['type']) ?? 0;
        last = [textOf(row['id']) ?? '', type];
        yield { id: last[0], type: type === typeNumbers.table ? 'table' : 'file' };
      }
    }
  }

  /** The next version of a file that is to be migrated, in the order of the rows. */
  nextVersion(id: string, after: number): IndexRow | undefined {
    const row = this.#get(
      `SELECT ${columns} FROM migrations WHERE id = ? AND type = ? AND +status = ? AND rowid > ? ORDER BY rowid LIMIT 1`,
      ...[id, typeNumbers.file, statusNumbers.INDEXED, after],
    );
    return row && rowOf(row);
  }

  /** Cells of a table that are to be migrated, in the order of rows and columns. */
  nextCells(tableId: string, after: readonly [number, number], limit: number): IndexRow[] {
    return this.#all(
      `SELECT ${columns} FROM migrations WHERE id = ? AND type = ? AND +status = ? AND (row_id, col_id) > (?, ?) ` +
        'ORDER BY row_id, col_id LIMIT ?',
      ...[tableId, typeNumbers.table, statusNumbers.INDEXED, ...after, limit],
    ).map(rowOf);
  }

  /** Stores the state of a file. */
  settle(
    { rowNumber }: IndexRow,
    state: { status: MigrationStatus; toFileHandleId: string | null; error?: string },
  ): void {
    this.#run(
      'UPDATE migrations SET status = ?, to_file_handle_id = ?, exception = ? WHERE rowid = ?',
      ...[statusNumbers[state.status], state.toFileHandleId, state.error ?? null, rowNumber],
    );
  }

  /** Stores the copy of a file handle with all files that have it, so that it is never copied again. */
  recordCopy(fromFileHandleId: string, toFileHandleId: string): void {
    this.#run(
      'UPDATE migrations SET to_file_handle_id = ? WHERE from_file_handle_id = ? AND +status IN (?, ?)',
      ...[toFileHandleId, fromFileHandleId, statusNumbers.INDEXED, statusNumbers.ERRORED],
    );
  }

  /** The copy of a file handle. */
  copyOf(fromFileHandleId: string): string | undefined {
    const row = this.#get(
      'SELECT to_file_handle_id FROM migrations WHERE from_file_handle_id = ? AND to_file_handle_id IS NOT NULL LIMIT 1',
      fromFileHandleId,
    );
    return textOf(row?.['to_file_handle_id']) ?? undefined;
  }

  /** The first entity with a file handle. It is the same in each run. */
  firstWith(fromFileHandleId: string): PendingEntity | undefined {
    const row = this.#get(
      `SELECT id, type FROM migrations WHERE from_file_handle_id = ? AND ${isFile} ORDER BY +id, +type LIMIT 1`,
      fromFileHandleId,
    );
    const id = textOf(row?.['id']);
    if (id === null) return undefined;
    return { id, type: numberOf(row?.['type']) === typeNumbers.table ? 'table' : 'file' };
  }

  /** Whether a file of an entity is migrated already. */
  hasMigrated(id: string): boolean {
    const sql = 'SELECT 1 FROM migrations WHERE id = ? AND +status = ? LIMIT 1';
    return this.#get(sql, id, statusNumbers.MIGRATED) !== undefined;
  }

  /** The file handles of the cells of a table that are to be migrated or have been. */
  *cellHandles(tableId: string): Generator<string> {
    const statement = this.#db.prepare(
      'SELECT row_id, col_id, from_file_handle_id FROM migrations WHERE id = ? AND type = ? AND from_file_handle_id IS NOT NULL AND status <> ? ORDER BY row_id, col_id',
    );
    try {
      const values = [tableId, typeNumbers.table, statusNumbers.ALREADY_MIGRATED];
      for (const row of statement.iterate(values) as Iterable<NormalQueryResult>) {
        yield `${numberOf(row['row_id'])} ${numberOf(row['col_id'])} ${textOf(row['from_file_handle_id'])}`;
      }
    } finally {
      statement.finalize();
    }
  }

  /** The numbers of files by their status. */
  counts(): Record<MigrationStatus, number> {
    const counts = { INDEXED: 0, MIGRATED: 0, ALREADY_MIGRATED: 0, ERRORED: 0 };
    const rows = this.#all(
      `SELECT status, count(*) AS number FROM migrations WHERE ${isListed} GROUP BY status`,
    );
    for (const row of rows) {
      const status = statusOf(numberOf(row['status']) ?? 0);
      if (status !== undefined) counts[status] = numberOf(row['number']) ?? 0;
    }
    return counts;
  }

  /** Bytes of the files that are to be copied. */
  bytesToCopy(): number {
    const row = this.#get(
      `SELECT sum(size) AS bytes FROM (SELECT max(file_size) AS size FROM migrations WHERE status = ? AND ${isFile} AND to_file_handle_id IS NULL GROUP BY from_file_handle_id)`,
      statusNumbers.INDEXED,
    );
    return numberOf(row?.['bytes']) ?? 0;
  }

  /** All files, in the order in which they were indexed, a part at a time. */
  rowsAfter(rowNumber: number, limit: number): IndexRow[] {
    return this.#all(
      `SELECT ${columns} FROM migrations WHERE rowid > ? AND ${isListed} ORDER BY rowid LIMIT ?`,
      ...[rowNumber, limit],
    ).map(rowOf);
  }

  leftOutAfter(rowNumber: number, limit: number): { rowNumber: number; file: LeftOutFile }[] {
    if (!this.#hasLeftOut) return [];
    const rows = this.#all(
      'SELECT rowid AS number, * FROM migrations_left_out WHERE rowid > ? ORDER BY rowid LIMIT ?',
      ...[rowNumber, limit],
    );
    return rows.map((row) => ({
      rowNumber: numberOf(row['number']) ?? 0,
      file: {
        ...itemOf(row),
        fileHandleId: textOf(row['file_handle_id']) ?? '',
        reason: textOf(row['reason']) ?? '',
      },
    }));
  }

  countLeftOut(): number {
    if (!this.#hasLeftOut) return 0;
    return (
      numberOf(this.#get('SELECT count(*) AS number FROM migrations_left_out')?.['number']) ?? 0
    );
  }

  get #hasLeftOut(): boolean {
    const sql = "SELECT 1 FROM sqlite_master WHERE name = 'migrations_left_out'";
    return (this.#isLeftOutThere ||= this.#get(sql) !== undefined);
  }

  #hasCell({ id, type, rowId, columnId }: NewRow): boolean {
    const found = this.#get(
      'SELECT 1 FROM migrations WHERE id = ? AND type = ? AND row_id = ? AND col_id = ?',
      ...[id, typeNumbers[type], rowId, columnId],
    );
    return found !== undefined;
  }

  #run(sql: string, ...values: JSValue[]): void {
    this.#db.run(sql, values);
  }

  #get(sql: string, ...values: JSValue[]): NormalQueryResult | undefined {
    return (this.#db.get(sql, values) as NormalQueryResult | null) ?? undefined;
  }

  #all(sql: string, ...values: JSValue[]): NormalQueryResult[] {
    return this.#db.all(sql, values) as NormalQueryResult[];
  }
}
