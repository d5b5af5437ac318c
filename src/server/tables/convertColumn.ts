import type * as M from '../../../generated/models.js';
import { badRequest } from '../kernel/serviceError.js';
import { maxListLength, maxMediumText } from './columnLimits.js';
import type { StoredColumn } from './columnModels.js';
import { listTooShort, type StoredCell } from './columnValues.js';
import { keepsKeys, physicalColumns, physicalValues, storageName } from './rowStorage.js';
import { isListType, isTextType } from './sql/columnTypes.js';
import { mysqlDouble } from './sql/numberText.js';
import { storedKey } from './sql/textKey.js';
import type { SqlValue } from './sql/value.js';
import type { TableDatabase } from './tableDatabase.js';

/** Number of rows that are converted in one batch. */
const chunkRows = 5000;

/**
 * Copies the cells of a column to the column that replaces it, as MySQL does: the service alters its
 * table. Cells are not checked as new ones are, e.g. against an enumeration.
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
  checkListLength(db, name, from, to);
  checkMediumText(db, name, from, to);
  if (isWider(from, to)) {
    const sources = physicalColumns(from);
    const sets = physicalColumns(to).map(
      (column, index) => `${column} = ${sources[index] ?? 'NULL'}`,
    );
    db.run(`UPDATE ${name} SET ${sets.join(', ')}`);
    return;
  }
  const [cell = ''] = physicalColumns(from);
  const sets = physicalColumns(to).map((column) => `${column} = ?`);
  const select = `SELECT row_id, ${cell} AS cell FROM ${name} WHERE row_id > ? ORDER BY row_id LIMIT ${chunkRows}`;
  const update = `UPDATE ${name} SET ${sets.join(', ')} WHERE row_id = ?`;
  let last = 0;
  let count = 0;
  for (let rows = db.all(select, [last]); rows.length > 0; rows = db.all(select, [last])) {
    for (const row of rows) {
      last = Number(row['row_id']);
      count += 1;
      const converted = convertCell(row['cell'] ?? null, { from, to, row: count });
      db.run(update, [...physicalValues(to, converted), last]);
    }
  }
}

/** Whether every cell of one column is valid in the other without conversion. */
function isWider(from: StoredColumn, to: StoredColumn): boolean {
  const isSized = keepsKeys(to);
  return (
    from.columnType === to.columnType &&
    (!isSized || (to.maximumSize ?? Infinity) >= (from.maximumSize ?? 0))
  );
}

function checkListLength(
  db: TableDatabase,
  name: string,
  from: StoredColumn,
  to: StoredColumn,
): void {
  const limit = to.maximumListLength ?? maxListLength;
  const isShorter = limit < (from.maximumListLength ?? maxListLength);
  if (!isListType(from.columnType) || !isListType(to.columnType) || !isShorter) {
    return;
  }
  const longest = db.get(`SELECT max(json_array_length(c${from.id})) AS length FROM ${name}`);
  const length = Number(longest?.['length'] ?? 0);
  if (length > limit) {
    throw badRequest(listTooShort(to.name, length));
  }
}

function checkMediumText(
  db: TableDatabase,
  name: string,
  from: StoredColumn,
  to: StoredColumn,
): void {
  if (from.columnType !== 'LARGETEXT' || to.columnType !== 'MEDIUMTEXT') {
    return;
  }
  const row = db.get(
    `SELECT row_id FROM ${name} WHERE length(c${from.id}) > ${maxMediumText} ORDER BY row_id LIMIT 1`,
  );
  if (row !== undefined) {
    throw badRequest(
      `Cannot change column "${from.name}" to MEDIUMTEXT: The data at row ${String(row['row_id'])} ` +
        `exceeds the MEDIUMTEXT limit of ${maxMediumText} characters.`,
    );
  }
}

/** A cell to convert: its column, the new one, and which row it is, counted from 1. */
interface Conversion {
  readonly from: StoredColumn;
  readonly to: StoredColumn;
  readonly row: number;
}

