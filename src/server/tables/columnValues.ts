import type * as M from '../../../generated/models.js';
import { maxLargeText, maxListLength, maxMediumText } from './columnLimits.js';
import { isExactNumber } from '../kernel/exactJson.js';
import { parseLooseJson } from './looseJson.js';
import { elementType, isListType } from './sql/columnTypes.js';
import { parseDateValue } from './sql/dateText.js';
import { printJson } from './sql/jsonText.js';
import { javaDouble, parseDouble, parseLong } from './sql/numberText.js';
import { storedKey } from './sql/textKey.js';
import type { SqlValue } from './sql/value.js';

/** The properties of a column that a cell must match. */
export type CellColumn = Pick<
  M.ColumnModel,
  'columnType' | 'defaultValue' | 'enumValues' | 'maximumListLength' | 'maximumSize' | 'name'
>;

/** A value that is not valid for its column. The message is the detail of the service's error. */
export class CellError extends Error {
  override readonly name = 'CellError';
}

/** A cell in the form in which it is stored. */
export interface StoredCell {
  readonly value: SqlValue;
  /** The text key, if it differs from the text. */
  readonly key?: string | null;
  /** 1 for NaN and 0 for -0, which SQLite cannot store. */
  readonly nan?: 0 | 1 | null;
}

const emptyCell: StoredCell = { value: null, key: null, nan: null };

/**
 * Reads a cell: applies the default, checks the value and converts it to the stored form. Blank
 * text is an empty cell, except for text types.
 *
 * @throws CellError
 */
export function readCell(text: string | null, column: CellColumn): StoredCell {
  const { columnType } = column;
  const given = text === '' && !keepsEmptyText(columnType) ? null : text;
  const value = given ?? column.defaultValue ?? null;
  if (value === null || columnType === undefined) {
    return emptyCell;
  }
  if (value.includes('\0')) {
    throw new CellError('The character NUL cannot be stored.');
  }
  return readers[columnType](value, column);
}

/** The error of the service for a bad cell: `Value at [row,column] was not a valid TYPE. <detail>`. */
export function cellErrorMessage(
  error: CellError,
  row: number,
  index: number,
  column: CellColumn,
): string {
  return `Value at [${row},${index}] was not a valid ${column.columnType ?? ''}. ${error.message}`;
}

/** The error of the service for a column whose lists are longer than it allows. */
export function listTooShort(name: string, length: number): string {
  return `maximumListLength for ColumnModel "${name}" must be at least: ${length}`;
}

/**
 * A value in the form of the API, e.g. a normalized default; `undefined` for an empty list, which is
 * no value.
 *
 * @throws CellError
 */
export function normalizeValue(text: string, column: CellColumn): string | undefined {
  const { columnType } = column;
  if (columnType === undefined) {
    return text;
  }
  const cell = readers[columnType](text, column);
  switch (columnType) {
    case 'STRING':
    case 'LINK':
    case 'MEDIUMTEXT':
    case 'LARGETEXT':
    case 'JSON':
      return text;
    case 'DOUBLE':
      return javaDouble(cell.nan === 1 ? Number.NaN : Number(cell.value));
    case 'BOOLEAN':
      return cell.value === 1 ? 'true' : 'false';
    case 'ENTITYID':
      return `syn${String(cell.value)}`;
    default:
      if (cell.value === null) {
        return undefined;
      }
      return isListType(columnType) ? compactList(String(cell.value)) : String(cell.value);
  }
}

/** A stored list in the form in which the service keeps defaults. */
function compactList(text: string): string {
  const list = parseLooseJson(text);
  return Array.isArray(list) ? `[${list.map(printJson).join(',')}]` : text;
}

function keepsEmptyText(type: M.ColumnType | undefined): boolean {
  return type === 'STRING' || type === 'LINK' || type === 'MEDIUMTEXT' || type === 'LARGETEXT';
}

type Reader = (text: string, column: CellColumn) => StoredCell;

const readInteger: Reader = (text) => ({ value: integer(text) });

const readers: Readonly<Record<M.ColumnType, Reader>> = {
  STRING: (text, column) => {
    checkLength('String', text, column);
    checkEnum(text, column);
    return { value: text, key: storedKey(text) };
  },
  LINK: (text, column) => {
    checkLength('Link', text, column);
    checkEnum(text, column);
    return { value: text, key: storedKey(text) };
  },
  MEDIUMTEXT: (text, column) => readLongText(text, column, maxMediumText),
  LARGETEXT: (text, column) => readLongText(text, column, maxLargeText),
  INTEGER: readInteger,
  FILEHANDLEID: readInteger,
  USERID: readInteger,
  SUBMISSIONID: readInteger,
  EVALUATIONID: readInteger,
  DATE: (text) => ({ value: date(text) }),
  DOUBLE: (text) => {
    const value = parseDouble(text);
    if (value === undefined) {
      throw new CellError(`For input string: "${text}"`);
    }
    if (Number.isNaN(value)) {
      return { value: null, nan: 1 };
    }
    return { value, nan: Object.is(value, -0) ? 0 : null };
  },
  BOOLEAN: (text) => ({ value: boolean(text) ? 1 : 0 }),
  ENTITYID: (text) => ({ value: entityId(text) }),
  JSON: (text, column) => {
    const value = parseLooseJson(text);
    if (typeof value !== 'object' || value === null || isExactNumber(value)) {
      throw new CellError(`Invalid JSON object or array: ${jsonFault(text)}`);
    }
    checkEnum(text, column);
    return readLongText(printJson(value), {}, maxLargeText);
  },
  STRING_LIST: readList,
  INTEGER_LIST: readList,
  BOOLEAN_LIST: readList,
  DATE_LIST: readList,
  ENTITYID_LIST: readList,
  USERID_LIST: readList,
};

