import type { SqlRow, TableDatabase } from './tableDatabase.js';

/** Version of the metadata layout. Files with another version are refused. */
const layoutVersion = 1;

const layout = `
CREATE TABLE IF NOT EXISTS layout (version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS tables (
  table_id INTEGER PRIMARY KEY,
  storage INTEGER NOT NULL,
  columns TEXT NOT NULL,
  last_row INTEGER NOT NULL,
  version INTEGER NOT NULL,
  etag TEXT NOT NULL,
  changed_on TEXT NOT NULL,
  has_rows INTEGER NOT NULL,
  search INTEGER NOT NULL,
  redo TEXT
);
CREATE TABLE IF NOT EXISTS snapshots (
  table_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  storage INTEGER NOT NULL,
  columns TEXT NOT NULL,
  etag TEXT NOT NULL,
  changed_on TEXT NOT NULL,
  search INTEGER NOT NULL,
  benefactors INTEGER NOT NULL,
  has_etags INTEGER NOT NULL,
  PRIMARY KEY (table_id, version)
);
CREATE TABLE IF NOT EXISTS changes (
  table_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  etag TEXT NOT NULL,
  PRIMARY KEY (table_id, version)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS changes_by_etag ON changes (etag);
CREATE TABLE IF NOT EXISTS deleted_rows (
  table_id INTEGER NOT NULL,
  row_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (table_id, row_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cell_files (
  table_id INTEGER NOT NULL,
  file_id INTEGER NOT NULL,
  row_id INTEGER NOT NULL,
  column_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (table_id, file_id, row_id, column_id, version)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cell_files_by_row ON cell_files (table_id, row_id, column_id, version);
CREATE TABLE IF NOT EXISTS storages (
  storage INTEGER PRIMARY KEY AUTOINCREMENT,
  derived INTEGER NOT NULL
);
`;

/** In `cell_files`, marks the version since which the cell has no file. */
export const noFile = 0;

/** The metadata of a table: its current rows and its counters. */
export interface TableMeta {
  /** The number in the entity id. */
  readonly tableId: number;
  /** Number of the storage with the rows. */
  readonly storage: number;
  /** Ids of the columns that the storage has, in the order of the schema. */
  readonly columns: readonly string[];
  /** The highest row id so far; ids are not reused. */
  readonly lastRow: number;
  /** Number of the last change. */
  readonly version: number;
  /** Changes with every change of rows or schema. */
  readonly etag: string;
  readonly changedOn: string;
  /** Whether rows were ever written. Before that, row ids in uploads are ignored. */
  readonly hasRows: boolean;
  readonly search: boolean;
  /** The pending change of the entity; see `finishRedo`. */
  readonly redo?: string;
}

/** A snapshot of a table or view. */
export interface SnapshotMeta {
  readonly tableId: number;
  readonly version: number;
  readonly storage: number;
  readonly columns: readonly string[];
  readonly etag: string;
  readonly changedOn: string;
  readonly search: boolean;
  /** Number of benefactors of each row: 0 for tables, 1 for views. */
  readonly benefactors: number;
  /** Whether rows have etags, as those of views do. */
  readonly hasEtags: boolean;
}

/** Creates or checks the metadata tables of a file. @throws Error when a newer release wrote it */
export function openMeta(db: TableDatabase): void {
  db.transaction(() => {
    db.exec(layout);
    const found = db.get('SELECT version FROM layout');
    if (found === undefined) {
      db.run('INSERT INTO layout (version) VALUES (?)', [layoutVersion]);
    } else if (found['version'] !== layoutVersion) {
      throw new Error(
        `tables.sqlite has layout ${String(found['version'])}, this release reads ${layoutVersion}: ` +
          'use the release that wrote it, or start with a new data directory',
      );
    }
  });
}

export function findTable(db: TableDatabase, tableId: number): TableMeta | undefined {
  const row = db.get('SELECT * FROM tables WHERE table_id = ?', [tableId]);
  return row === undefined ? undefined : tableOf(row);
}

/** Tables with a pending change of the entity. */
export function tablesWithRedo(db: TableDatabase): TableMeta[] {
  return db.all('SELECT * FROM tables WHERE redo IS NOT NULL').map(tableOf);
}

