import {
  columnTypes,
  type CellKind,
  type CellOptions,
  type ColumnType,
} from '../../columns/columnTypes.js';
import { parseDouble } from '../../values/doubles.js';
import { parseJson } from '../../values/json.js';

/** Reads the text of a cell. Throws {@link UnreadableCell} when the text does not fit the type, or JavaScript cannot hold it. */
export type CellReader = (text: string) => unknown;

/** The reason why a cell cannot be read, as the end of a sentence. Whoever knows the row and the column completes it. */
export class UnreadableCell extends Error {
  override readonly name = 'UnreadableCell';
}

/**
 * Returns the function that converts the texts of a column into values, by the type that the column declares.
 *
 * A cell without a value is `null` and never passed to it.
 */
export function cellReader(type: ColumnType, options: CellOptions = {}): CellReader {
  const { kind, isList } = columnTypes[type];
  const readOne = readers[kind](options);
  if (!isList) return readOne;
  // The elements of a list have the form of cells of their type, as JSON: "syn1", 5, true.
  return (text) => parseList(text).map((item) => readOne(itemText(item)));
}

function itemText(item: unknown): string {
  if (typeof item === 'string') return item;
  if (typeof item === 'number' || typeof item === 'bigint' || typeof item === 'boolean') {
    return String(item);
  }
  throw new UnreadableCell('has an element that is no value');
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

const readers: Readonly<Record<CellKind, ReaderOf>> = {
  text: () => (text) => text,
  id: () => (text) => text,
  boolean: () => readBoolean,
  double: () => readDouble,
  integer: ({ integers = 'number' }) => integerReaders[integers],
  date: ({ dates = 'date' }) => (dates === 'date' ? readDate : readEpoch),
  json: ({ json = 'parsed' }) => (json === 'parsed' ? readJson : (text) => text),
};

function readBoolean(text: string): boolean {
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw new UnreadableCell('is not a boolean');
}

function readDouble(text: string): number {
  const value = parseDouble(text);
  if (value === undefined) throw new UnreadableCell('is not a number');
  return value;
}

const wholeNumber = /^-?\d+$/;

function readInteger(text: string): number {
  const value = smallInteger(text) ?? Number(wholeNumber.test(text) ? text : Number.NaN);
  if (Number.isSafeInteger(value)) return value;
  throw new UnreadableCell(
    Number.isNaN(value)
      ? 'is not an integer'
      : "is beyond 2^53, which a JavaScript number cannot hold: read integers as bigint ({ integers: 'bigint' })",
  );
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

const integerReaders: Readonly<Record<NonNullable<CellOptions['integers']>, CellReader>> = {
  number: readInteger,
  bigint: (text) => {
    if (!wholeNumber.test(text)) throw new UnreadableCell('is not an integer');
    return BigInt(text);
  },
  string: (text) => {
    if (!wholeNumber.test(text)) throw new UnreadableCell('is not an integer');
    return text;
  },
};

/** Milliseconds from 1970 to the last date that JavaScript can hold. */
const latestDate = 8.64e15;

function readEpoch(text: string): number {
  const value = smallInteger(text) ?? Number(wholeNumber.test(text) ? text : Number.NaN);
  if (Number.isSafeInteger(value)) return value;
  throw new UnreadableCell(
    Number.isNaN(value)
      ? 'is not a date'
      : 'is a time beyond 2^53 ms, which JavaScript cannot hold',
  );
}

function readDate(text: string): Date {
  const epoch = readEpoch(text);
  if (Math.abs(epoch) <= latestDate) return new Date(epoch);
  throw new UnreadableCell(
    "is a time that a Date cannot hold: read dates as milliseconds ({ dates: 'epoch' })",
  );
}

function readJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw new UnreadableCell('is not JSON');
  }
}