function convertCell(value: SqlValue, conversion: Conversion): StoredCell {
  const { from, to } = conversion;
  if (isListType(to.columnType)) {
    return isListType(from.columnType)
      ? checkedList(value, conversion)
      : listCell(value, to.columnType);
  }
  if (value === null) {
    return { value: null };
  }
  if (isTextType(to.columnType)) {
    return textCell(value, conversion);
  }
  if (to.columnType === 'DOUBLE') {
    const number = typeof value === 'string' ? doubleIn(value, conversion) : Number(value);
    return { value: number, nan: Object.is(number, -0) ? 0 : null };
  }
  return { value: integerCell(value, conversion) };
}

/** A list with one element. An empty cell becomes a list with a null. */
function listCell(value: SqlValue, type: M.ColumnType): StoredCell {
  if (type !== 'STRING_LIST') {
    return { value: `[${String(value)}]` };
  }
  const key = typeof value === 'string' ? storedKey(value) : null;
  return {
    value: `[${value === null ? 'null' : JSON.stringify(value)}]`,
    key: key === null ? null : `[${JSON.stringify(key)}]`,
  };
}

/** @throws 400 for a text that is too long */
function checkedList(value: SqlValue, { to }: Conversion): StoredCell {
  if (value === null || to.columnType !== 'STRING_LIST') {
    return { value };
  }
  const elements = JSON.parse(String(value)) as (string | null)[];
  const size = to.maximumSize ?? Infinity;
  if (elements.some((element) => characters(element ?? '') > size)) {
    const limits = `{ "maxLength": ${size} }, "maxItems": ${to.maximumListLength ?? maxListLength}`;
    throw badRequest(
      `Check constraint 'json_schema_valid(_utf8mb4'{ "type": "array", "items": ${limits} }',` +
        `\`${to.name}\`)' is violated.`,
    );
  }
  const keys = elements.map((element) => (element === null ? null : storedKey(element)));
  const isPlain = keys.every((key) => key === null);
  const own = keys.map((key, index) => key ?? elements[index] ?? null);
  return { value, key: isPlain ? null : JSON.stringify(own) };
}

function textCell(value: SqlValue, { to, row }: Conversion): StoredCell {
  const text =
    typeof value === 'number' && !Number.isInteger(value) ? mysqlDouble(value) : plain(value);
  if (characters(text) > (to.maximumSize ?? Infinity)) {
    throw badRequest(`Data truncation: Data too long for column '${to.name}' at row ${row}`);
  }
  return { value: text, key: storedKey(text) };
}

/** A number as text. Doubles of a whole number are large when they are not exact. */
function plain(value: SqlValue): string {
  return typeof value === 'number' && !Number.isSafeInteger(value)
    ? mysqlDouble(value)
    : String(value);
}

/** The number of characters as MySQL counts them: those of two units count once. */
function characters(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}

const numberForm = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/i;

/** The number at the start of a text. @throws 400 when other text follows, or when there is none */
function numberIn(text: string, fault: string, { to, row }: Conversion): string {
  const [prefix = '', number] = numberForm.exec(text) ?? [];
  if (number === undefined) {
    throw badRequest(`${fault} for column '${to.name}' at row ${row}`);
  }
  if (text.slice(prefix.length).trim() !== '') {
    throw badRequest(`Data truncated for column '${to.name}' at row ${row}`);
  }
  return number;
}

function doubleIn(text: string, conversion: Conversion): number {
  return Number(numberIn(text, 'Data truncated', conversion));
}

/** @throws 400 for text that is not a number, and for a number out of the range of the type */
function integerCell(value: SqlValue, conversion: Conversion): bigint | number {
  const { to, row } = conversion;
  const integer =
    typeof value === 'string'
      ? rounded(numberIn(value, `Incorrect integer value: '${value}'`, conversion))
      : rounded(String(value));
  const bits = to.columnType === 'BOOLEAN' ? 8 : 64;
  if (integer === undefined || BigInt.asIntN(bits, integer) !== integer) {
    throw badRequest(`Data truncation: Out of range value for column '${to.name}' at row ${row}`);
  }
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}

/** The nearest integer; `undefined` for an infinite number. */
function rounded(text: string): bigint | undefined {
  if (/^[+-]?\d{1,30}$/.test(text)) {
    return BigInt(text.replace('+', ''));
  }
  const number = Number(text);
  const nearest = Math.sign(number) * Math.round(Math.abs(number));
  return Number.isFinite(nearest) ? BigInt(nearest) : undefined;
}
