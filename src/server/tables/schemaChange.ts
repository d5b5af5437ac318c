import type * as M from '../../../generated/models.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { findColumn, getColumn, getSchema, type StoredColumn } from './columnModels.js';
import {
  CellError,
  cellErrorMessage,
  listTooShort,
  readCell,
  type StoredCell,
} from './columnValues.js';
import { physicalColumns, physicalValues, storageName } from './rowStorage.js';
import { isListType, isTextType, listTypeOf } from './sql/columnTypes.js';
import { formatCell } from './sql/formatCell.js';
import { mysqlDouble } from './sql/numberText.js';
import { kindOfType, type SqlValue } from './sql/value.js';
import type { TableDatabase } from './tableDatabase.js';
import type { ColumnReplacement } from './tableState.js';

/** The schema after a change. */
export interface PlannedSchema {
  readonly schema: readonly StoredColumn[];
  readonly replacements: readonly ColumnReplacement[];
}

/**
 * Computes the schema after a change.
 *
 * @throws 400 when a column does not exist or cannot be converted, or when the order does not match
 */
export function planSchema(
  world: World,
  entityId: string,
  before: readonly string[],
  request: M.TableSchemaChangeRequest,
): PlannedSchema {
  const ids = [...before];
  const replacements: ColumnReplacement[] = [];
  for (const { oldColumnId: oldId, newColumnId: newId } of request.changes ?? []) {
    if (oldId !== undefined && oldId === newId) {
      continue;
    }
    const position = oldId === undefined ? -1 : ids.indexOf(oldId);
    if (oldId !== undefined && position < 0) {
      throw badRequest(
        `Cannot update column: ${oldId} since it is not currently a column of table: ${entityId}`,
      );
    }
    if (newId === undefined && oldId === undefined) {
      throw badRequest('ColumnChange.newColumnId or ColumnChange.oldColumnId is required.');
    }
    // The Python client adds the default columns of a view twice in one change.
    const isKnown = oldId === undefined && newId !== undefined && ids.includes(newId);
    if (newId !== undefined) {
      ids.splice(position < 0 ? ids.length : position, position < 0 ? 0 : 1, newId);
    } else {
      ids.splice(position, 1);
    }
    if (!isKnown) {
      replacements.push({ oldId, newId });
    }
  }
  const ordered = request.orderedColumnIds;
  if (ordered !== undefined && !isSameSet(ordered, ids)) {
    throw badRequest(
      'The provided ordered column IDs does not match resulting columns in the table schema.',
    );
  }
  return { schema: getSchema(world, ordered ?? ids), replacements };
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const set = new Set(a);
  return set.size === new Set(b).size && b.every((id) => set.has(id));
}

/** @throws 400 for conversions that the service does not support */
export function checkConversions(world: World, replacements: readonly ColumnReplacement[]): void {
  for (const { oldId, newId } of replacements) {
    const from = oldId === undefined ? undefined : findColumn(world, oldId);
    const to = newId === undefined ? undefined : getColumn(world, newId);
    if (from !== undefined && to !== undefined && !isConvertible(from.columnType, to.columnType)) {
      throw badRequest(`A ${from.columnType} column cannot be changed to ${to.columnType}`);
    }
  }
}

function isConvertible(from: M.ColumnType, to: M.ColumnType): boolean {
  if (from === to) {
    return true;
  }
  if ([from, to].some((type) => type === 'FILEHANDLEID' || type === 'JSON')) {
    return false;
  }
  if (isListType(from)) {
    return false;
  }
  return !isListType(to) || listTypeOf(from) === to;
}

/** Number of rows that are converted in one batch. */
const chunkRows = 5000;

/**
 * Copies the cells of a column to the column that replaces it.
 *
 * @throws 400 when one does not fit
 */
export function convertColumn(
  db: TableDatabase,
  storage: number,
  from: StoredColumn,
  to: StoredColumn,
): void {
  const name = storageName(storage);
  if (isWider(from, to)) {
    const sources = physicalColumns(from);
    const sets = physicalColumns(to).map(
      (column, index) => `${column} = ${sources[index] ?? 'NULL'}`,
    );
    db.run(`UPDATE ${name} SET ${sets.join(', ')}`);
    return;
  }
  const [cell = '', ...rest] = physicalColumns(from);
  requireLength(db, `SELECT max(json_array_length(${cell})) AS longest FROM ${name}`, from, to);
  const nan = from.columnType === 'DOUBLE' ? (rest[0] ?? 'NULL') : 'NULL';
  const sets = physicalColumns(to).map((column) => `${column} = ?`);
  const select = `SELECT row_id, ${cell} AS cell, ${nan} AS nan FROM ${name} WHERE row_id > ? ORDER BY row_id LIMIT ${chunkRows}`;
  const update = `UPDATE ${name} SET ${sets.join(', ')} WHERE row_id = ?`;
  let last = 0;
  for (let rows = db.all(select, [last]); rows.length > 0; rows = db.all(select, [last])) {
    for (const row of rows) {
      last = Number(row['row_id']);
      const value = row['nan'] === 1 ? Number.NaN : (row['cell'] ?? null);
      const converted = convertCell(value, from, to, last);
      db.run(update, [...physicalValues(to, converted), last]);
    }
  }
}

/** @throws 400 when a list is longer than its new column allows */
function requireLength(db: TableDatabase, sql: string, from: StoredColumn, to: StoredColumn): void {
  if (!isListType(from.columnType) || to.maximumListLength === undefined) {
    return;
  }
  const longest = Number(db.get(sql)?.['longest'] ?? 0);
  if (longest > to.maximumListLength) {
    throw badRequest(listTooShort(to.name, longest));
  }
}

/** Whether every cell of one column is valid in the other without conversion. */
function isWider(from: StoredColumn, to: StoredColumn): boolean {
  return (
    from.columnType === to.columnType &&
    to.enumValues === undefined &&
    (to.maximumSize ?? Infinity) >= (from.maximumSize ?? 0) &&
    (to.maximumListLength ?? Infinity) >= (from.maximumListLength ?? 0)
  );
}

function convertCell(
  value: SqlValue,
  from: StoredColumn,
  to: StoredColumn,
  row: number,
): StoredCell {
  try {
    return readCell(convertedText(value, from.columnType, to.columnType), {
      ...to,
      // Empty cells stay empty, because the default is for new rows.
      defaultValue: undefined,
    });
  } catch (error) {
    throw error instanceof CellError ? badRequest(cellErrorMessage(error, row, 0, to)) : error;
  }
}

function convertedText(value: SqlValue, from: M.ColumnType, to: M.ColumnType): string | null {
  if (value === null) {
    return null;
  }
  if (typeof value === 'number' && from === 'DOUBLE' && to !== 'DOUBLE') {
    return isTextType(to) || !Number.isFinite(value)
      ? doubleText(value)
      : String(Math.round(value));
  }
  if (to === 'BOOLEAN' && (typeof value === 'number' || typeof value === 'bigint')) {
    return Number(value) === 0 ? 'false' : 'true';
  }
  const text = formatCell(value, { kind: kindOfType(from), type: from });
  if (text !== null && isListType(to) && !isListType(from)) {
    return JSON.stringify([text]);
  }
  const isTruth = from === 'BOOLEAN' && !isTextType(to) && to !== 'BOOLEAN';
  return isTruth ? (text === 'true' ? '1' : '0') : text;
}

function doubleText(value: number): string {
  return Number.isFinite(value) ? mysqlDouble(value) : String(value);
}
