import { columnTypes, type CellKind } from '../../columns/columnTypes.js';
import type { StoredColumn } from '../../columns/columnModel.js';
import { parseDouble } from '../../values/doubles.js';
import { parseJson, stringifyJson } from '../../values/json.js';

/** Converts the text of a cell into a text that is the same for equal values. `null` stays `null`. */
export type CellMatcher = (cell: string | null) => string | null;

/** What the comparison of cells depends on. */
export type MatchColumn = Pick<StoredColumn, 'columnType' | 'defaultValue'>;

/**
 * Returns the function that makes cells of a column comparable, however they are written: `1` and `1.0` of a DOUBLE, `syn5` and
 * `5` of an ENTITYID, JSON with its keys in another order. A text that does not fit the type stays what it is.
 *
 * @param options - `defaults`: whether a cell without a value has the default of the column, as in a table that is written.
 * @default `{ defaults: false }`
 */
export function cellMatcher(
  { columnType, defaultValue }: MatchColumn,
  { defaults = false }: { defaults?: boolean } = {},
): CellMatcher {
  const { kind, isList } = columnTypes[columnType];
  const one = normal[kind];
  const match = isList ? (text: string) => normalList(text, one) : one;
  const whole = (text: string): string | null =>
    text === '' && kind !== 'text' ? null : match(text);
  const ofNull = defaults && defaultValue ? whole(defaultValue) : null;
  return (cell) => (cell === null ? ofNull : (whole(cell) ?? ofNull));
}

type Normal = (text: string) => string;

/** `+7` and `007` are the number 7. */
function normalInteger(text: string): string {
  // 64 bits have 19 digits.
  if (text.length > 40 || !/^[+-]?\d+$/.test(text)) return text;
  return String(BigInt(text.startsWith('+') ? text.slice(1) : text));
}

const normal: Readonly<Record<CellKind, Normal>> = {
  text: (text) => text,
  boolean: (text) => text.toLowerCase(),
  integer: normalInteger,
  date: normalInteger,
  // The version of an entity is not stored.
  id: (text) => normalInteger(/^(?:syn)?(\d+)(?:\.\d+)?$/i.exec(text)?.[1] ?? text),
  double: (text) => {
    const value = parseDouble(text);
    // Adding zero makes -0 the same as 0.
    return value === undefined ? text : String(value + 0);
  },
  json: (text) => orText(text, () => stringifyJson(sorted(parseJson(text)))) ?? text,
};

/** A list of elements in their normal form. An empty list is stored as no value. */
function normalList(text: string, one: Normal): string | null {
  return orText(text, () => {
    const list = parseJson(text);
    if (!Array.isArray(list)) return text;
    if (list.length === 0) return null;
    const items = list.map((item) => one(typeof item === 'string' ? item : stringifyJson(item)));
    return JSON.stringify(items);
  });
}

/** The text itself when it is not JSON, or its numbers or its depth are beyond what JavaScript can hold. */
function orText(text: string, normalize: () => string | null): string | null {
  try {
    return normalize();
  } catch {
    return text;
  }
}

/** A JSON value with the keys of its objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value === 0 ? 0 : value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)] as const),
  );
}
