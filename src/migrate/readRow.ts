import type { NormalQueryResult, SQLiteValue } from 'node-sqlite3-wasm';
import {
  statusNumbers,
  typeNumbers,
  type IndexedItem,
  type IndexedType,
  type IndexRow,
  type MigrationStatus,
} from './indexRows.js';

/** A file, from a row of the database. */
export function rowOf(row: NormalQueryResult): IndexRow {
  return {
    ...itemOf(row),
    rowNumber: numberOf(row['number']) ?? 0,
    parentId: textOf(row['parent_id']),
    status: statusOf(numberOf(row['status'])) ?? 'ERRORED',
    error: textOf(row['exception']),
    fromStorageLocationId: numberOf(row['from_storage_location_id']),
    fromFileHandleId: textOf(row['from_file_handle_id']),
    toFileHandleId: textOf(row['to_file_handle_id']),
    size: numberOf(row['file_size']),
  };
}

/** What a row of the database is about. */
export function itemOf(row: NormalQueryResult): IndexedItem {
  return {
    id: textOf(row['id']) ?? '',
    type: typeOf(numberOf(row['type'])),
    version: numberOf(row['version']),
    rowId: numberOf(row['row_id']),
    columnId: numberOf(row['col_id']),
  };
}

/** Returns the status for a number in the index, or `undefined` when no status has that number. */
export function statusOf(number: number | null): MigrationStatus | undefined {
  const found = Object.entries(statusNumbers).find(([, each]) => each === number);
  return found?.[0] as MigrationStatus | undefined;
}

/** The kind of entity with a number. */
export function typeOf(number: number | null): IndexedType {
  const found = Object.entries(typeNumbers).find(([, each]) => each === number);
  return (found?.[0] as IndexedType | undefined) ?? 'file';
}

export function textOf(value: SQLiteValue | undefined): string | null {
  if (value === null || value === undefined) return null;
  return value instanceof Uint8Array ? Buffer.from(value).toString() : String(value);
}

/** The Python client can store numbers of NumPy, as their 8 bytes. */
export function numberOf(value: SQLiteValue | undefined): number | null {
  if (value === null || value === undefined) return null;
  if (!(value instanceof Uint8Array)) return Number(value);
  return value.byteLength === 8 ? Number(Buffer.from(value).readBigInt64LE()) : null;
}
