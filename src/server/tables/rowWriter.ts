import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, preconditionFailed } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import type { World } from '../world.js';
import type { StoredColumn } from './columnModels.js';
import { CellError, cellErrorMessage, readCell } from './columnValues.js';
import {
  appendValues,
  physicalColumns,
  refreshSearch,
  storageName,
  tableKind,
} from './rowStorage.js';
import type { SqlValue } from './sql/value.js';
import type { TableDatabase } from './tableDatabase.js';
import type { TableMeta } from './tableMeta.js';
import { noFile, putTable, versionOfEtag } from './tableMeta.js';
import { nextChange } from './tableState.js';

/** A row to write: without values it is deleted, without an id it is added. */
export interface RowChange {
  readonly rowId?: number | undefined;
  /** Version of the row that the change is based on. */
  readonly versionNumber?: number | undefined;
  /** Positions in the schema of the columns of `values`. */
  readonly columns: readonly number[];
  readonly values?: readonly (string | null)[] | undefined;
}

/** Which row was written, and the number of the change that wrote it. */
export interface WrittenRow {
  readonly rowId: number;
  readonly versionNumber: number;
}

/** Estimated bytes of the rows of one change. */
const maxChangeBytes = limits.tableChange;
/** Maximum number of changes of a table. */
const maxChanges = limits.tableChanges;
/** The service's estimates of the memory of a row and of a cell. */
const rowBytes = 64;
const cellBytes = 112;
const bytesPerCharacter = 4;

/** The table and options of a writer. */
export interface WriterOptions {
  readonly world: World;
  readonly db: TableDatabase;
  readonly caller: Caller;
  readonly meta: TableMeta;
  readonly schema: readonly StoredColumn[];
  /** State of the table that the changes are based on. */
  readonly etag?: string | undefined;
  /** Whether rows with newer changes are overwritten. @default false */
  readonly overwrite?: boolean;
  /** Whether the ids of the written rows are collected. @default false */
  readonly keepReferences?: boolean;
}