function tableOf(row: SqlRow): TableMeta {
  const redo = row['redo'];
  return {
    tableId: Number(row['table_id']),
    storage: Number(row['storage']),
    columns: JSON.parse(String(row['columns'])) as string[],
    lastRow: Number(row['last_row']),
    version: Number(row['version']),
    etag: String(row['etag']),
    changedOn: String(row['changed_on']),
    hasRows: row['has_rows'] === 1,
    search: row['search'] === 1,
    ...(typeof redo === 'string' && { redo }),
  };
}

export function putTable(db: TableDatabase, meta: TableMeta): void {
  db.run('INSERT OR REPLACE INTO tables VALUES (?,?,?,?,?,?,?,?,?,?)', [
    meta.tableId,
    meta.storage,
    JSON.stringify(meta.columns),
    meta.lastRow,
    meta.version,
    meta.etag,
    meta.changedOn,
    meta.hasRows ? 1 : 0,
    meta.search ? 1 : 0,
    meta.redo ?? null,
  ]);
}

export function findSnapshot(
  db: TableDatabase,
  tableId: number,
  version: number,
): SnapshotMeta | undefined {
  const row = db.get('SELECT * FROM snapshots WHERE table_id = ? AND version = ?', [
    tableId,
    version,
  ]);
  return row === undefined ? undefined : snapshotOf(row);
}

function snapshotOf(row: SqlRow): SnapshotMeta {
  return {
    tableId: Number(row['table_id']),
    version: Number(row['version']),
    storage: Number(row['storage']),
    columns: JSON.parse(String(row['columns'])) as string[],
    etag: String(row['etag']),
    changedOn: String(row['changed_on']),
    search: row['search'] === 1,
    benefactors: Number(row['benefactors']),
    hasEtags: row['has_etags'] === 1,
  };
}

export function putSnapshot(db: TableDatabase, meta: SnapshotMeta): void {
  db.run('INSERT OR REPLACE INTO snapshots VALUES (?,?,?,?,?,?,?,?,?)', [
    meta.tableId,
    meta.version,
    meta.storage,
    JSON.stringify(meta.columns),
    meta.etag,
    meta.changedOn,
    meta.search ? 1 : 0,
    meta.benefactors,
    meta.hasEtags ? 1 : 0,
  ]);
}

/** Whether a snapshot or a table uses a storage. */
export function isStorageUsed(db: TableDatabase, storage: number): boolean {
  const row = db.get(
    'SELECT EXISTS (SELECT 1 FROM tables WHERE storage = ?1) OR ' +
      'EXISTS (SELECT 1 FROM snapshots WHERE storage = ?1) AS used',
    [storage],
  );
  return row?.['used'] === 1;
}

/** Whether a snapshot uses a storage, which must then not be changed. */
export function isFrozen(db: TableDatabase, storage: number): boolean {
  return db.get('SELECT 1 FROM snapshots WHERE storage = ? LIMIT 1', [storage]) !== undefined;
}

/** Records a change, so that its number can be found by its etag. */
export function putChange(
  db: TableDatabase,
  { tableId, version, etag }: Pick<TableMeta, 'etag' | 'tableId' | 'version'>,
): void {
  db.run('INSERT INTO changes VALUES (?,?,?)', [tableId, version, etag]);
}

/** The number of the change that gave a table this etag. */
export function versionOfEtag(
  db: TableDatabase,
  tableId: number,
  etag: string,
): number | undefined {
  const row = db.get('SELECT version FROM changes WHERE etag = ? AND table_id = ?', [
    etag,
    tableId,
  ]);
  return row === undefined ? undefined : Number(row['version']);
}

/** Deletes the metadata of a table. The caller must drop the storages. */
export function removeTable(db: TableDatabase, tableId: number): number[] {
  const storages = db
    .all(
      'SELECT storage FROM tables WHERE table_id = ?1 UNION SELECT storage FROM snapshots WHERE table_id = ?1',
      [tableId],
    )
    .map((row) => Number(row['storage']));
  for (const table of ['tables', 'snapshots', 'changes', 'deleted_rows', 'cell_files']) {
    db.run(`DELETE FROM ${table} WHERE table_id = ?`, [tableId]);
  }
  return storages;
}
