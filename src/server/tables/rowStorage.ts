import type { StoredColumn } from './columnModels.js';
import type { StoredCell } from './columnValues.js';
import { isTextType } from './sql/columnTypes.js';
import type { SourceColumn } from './sql/sourceColumn.js';
import type { SqlValue } from './sql/value.js';
import type { TableDatabase } from './tableDatabase.js';

/** The system columns of a storage. */
export interface StorageKind {
  /** Columns `b0`, `b1`, ... with the benefactor entities of a row, which decide who may see it. */
  readonly benefactors: number;
  /** Column `row_etag`. */
  readonly hasEtags: boolean;
  /** Whether the rows can be recomputed. They are dropped when the server starts. */
  readonly derived: boolean;
}

export const tableKind: StorageKind = { benefactors: 0, hasEtags: false, derived: false };

/** SQLite table of a storage. */
export function storageName(storage: number): string {
  return `s${storage}`;
}

/** Full-text index of a storage. */
export function searchName(storage: number): string {
  return `s${storage}_search`;
}

/**
 * Whether a column stores its text keys. Keys of long text would double the size of the table and
 * are rarely needed.
 */
export function keepsKeys({ columnType }: StoredColumn): boolean {
  return columnType === 'STRING' || columnType === 'LINK' || columnType === 'STRING_LIST';
}

/** The SQLite columns of a column model: the cell, its key, its NaN mark. */
export function physicalColumns(column: StoredColumn): string[] {
  const names = [`c${column.id}`];
  if (keepsKeys(column)) {
    names.push(`k${column.id}`);
  }
  if (column.columnType === 'DOUBLE') {
    names.push(`n${column.id}`);
  }
  return names;
}

/** Adds the values of a cell to `values`, in the order of {@link physicalColumns}. */
export function appendValues(values: SqlValue[], column: StoredColumn, cell: StoredCell): void {
  values.push(cell.value);
  if (keepsKeys(column)) {
    values.push(cell.key ?? null);
  }
  if (column.columnType === 'DOUBLE') {
    values.push(cell.nan ?? null);
  }
}

/** The values of a cell, in the order of {@link physicalColumns}. */
export function physicalValues(column: StoredColumn, cell: StoredCell): SqlValue[] {
  const values: SqlValue[] = [];
  appendValues(values, column, cell);
  return values;
}

/** A column as queries see it. */
export function sourceColumn(column: StoredColumn): SourceColumn {
  const { id, name, columnType, maximumSize, maximumListLength } = column;
  return {
    id,
    name,
    type: columnType,
    sql: `c${id}`,
    ...(keepsKeys(column) && { storedKey: `k${id}` }),
    ...(columnType === 'DOUBLE' && { nan: `n${id}` }),
    maximumSize,
    maximumListLength,
  };
}

/** The columns of a storage besides the cells. */
function systemColumns(kind: StorageKind): string[] {
  return [
    'row_id INTEGER PRIMARY KEY',
    'row_version INTEGER NOT NULL',
    ...(kind.hasEtags ? ['row_etag TEXT'] : []),
    ...Array.from({ length: kind.benefactors }, (_, index) => `b${index} INTEGER`),
  ];
}

/** SQLite's affinity keeps cells in the form in which they are written. */
function declaration(name: string, column: StoredColumn): string {
  if (name.startsWith('c')) {
    return column.columnType === 'DOUBLE' ? `${name} REAL` : `${name} BLOB`;
  }
  return name.startsWith('n') ? `${name} INTEGER` : `${name} BLOB`;
}

/** Creates an empty storage and returns its number. */
export function createStorage(
  db: TableDatabase,
  schema: readonly StoredColumn[],
  kind: StorageKind,
): number {
  db.run('INSERT INTO storages (derived) VALUES (?)', [kind.derived ? 1 : 0]);
  const storage = Number(db.get('SELECT max(storage) AS storage FROM storages')?.['storage']);
  const cells = schema.flatMap((column) =>
    physicalColumns(column).map((name) => declaration(name, column)),
  );
  db.exec(
    `CREATE TABLE ${storageName(storage)} (${[...systemColumns(kind), ...cells].join(', ')})`,
  );
  return storage;
}

export function dropStorage(db: TableDatabase, storage: number): void {
  db.forgetStatements();
  db.exec(
    `DROP TABLE IF EXISTS ${searchName(storage)}; DROP TABLE IF EXISTS ${storageName(storage)}`,
  );
  db.run('DELETE FROM storages WHERE storage = ?', [storage]);
}

