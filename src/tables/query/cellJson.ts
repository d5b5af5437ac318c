import type * as M from '../../../generated/models.js';
import { columnTypes, isColumnType, type CellOptions } from '../../columns/columnTypes.js';
import { parseJson, stringifyJson } from '../../values/json.js';
import { cellReader, UnreadableCell, type CellReader } from '../cells/readCell.js';

/** Converts the text of a cell into JSON. Throws UnreadableCell when the text does not fit the type. */
export type CellJson = (text: string) => string;

/**
 * Returns the function that writes the cells of a column as JSON. Numbers keep all their digits, whatever JavaScript can hold. NaN
 * and infinities, which JSON does not have, become texts; dates become texts in the form of ISO 8601, or numbers.
 */
export function cellJson(type: M.ColumnType | undefined, options: CellOptions): CellJson {
  if (!isColumnType(type)) return JSON.stringify;
  const { isList, kind } = columnTypes[type];
  const { integers, dates, json } = options;
  if (kind === 'json') return json === 'text' ? JSON.stringify : compactJson;
  if (kind === 'double') return doubleJson(cellReader(type));
  // Not as numbers, which hold fewer digits.
  const read = cellReader(type, { integers: integers === 'string' ? integers : 'bigint', dates });
  if (kind === 'integer' && !isList && integers !== 'string') return (text) => String(read(text));
  return (text) => stringifyJson(read(text));
}

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A double as Synapse spells it, where that is JSON. */
function doubleJson(read: CellReader): CellJson {
  return (text) =>
    jsonNumber.test(text) ? text : stringifyJson(read(text), { nonFinite: 'text' });
}

/** JSON text on one line, with all digits of its numbers. */
function compactJson(text: string): string {
  try {
    return stringifyJson(parseJson(text, { exactNumbers: true }));
  } catch {
    throw new UnreadableCell('is not JSON');
  }
}
