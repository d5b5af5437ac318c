import { columnTypes, isColumnType } from '../../columns/columnTypes.js';
import { ArgumentError } from '../../errors.js';
import { ExactNumber, parseJson } from '../../values/json.js';
import { quoted } from '../../values/quoted.js';
import { CellValueError } from './cellValueError.js';
import { scalarWriter, type CellColumn } from './writeScalar.js';
import type { Misfit, Written } from './written.js';

export { CellValueError } from './cellValueError.js';
export type { CellColumn } from './writeScalar.js';

/** Converts a value into the text of a cell; `null` for no value. */
export type CellWriter = (value: unknown, row: number) => string | null;

/**
 * Returns the function that converts values into the cells of a column. Values are checked as Synapse does, before anything is
 * sent: type, length, number of elements, allowed values.
 *
 * `null` and `undefined` are no value, and so is the empty text in a column that is not of text. Texts in the form of the API
 * (cells of CSV files) are accepted for every type. A date without an offset is in UTC.
 *
 * The writer throws {@link CellValueError} for a value that the column cannot hold exactly.
 *
 * @throws {@link ArgumentError} for a column type that is newer than this client.
 */
export function cellWriter(column: CellColumn): CellWriter {
  if (!isColumnType(column.columnType)) {
    throw new ArgumentError(
      `Column ${quoted(column.name)} has the type ${quoted(column.columnType)}, which this version of the client does not know: update it.`,
    );
  }
  const { isList, kind } = columnTypes[column.columnType];
  const write = isList ? listWriter(column) : scalarWriter(column);
  const keepsEmptyText = kind === 'text' && !isList;
  return (value, row) => {
    if (value === null || value === undefined) return null;
    if (value === '' && !keepsEmptyText) return null;
    const result = write(value);
    if (typeof result === 'object') {
      throw new CellValueError({ row, column: column.name, value, reason: result.reason });
    }
    return result;
  };
}

const notAList: Misfit = { reason: 'is not a list' };

/** Synapse turns an empty list into no value, even where the column has a default. */
function listWriter(column: CellColumn): (value: unknown) => Written {
  const { kind } = columnTypes[column.columnType];
  const writeOne = scalarWriter(column);
  const limit = column.maximumListLength ?? 100;
  const isText = kind === 'text' || column.columnType === 'ENTITYID_LIST';
  return (value) => {
    const list = typeof value === 'string' ? parseListText(value) : listOf(value);
    if (!Array.isArray(list)) return list;
    if (list.length > limit) {
      return { reason: `has ${list.length} elements, the column holds ${limit}` };
    }
    const items: string[] = [];
    for (const item of list) {
      if (item === null || item === undefined) return { reason: 'has an element without a value' };
      const text = writeOne(item);
      if (typeof text === 'object') return { reason: `has an element that ${text.reason}` };
      items.push(isText ? JSON.stringify(text) : text);
    }
    return `[${items.join(',')}]`;
  };
}

/** The elements of a list, a set, a typed array, or a vector of Arrow. */
function listOf(value: unknown): unknown[] | Misfit {
  if (Array.isArray(value)) return Array.from(value as unknown[]);
  const isList =
    typeof value === 'object' &&
    value !== null &&
    Symbol.iterator in value &&
    !(value instanceof Map);
  return isList ? Array.from(value as Iterable<unknown>) : notAList;
}

function parseListText(text: string): unknown[] | Misfit {
  const notJson: Misfit = { reason: 'is not a JSON list, such as ["a", "b"]' };
  if (!/^\s*\[/.test(text)) return notJson;
  try {
    // JavaScript writes all other numbers as they are in the text.
    const exactNumbers = /\d{16}|\d[.eE]|-0/.test(text);
    const list = parseJson(text, { exactNumbers });
    if (!Array.isArray(list)) return notJson;
    return list.map(digitsOf);
  } catch {
    return notJson;
  }
}

/** The digits of a number as they are in the text; anything else as it is. */
function digitsOf(item: unknown): unknown {
  if (item instanceof ExactNumber) return item.value;
  return typeof item === 'number' ? String(item) : item;
}