/** Writes rows into a table, in changes of about 5 MB. The caller must open the transaction. */
export class RowWriter {
  readonly written: WrittenRow[] = [];
  readonly #options: WriterOptions;
  readonly #ignoreIds: boolean;
  readonly #hasFiles: boolean;
  #meta: TableMeta;
  #lastRow: number;
  #etag: string | undefined;
  #batch: RowChange[] = [];
  #batchBytes = 0;
  /** Number of rows so far. */
  #count = 0;
  readonly #inserts = new Map<string, string>();

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#meta = options.meta;
    this.#lastRow = options.meta.lastRow;
    this.#etag = options.etag;
    this.#ignoreIds = !options.meta.hasRows;
    this.#hasFiles = options.schema.some(({ columnType }) => columnType === 'FILEHANDLEID');
  }

  /** The state of the table after the changes. */
  get meta(): TableMeta {
    return this.#meta;
  }

  /** Number of rows so far. */
  get count(): number {
    return this.#count;
  }

  /** Adds a row. Rows are written in batches. @throws ServiceError */
  add(row: RowChange): void {
    this.#batch.push(row);
    this.#count += 1;
    this.#batchBytes += rowBytes;
    for (const value of row.values ?? []) {
      this.#batchBytes += cellBytes + bytesPerCharacter * (8 + (value?.length ?? 0));
    }
    if (this.#batchBytes >= maxChangeBytes) {
      this.flush();
    }
  }

  /** Writes the remaining rows. */
  flush(): void {
    const batch = this.#batch;
    if (batch.length === 0) {
      return;
    }
    const firstRow = this.#count - batch.length;
    this.#batch = [];
    this.#batchBytes = 0;
    const { db, world } = this.#options;
    const before = this.#meta;
    if (before.version >= maxChanges) {
      throw badRequest('Maximum table size exceeded.');
    }
    const rows = batch.map((row) => normalRow(row, this.#ignoreIds));
    this.#checkConflicts(rows);
    this.#checkFiles(rows);
    this.#meta = nextChange(world, db, before);
    const ids = rows.map((row, index) => this.#write(row, firstRow + index));
    this.#meta = { ...this.#meta, lastRow: this.#lastRow, hasRows: true };
    putTable(db, this.#meta);
    if (this.#meta.search) {
      refreshSearch(db, this.#meta.storage, this.#options.schema, { ...tableKind, rowIds: ids });
    }
    this.#etag = this.#meta.etag;
  }

  #write(row: RowChange, index: number): number {
    const { rowId, values } = row;
    const versionNumber = this.#meta.version;
    let id = rowId;
    if (id === undefined) {
      this.#lastRow += 1;
      id = this.#lastRow;
      // A new row without any cell is deleted at once.
      if (values !== undefined) {
        this.#insert(id, row, index);
      }
    } else if (values === undefined) {
      this.#delete(id);
    } else {
      this.#update(id, row, index);
    }
    if (this.#options.keepReferences === true) {
      this.written.push({ rowId: id, versionNumber });
    }
    return id;
  }

  #insert(id: number, row: RowChange, index: number): void {
    const { db, schema } = this.#options;
    const given: (string | null)[] = new Array<null>(schema.length).fill(null);
    row.columns.forEach((position, i) => {
      given[position] = row.values?.[i] ?? null;
    });
    const parameters: SqlValue[] = [id, this.#meta.version];
    schema.forEach((column, position) => {
      this.#appendCell(parameters, column, given[position] ?? null, { index, position });
    });
    db.run(this.#insertSql(), parameters);
    this.#noteFiles(id, row);
  }

  #insertSql(): string {
    const name = storageName(this.#meta.storage);
    let sql = this.#inserts.get(name);
    if (sql === undefined) {
      const cells = this.#options.schema.flatMap(physicalColumns);
      const columns = ['row_id', 'row_version', ...cells];
      sql = `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
      this.#inserts.set(name, sql);
    }
    return sql;
  }

  #update(id: number, row: RowChange, index: number): void {
    const { db, schema } = this.#options;
    if (id > this.#lastRow) {
      throw badRequest(`Cannot update row: ${id} because it does not exist.`);
    }
    const names: string[] = [];
    const parameters: SqlValue[] = [this.#meta.version];
    row.columns.forEach((position, i) => {
      const column = schema[position];
      if (column !== undefined) {
        names.push(...physicalColumns(column));
        this.#appendCell(parameters, column, row.values?.[i] ?? null, { index, position });
      }
    });
    const sets = ['row_version = ?', ...names.map((name) => `${name} = ?`)];
    parameters.push(id);
    const name = storageName(this.#meta.storage);
    if (db.run(`UPDATE ${name} SET ${sets.join(', ')} WHERE row_id = ?`, parameters) === 0) {
      // A deleted row is restored with the given values.
      this.#insert(id, row, index);
      db.run('DELETE FROM deleted_rows WHERE table_id = ? AND row_id = ?', [
        this.#meta.tableId,
        id,
      ]);
      return;
    }
    this.#noteFiles(id, row);
    this.#noteEmptied(id, row);
  }

  #delete(id: number): void {
    const { db } = this.#options;
    if (id > this.#lastRow) {
      throw badRequest(`Cannot update row: ${id} because it does not exist.`);
    }
    db.run(`DELETE FROM ${storageName(this.#meta.storage)} WHERE row_id = ?`, [id]);
    db.run('INSERT OR REPLACE INTO deleted_rows VALUES (?,?,?)', [
      this.#meta.tableId,
      id,
      this.#meta.version,
    ]);
  }

  #appendCell(
    parameters: SqlValue[],
    column: StoredColumn,
    value: string | null,
    place: { readonly index: number; readonly position: number },
  ): void {
    try {
      appendValues(parameters, column, readCell(value, column));
    } catch (error) {
      throw error instanceof CellError
        ? badRequest(cellErrorMessage(error, place.index, place.position, column))
        : error;
    }
  }

  /** @throws 412 when a row was changed after the state that the changes are based on */
  #checkConflicts(rows: readonly RowChange[]): void {
    const updated = new Set<number>();
    let base = -1;
    for (const { rowId, versionNumber, values } of rows) {
      if (rowId === undefined || values === undefined) {
        continue;
      }
      if (updated.has(rowId)) {
        throw badRequest(`The row id ${rowId} is included more than once in the rowset`);
      }
      updated.add(rowId);
      if (this.#options.overwrite !== true) {
        if (versionNumber === undefined) {
          throw badRequest('Row version number cannot be null');
        }
        base = Math.max(base, versionNumber);
      }
    }
    if (updated.size === 0 || this.#options.overwrite === true) {
      return;
    }
    const changed = this.#firstChanged([...updated], Math.max(base, this.#versionOfEtag()));
    if (changed !== undefined) {
      throw preconditionFailed(
        `Row id: ${changed} has been changed since last read.  Please get the latest value for this row and then attempt to update it again.`,
      );
    }
  }

  #versionOfEtag(): number {
    if (this.#etag === undefined) {
      return -1;
    }
    const version = versionOfEtag(this.#options.db, this.#meta.tableId, this.#etag);
    if (version === undefined) {
      throw badRequest(`Invalid etag: ${this.#etag}`);
    }
    return version;
  }

  #firstChanged(ids: readonly number[], version: number): number | undefined {
    const row = this.#options.db.get(
      `SELECT row_id FROM ${storageName(this.#meta.storage)} ` +
        'WHERE row_id IN (SELECT value FROM json_each(?1)) AND row_version > ?2 UNION ALL ' +
        'SELECT row_id FROM deleted_rows WHERE table_id = ?3 ' +
        'AND row_id IN (SELECT value FROM json_each(?1)) AND version > ?2 LIMIT 1',
      [JSON.stringify(ids), version, this.#meta.tableId],
    );
    return row === undefined ? undefined : Number(row['row_id']);
  }

  /** @throws 403 for files that neither belong to the caller nor are in the table already */
  #checkFiles(rows: readonly RowChange[]): void {
    const { caller, world, db } = this.#options;
    if (!this.#hasFiles) {
      return;
    }
    const ids = new Set(rows.flatMap((row) => this.#filesOf(row).map(({ fileId }) => fileId)));
    if (caller.isAdmin || ids.size === 0) {
      return;
    }
    const isKnown = (id: string): boolean =>
      /^[1-9]\d{0,14}$/.test(id) &&
      db.get('SELECT 1 FROM cell_files WHERE table_id = ? AND file_id = ? LIMIT 1', [
        this.#meta.tableId,
        Number(id),
      ]) !== undefined;
    const refused = [...ids].filter((id) => !world.files.isOwn(caller, id) && !isKnown(id));
    if (refused.length > 0) {
      throw forbidden(`Cannot access files: [${refused.join(', ')}]`);
    }
  }

  #filesOf(row: RowChange): { columnId: string; fileId: string }[] {
    const { schema } = this.#options;
    return row.columns.flatMap((position, index) => {
      const column = schema[position];
      const fileId = column && fileIdIn(row.values?.[index] ?? null, column);
      return fileId === undefined ? [] : [{ columnId: column?.id ?? '', fileId }];
    });
  }

  #noteFiles(rowId: number, row: RowChange): void {
    if (!this.#hasFiles) {
      return;
    }
    for (const { columnId, fileId } of this.#filesOf(row)) {
      this.#options.db.run('INSERT OR IGNORE INTO cell_files VALUES (?,?,?,?,?)', [
        this.#meta.tableId,
        Number(fileId),
        rowId,
        Number(columnId),
        this.#meta.version,
      ]);
    }
  }

  /** Records the version since which cells of an existing row have no file. */
  #noteEmptied(rowId: number, row: RowChange): void {
    if (!this.#hasFiles) {
      return;
    }
    const { db, schema } = this.#options;
    row.columns.forEach((position, index) => {
      const column = schema[position];
      const isEmpty = column && fileIdIn(row.values?.[index] ?? null, column) === undefined;
      if (column?.columnType === 'FILEHANDLEID' && isEmpty) {
        db.run('INSERT OR IGNORE INTO cell_files VALUES (?,?,?,?,?)', [
          this.#meta.tableId,
          noFile,
          rowId,
          Number(column.id),
          this.#meta.version,
        ]);
      }
    });
  }
}

/**
 * The id under which the file of a cell is stored: `+7` and `007` are the file 7. Text that is not an id
 * has none; writing the cell refuses it.
 */
function fileIdIn(text: string | null, column: StoredColumn): string | undefined {
  if (column.columnType !== 'FILEHANDLEID') {
    return undefined;
  }
  try {
    const { value } = readCell(text, column);
    return value === null ? undefined : String(value);
  } catch (error) {
    if (error instanceof CellError) return undefined;
    throw error;
  }
}

/** Negative row ids count as absent, and so do all row ids in a table that never had rows. */
function normalRow(row: RowChange, ignoreId: boolean): RowChange {
  const { rowId, columns, values } = row;
  const isNew = rowId !== undefined && (rowId < 0 || (ignoreId && values !== undefined));
  return isNew ? { columns, values } : row;
}
