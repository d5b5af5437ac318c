import { columnTypes, type CellKind } from '../../columns/columnTypes.js';
import type { StoredColumn } from '../../columns/columnModel.js';
import { ArgumentError } from '../../errors.js';
import { parseIsoDate } from '../../values/dates.js';
import { parseDouble } from '../../values/doubles.js';
import { stringifyJson } from '../../values/json.js';
import { quoted } from '../../values/quoted.js';

/** What a value has to fit. */
export type CellColumn = Pick<
  StoredColumn,
  'columnType' | 'enumValues' | 'maximumListLength' | 'maximumSize' | 'name'
>;

/** A value that does not fit its column. Nothing of the call was sent. */
export class CellValueError extends ArgumentError {
  override readonly name = 'CellValueError';
  /** The number of the row in the input, counting from 1. */
  readonly row: number;
  readonly column: string;
  readonly value: unknown;

  constructor({
    row,
    column,
    value,
    reason,
  }: {
    row: number;
    column: string;
    value: unknown;
    reason: string;
  }) {
    super(`Row ${row}, column ${JSON.stringify(column)}: ${quoted(value)} ${reason}.`);
    this.row = row;
    this.column = column;
    this.value = value;
  }
}

/** Converts a value into the text of a cell; `null` for no value. */
export type CellWriter = (value: unknown, row: number) => string | null;

/**
 * Returns the function that converts values into the cells of a column. Values are checked as Synapse does, before anything is
 * sent: type, length, number of elements, allowed values.
 *
 * The writer throws {@link CellValueError} for a value that the column cannot hold exactly.
 */
export function cellWriter(column: CellColumn): CellWriter {
  const { isList, kind } = columnTypes[column.columnType];
  const write = isList ? listWriter(column) : scalarWriter(column);
  return (value, row) => {
    if (value === null || value === undefined) return null;
    if (value === '' && (isList || kind !== 'text')) return null;
    const result = write(value);
    if (typeof result === 'object') {
      throw new CellValueError({ row, column: column.name, value, reason: result.reason });
    }
    return result;
  };
}

/** The text of a value, or why there is none. */
type Written = string | { reason: string };

function scalarWriter(column: CellColumn): (value: unknown) => Written {
  const { kind, maximumCharacters } = columnTypes[column.columnType];
  const write = writers[kind];
  const limit = maximumCharacters ?? column.maximumSize;
  const allowed = column.enumValues && new Set(column.enumValues);
  return (value) => {
    const text = write(value);
    if (typeof text === 'object') return text;
    if (text.includes('\0')) return { reason: 'has the character NUL, which Synapse cannot store' };
    if (limit !== undefined && kind !== 'integer' && text.length > limit) {
      return { reason: `has ${text.length} characters, the column holds ${limit}` };
    }
    if (allowed !== undefined && !allowed.has(text)) {
      return { reason: `is not one of the values of the column: ${[...allowed].join(', ')}` };
    }
    return text;
  };
}

function listWriter(column: CellColumn): (value: unknown) => Written {
  const { kind } = columnTypes[column.columnType];
  const writeOne = scalarWriter(column);
  const limit = column.maximumListLength ?? 100;
  return (value) => {
    const list = typeof value === 'string' ? parseListText(value) : value;
    if (!Array.isArray(list)) return { reason: `is not a list` };
    if (list.length > limit) {
      return { reason: `has ${list.length} elements, the column holds ${limit}` };
    }
    const items: string[] = [];
    for (const item of list) {
      if (item === null || item === undefined) return { reason: 'has an element without a value' };
      const text = writeOne(item);
      if (typeof text === 'object') return { reason: `has an element that ${text.reason}` };
      items.push(kind === 'text' || kind === 'id' ? JSON.stringify(text) : text);
    }
    return `[${items.join(',')}]`;
  };
}

function parseListText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const writers: Readonly<Record<CellKind, (value: unknown) => Written>> = {
  text: (value) =>
    typeof value === 'string'
      ? value
      : typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
        ? String(value)
        : { reason: 'is not a text' },
  id: (value) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
      ? String(value)
      : typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
        ? value.id
        : { reason: 'is not an id' },
  boolean: (value) =>
    typeof value === 'boolean'
      ? String(value)
      : typeof value === 'string' && /^(?:true|false)$/i.test(value)
        ? value.toLowerCase()
        : { reason: 'is not a boolean' },
  double: (value) => {
    const number = typeof value === 'string' ? parseDouble(value) : value;
    return typeof number === 'number' || typeof number === 'bigint'
      ? String(number)
      : { reason: 'is not a number' };
  },
  integer: (value) => {
    if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return String(value);
    if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
    if (typeof value === 'string' && /^[+-]?\d+$/.test(value)) return value;
    return typeof value === 'number' && Number.isInteger(value)
      ? { reason: 'is beyond 2^53, where numbers are rounded: pass a bigint' }
      : { reason: 'is not an integer of 64 bits' };
  },
  date: (value) => {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return String(value.getTime());
    if (typeof value === 'bigint') return String(value);
    if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
    if (typeof value === 'string' && /^-?\d+$/.test(value)) return value;
    const date = typeof value === 'string' ? parseIsoDate(value) : undefined;
    return date === undefined ? { reason: 'is not a date' } : String(date.getTime());
  },
  json: (value) => {
    if (typeof value === 'string') return value;
    if (typeof value !== 'object') return { reason: 'is not a JSON object or list' };
    return stringifyJson(value);
  },
};
