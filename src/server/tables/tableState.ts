import { numericId } from '../entities/entityIds.js';
import type { EntityRecord } from '../entities/entityRecords.js';
import { getVersionRecord } from '../entities/entityRecords.js';
import type { World } from '../world.js';
import { findColumn, type StoredColumn } from './columnModels.js';
import { readCell } from './columnValues.js';
import {
  addColumn,
  buildSearch,
  copyStorage,
  createStorage,
  dropSearch,
  fillColumn,
  removeColumn,
  tableKind,
} from './rowStorage.js';
import type { TableDatabase } from './tableDatabase.js';
import type { TableMeta } from './tableMeta.js';
import { findTable, isFrozen, putChange, putTable } from './tableMeta.js';

/** The current state of a table: its metadata and its columns. */
export interface TableState {
  readonly meta: TableMeta;
  readonly schema: readonly StoredColumn[];
}

/** The columns of existing ids. */
export function schemaOf(world: World, ids: readonly string[]): StoredColumn[] {
  return ids.flatMap((id) => findColumn(world, id) ?? []);
}

/**
 * Updates the rows of a table to match its entity: changed columns and a changed search setting of
 * the entity take effect here, at the next use of the table.
 */
export function currentTable(world: World, db: TableDatabase, record: EntityRecord): TableState {
  const { fields } = getVersionRecord(world, record);
  const wanted = schemaOf(world, fields.columnIds ?? []);
  const search = fields.isSearchEnabled ?? false;
  const found = findTable(db, numericId(record.id));
  const ids = wanted.map(({ id }) => id);
  if (found?.search === search && sameIds(found.columns, ids)) {
    return { meta: found, schema: wanted };
  }
  return db.transaction(() => {
    let meta = found ?? newTable(world, db, record);
    if (!sameIds(meta.columns, ids)) {
      meta = alterTable(world, db, meta, replacedColumns(meta.columns, ids), wanted);
    }
    if (meta.search !== search) {
      meta = setSearch(world, db, meta, search);
    }
    return { meta, schema: wanted };
  });
}

function sameIds(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}

function newTable(world: World, db: TableDatabase, record: EntityRecord): TableMeta {
  const meta: TableMeta = {
    tableId: numericId(record.id),
    storage: createStorage(db, [], tableKind),
    columns: [],
    // The first change has the number 0, and so has the row id that a change of columns uses.
    lastRow: -1,
    version: -1,
    etag: world.uuid(),
    changedOn: world.timestamp(),
    hasRows: false,
    search: false,
  };
  putTable(db, meta);
  return meta;
}

/** A column that is added, removed or replaced. */
export interface ColumnReplacement {
  readonly oldId?: string | undefined;
  readonly newId?: string | undefined;
}

/** The changes from one set of columns to another without conversions. */
function replacedColumns(before: readonly string[], after: readonly string[]): ColumnReplacement[] {
  return [
    ...before.filter((id) => !after.includes(id)).map((oldId) => ({ oldId })),
    ...after.filter((id) => !before.includes(id)).map((newId) => ({ newId })),
  ];
}

/** The next change of a table, with a new number and etag. */
export function nextChange(world: World, db: TableDatabase, meta: TableMeta): TableMeta {
  const changed = {
    ...meta,
    version: meta.version + 1,
    etag: world.uuid(),
    changedOn: world.timestamp(),
  };
  putChange(db, changed);
  return changed;
}

/** The next change that does not write rows. The service uses a row id for it. */
function nextOwnChange(world: World, db: TableDatabase, meta: TableMeta): TableMeta {
  return { ...nextChange(world, db, meta), lastRow: meta.lastRow + 1 };
}

/** A table whose storage no snapshot reads: rows of a snapshot never change. */
export function writableTable(
  db: TableDatabase,
  meta: TableMeta,
  schema: readonly StoredColumn[],
): TableMeta {
  if (!isFrozen(db, meta.storage)) {
    return meta;
  }
  const storage = copyStorage(db, meta.storage, schema, tableKind);
  if (meta.search) {
    buildSearch(db, storage, schema, tableKind);
  }
  const copied = { ...meta, storage };
  putTable(db, copied);
  return copied;
}

/**
 * Changes the columns of a table. New columns begin with their default; `convert` copies cells from
 * the old column to the new one.
 */
export function alterTable(
  world: World,
  db: TableDatabase,
  before: TableMeta,
  replacements: readonly ColumnReplacement[],
  schema: readonly StoredColumn[],
  convert?: (storage: number, from: StoredColumn, to: StoredColumn) => void,
): TableMeta {
  const meta = writableTable(db, before, schemaOf(world, before.columns));
  for (const { oldId, newId } of replacements) {
    const [from, to] = [oldId, newId].map((id) =>
      id === undefined ? undefined : findColumn(world, id),
    );
    if (to !== undefined) {
      addColumn(db, meta.storage, to);
      if (from === undefined) {
        fillDefault(db, meta.storage, to);
      } else {
        convert?.(meta.storage, from, to);
      }
    }
    if (from !== undefined) {
      removeColumn(db, meta.storage, from);
    }
  }
  const columns = schema.map(({ id }) => id);
  const changed = { ...nextOwnChange(world, db, meta), columns };
  putTable(db, changed);
  if (changed.search) {
    buildSearch(db, changed.storage, schema, tableKind);
  }
  return changed;
}

function fillDefault(db: TableDatabase, storage: number, column: StoredColumn): void {
  if (column.defaultValue !== undefined) {
    fillColumn(db, storage, column, readCell(null, column));
  }
}

/** Switches full-text search on or off. */
export function setSearch(
  world: World,
  db: TableDatabase,
  before: TableMeta,
  search: boolean,
): TableMeta {
  const schema = schemaOf(world, before.columns);
  const meta = writableTable(db, before, schema);
  if (search) {
    buildSearch(db, meta.storage, schema, tableKind);
  } else {
    dropSearch(db, meta.storage);
  }
  const changed = { ...nextOwnChange(world, db, meta), search };
  putTable(db, changed);
  return changed;
}