function checkLength(kind: string, text: string, { maximumSize }: CellColumn): void {
  if (maximumSize !== undefined && text.length > maximumSize) {
    throw new CellError(
      `${kind} '${text}' exceeds the maximum length of ${maximumSize} characters.`,
    );
  }
}

function checkEnum(text: string, { enumValues }: CellColumn): void {
  if (enumValues === undefined || enumValues.includes(text)) {
    return;
  }
  throw new CellError(
    enumValues.length > 10
      ? `'${text}' is not a valid value for this column. See column definition for valid values.`
      : `'${text}' is not a valid value for this column. Valid values are: ${enumValues.join(', ')}.`,
  );
}

function readLongText(text: string, column: CellColumn, limit: number): StoredCell {
  if (text.length > limit) {
    throw new CellError(`Exceeds the maximum number of characters: ${limit}`);
  }
  checkEnum(text, column);
  return { value: text };
}

/** The errors of the service's JSON parser, which tries both an object and an array. */
function jsonFault(text: string): string {
  const start = text.search(/\S/);
  if (start < 0 || /[[{]/.test(text.charAt(start))) {
    return text;
  }
  const line = text.slice(0, start).split('\n').length;
  const place = `at ${start + 1} [character ${start + 2} line ${line}]`;
  return `A JSONObject text must begin with '{' ${place}, A JSONArray text must start with '[' ${place}`;
}

/** A 64-bit integer, as a number where that is exact: numbers are cheaper than bigints. */
function integer(text: string): bigint | number {
  const value = parseLong(text);
  if (value === undefined) {
    throw new CellError(`For input string: "${text}"`);
  }
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function date(text: string): bigint | number {
  if (/^[+-]?\d+$/.test(text)) {
    return integer(text);
  }
  const millis = parseDateValue(text);
  if (millis === undefined) {
    throw new CellError(`Invalid format: "${text}"${malformedAt(text)}`);
  }
  return millis;
}

/** Where a text stops to be the beginning of a date or of a time. */
function malformedAt(text: string): string {
  const begin = /^(?:t|[+-]?\d+(?:-\d\d(?:-\d\d)?)?)/i.exec(text)?.[0].length ?? 0;
  return begin === 0 || begin === text.length ? '' : ` is malformed at "${text.slice(begin)}"`;
}

function boolean(text: string): boolean {
  const lower = text.toLowerCase();
  if (lower !== 'true' && lower !== 'false') {
    throw new CellError(`Not a boolean: ${text}`);
  }
  return lower === 'true';
}

/** `syn123`, `123` or `syn123.4`, whose version is dropped. */
function entityId(text: string): bigint | number {
  const digits = /^(?:syn)?(\d{1,19})(?:\.\d{1,19})?$/i.exec(text.trim())?.[1];
  if (digits === undefined) {
    throw new CellError(`${text} is not a valid Synapse ID.`);
  }
  return integer(digits);
}

function readList(text: string, column: CellColumn): StoredCell {
  const list = parseLooseJson(text);
  if (!Array.isArray(list)) {
    throw new CellError(`Not a JSON Array: ${text}`);
  }
  if (list.length > maxListLength) {
    throw new CellError(`value can not exceed ${maxListLength} elements in list: ${text}`);
  }
  if (list.length === 0) {
    return { value: null, key: null };
  }
  if (list.includes(null)) {
    throw new CellError('null value is not allowed');
  }
  const type = column.columnType === undefined ? undefined : elementType(column.columnType);
  const elements = list.map(elementText);
  const values = type === 'STRING' ? elements : elements.map((item) => String(element(item, type)));
  const limit = column.maximumListLength ?? maxListLength;
  if (list.length > limit) {
    throw new CellError(
      `Exceeds the maximum number of list elements defined in the ColumnModel (${limit}): "${text}"`,
    );
  }
  return type === 'STRING' ? stringList(elements, column) : { value: `[${values.join(', ')}]` };
}

function elementText(item: unknown): string {
  if (typeof item === 'string') {
    return item;
  }
  return isExactNumber(item) ? item.value : JSON.stringify(item);
}

function element(text: string, type: M.ColumnType | undefined): bigint | boolean | number {
  switch (type) {
    case 'BOOLEAN':
      return boolean(text);
    case 'DATE':
      return date(text);
    case 'ENTITYID':
      return entityId(text);
    default:
      return integer(text);
  }
}

function stringList(elements: readonly string[], column: CellColumn): StoredCell {
  for (const text of elements) {
    checkLength('String', text, column);
    checkEnum(text, column);
  }
  const keys = elements.map((text) => storedKey(text) ?? text);
  const isPlain = keys.every((key, index) => key === elements[index]);
  return { value: printJson([...elements]), key: isPlain ? null : printJson(keys) };
}
