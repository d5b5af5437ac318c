import {
  columnTypes,
  isColumnType,
  type CellKind,
  type CellOptions,
  type ColumnType,
} from '../../columns/columnTypes.js';
import { parseDouble } from '../../values/doubles.js';
import { parseJson } from '../../values/json.js';
import { strip } from '../../values/whitespace.js';

/**
 * Reads the text of a cell. Throws {@link UnreadableCell} when the text does not fit the type, or JavaScript cannot hold it.
 */
export type CellReader = (text: string) => unknown;

/** The reason why a cell cannot be read, as the end of a sentence. Whoever knows the row and the column completes it. */
export class UnreadableCell extends Error {
  override readonly name = 'UnreadableCell';
}

/**
 * Returns the function that converts the texts of a column into values, by the type that the column declares.
 *
 * A cell without a value is `null` and never passed to it. The empty text is `null` in columns that are not of text. A type
 * that is newer than this client is read as text.
 */
export function cellReader(type: ColumnType | undefined, options: CellOptions = {}): CellReader {
  if (!isColumnType(type)) return (text) => text;
  const { kind, isList } = columnTypes[type];
  const readOne = readers[kind](options);
  if (isList) return listReader(readOne);
  return kind === 'text' ? readOne : (text) => (text === '' ? null : readOne(text));
}

/** No value, and what Synapse makes of it when the column becomes one of lists. */
const noLists: ReadonlySet<string> = new Set(['', 'null', '[null]']);

/** The elements of a list have the form of cells of their type, as JSON: `"syn1"`, `5`, `true`. */
function listReader(readOne: CellReader): CellReader {
  return (text) =>
    noLists.has(text) ? null : parseList(text).map((item) => readOne(itemText(item)));
}

function itemText(item: unknown): string {
  if (typeof item === 'string') return item;
  if (typeof item === 'number' || typeof item === 'bigint' || typeof item === 'boolean') {
    return String(item);
  }
  throw new UnreadableCell(
    item === null ? 'has an element without a value' : 'has an element that is no value',
  );
}

function parseList(text: string): unknown[] {
  let list: unknown;
  try {
    list = parseJson(text);
  } catch {
    throw new UnreadableCell('is not a JSON list');
  }
  if (!Array.isArray(list)) throw new UnreadableCell('is not a JSON list');
  return list;
}

type ReaderOf = (options: CellOptions) => CellReader;

const asText: CellReader = (text) => text;

const readers: Readonly<Record<CellKind, ReaderOf>> = {
  text: () => asText,
  id: () => asText,
  boolean: () => readBoolean,
  double: () => readDouble,
  integer: ({ integers = 'number' }) => integerReaders[integers],
  date: ({ dates = 'date' }) => (dates === 'date' ? readDate : readEpoch),
  json: ({ json = 'parsed' }) => jsonReaders[json],
};

/** Beside `true` and `false`, expressions of SQL have 1 and 0. The Python client accepts all of these. */
const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['t', true],
  ['1', true],
  ['false', false],
  ['f', false],
  ['0', false],
]);

function readBoolean(text: string): boolean {
  const value = booleans.get(text) ?? booleans.get(text.toLowerCase());
  if (value === undefined) throw new UnreadableCell('is not a boolean');
  return value;
}

function readDouble(text: string): number {
  const value = parseDouble(text) ?? parseDouble(strip(text));
  if (value === undefined) throw new UnreadableCell('is not a number');
  if (!Number.isFinite(value) && /\d/.test(text)) {
    throw new UnreadableCell('is beyond the range of a JavaScript number');
  }
  return value;
}

const wholeNumber = /^[+-]?\d+$/;

function readInteger(text: string): number {
  const value = wholeNumberOf(text, 'an integer');
  if (Number.isSafeInteger(value)) return value;
  throw new UnreadableCell(
    "is beyond 2^53, which a JavaScript number cannot hold: read integers as bigint ({ integers: 'bigint' })",
  );
}

/** The whole number of a text; above 2^53 it is rounded. */
function wholeNumberOf(text: string, what: string): number {
  return smallInteger(text) ?? Number(digitsOf(text, what)) + 0;
}

/** The digits of a whole number, with its sign. */
function digitsOf(text: string, what: string): string {
  const trimmed = strip(text);
  if (wholeNumber.test(trimmed)) return trimmed.startsWith('+') ? trimmed.slice(1) : trimmed;
  throw new UnreadableCell(`is not ${what}`);
}

/** An integer of at most 15 digits, much faster than `Number`; `undefined` for any other text. */
function smallInteger(text: string): number | undefined {
  const { length } = text;
  const isNegative = text.charCodeAt(0) === 45;
  const start = isNegative ? 1 : 0;
  if (length === start || length - start > 15) return undefined;
  let value = 0;
  for (let index = start; index < length; index += 1) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return isNegative && value !== 0 ? -value : value;
}

/** An integer has at most 39 digits in the service; longer ones would take long to convert. */
const longestInteger = 40;

function readBigint(text: string): bigint {
  const digits = digitsOf(text, 'an integer');
  if (digits.length > longestInteger) throw new UnreadableCell('is not an integer');
  return BigInt(digits);
}

const integerReaders: Readonly<Record<NonNullable<CellOptions['integers']>, CellReader>> = {
  number: readInteger,
  bigint: readBigint,
  string: (text) => String(readBigint(text)),
};

/** Milliseconds from 1970 to the last date that JavaScript can hold. */
const latestDate = 8.64e15;

function readEpoch(text: string): number {
  const value = wholeNumberOf(text, 'a whole number of milliseconds since 1970');
  if (Number.isSafeInteger(value)) return value;
  throw new UnreadableCell(
    'is a time beyond 2^53 ms, which a JavaScript number cannot hold: select it as text, with CAST(column AS STRING)',
  );
}

function readDate(text: string): Date {
  const epoch = wholeNumberOf(text, 'a whole number of milliseconds since 1970');
  if (Math.abs(epoch) <= latestDate) return new Date(epoch);
  throw new UnreadableCell(
    "is a time that a Date cannot hold: read dates as milliseconds ({ dates: 'epoch' })",
  );
}

const jsonReaders: Readonly<Record<NonNullable<CellOptions['json']>, CellReader>> = {
  text: asText,
  parsed: (text) => readJson(text, false),
  exact: (text) => readJson(text, true),
};

function readJson(text: string, exactNumbers: boolean): unknown {
  try {
    return parseJson(text, { exactNumbers });
  } catch {
    throw new UnreadableCell('is not JSON');
  }
}