/** Drops the storages that can be recomputed. */
export function dropDerivedStorages(db: TableDatabase): void {
  for (const { storage } of db.all('SELECT storage FROM storages WHERE derived = 1')) {
    dropStorage(db, Number(storage));
  }
}

/** Copies a storage with the same columns; the copy has no full-text index. */
export function copyStorage(
  db: TableDatabase,
  storage: number,
  schema: readonly StoredColumn[],
  kind: StorageKind,
): number {
  const copy = createStorage(db, schema, kind);
  // By name: columns that were added by a schema change are in another order.
  const system = systemColumns(kind).map((column) => column.split(' ', 1));
  const names = [...system, ...schema.flatMap(physicalColumns)].join(', ');
  db.run(
    `INSERT INTO ${storageName(copy)} (${names}) SELECT ${names} FROM ${storageName(storage)}`,
  );
  return copy;
}

export function addColumn(db: TableDatabase, storage: number, column: StoredColumn): void {
  db.forgetStatements();
  for (const name of physicalColumns(column)) {
    db.exec(`ALTER TABLE ${storageName(storage)} ADD COLUMN ${declaration(name, column)}`);
  }
}

export function removeColumn(db: TableDatabase, storage: number, column: StoredColumn): void {
  db.forgetStatements();
  for (const name of physicalColumns(column)) {
    db.exec(`ALTER TABLE ${storageName(storage)} DROP COLUMN ${name}`);
  }
}

/** Sets a cell to the same value in every row. */
export function fillColumn(
  db: TableDatabase,
  storage: number,
  column: StoredColumn,
  cell: StoredCell,
): void {
  const names = physicalColumns(column);
  const sets = names.map((name, index) => `${name} = ?${index + 1}`);
  db.run(`UPDATE ${storageName(storage)} SET ${sets.join(', ')}`, physicalValues(column, cell));
}

/** Rows of views, which have etags, are also found by their ids. */
export type SearchKind = Pick<StorageKind, 'hasEtags'>;

/** The expressions that a full-text index contains. */
function isSearchable({ columnType }: StoredColumn): boolean {
  return isTextType(columnType) || columnType === 'STRING_LIST' || columnType === 'ENTITYID';
}

/** What the full-text index has of a row. Ids are found with and without `syn`. */
function searchSql(schema: readonly StoredColumn[], { hasEtags }: SearchKind): string {
  const bothForms = (name: string): string => `${name} || ' syn' || ${name}`;
  const parts = schema
    .filter(isSearchable)
    .map(({ id, columnType }) => (columnType === 'ENTITYID' ? bothForms(`c${id}`) : `c${id}`));
  if (hasEtags) {
    parts.unshift(bothForms('row_id'));
  }
  return parts.length === 0 ? "''" : `concat_ws(' ', ${parts.join(', ')})`;
}

/** Rebuilds the full-text index of a storage. */
export function buildSearch(
  db: TableDatabase,
  storage: number,
  schema: readonly StoredColumn[],
  kind: SearchKind,
): void {
  const name = searchName(storage);
  db.forgetStatements();
  db.exec(
    `DROP TABLE IF EXISTS ${name}; CREATE VIRTUAL TABLE ${name} USING fts5(` +
      "content, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2')",
  );
  db.run(
    `INSERT INTO ${name} (rowid, content) SELECT row_id, ${searchSql(schema, kind)} FROM ${storageName(storage)}`,
  );
}

export function dropSearch(db: TableDatabase, storage: number): void {
  db.forgetStatements();
  db.exec(`DROP TABLE IF EXISTS ${searchName(storage)}`);
}

/** Updates the full-text index for rows that were written or removed. */
export function refreshSearch(
  db: TableDatabase,
  storage: number,
  schema: readonly StoredColumn[],
  { rowIds, ...kind }: SearchKind & { readonly rowIds: readonly number[] },
): void {
  const name = searchName(storage);
  const ids = JSON.stringify(rowIds);
  db.run(`DELETE FROM ${name} WHERE rowid IN (SELECT value FROM json_each(?))`, [ids]);
  db.run(
    `INSERT INTO ${name} (rowid, content) SELECT row_id, ${searchSql(schema, kind)} ` +
      `FROM ${storageName(storage)} WHERE row_id IN (SELECT value FROM json_each(?))`,
    [ids],
  );
}
