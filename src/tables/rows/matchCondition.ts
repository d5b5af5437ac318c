import { columnTypes, type CellKind, type ColumnType } from '../../columns/columnTypes.js';
import type { StoredColumn } from '../../columns/columnModel.js';
import { parseDouble } from '../../values/doubles.js';
import { parseJson } from '../../values/json.js';
import { escapeColumnName } from '../../values/sql.js';

/** A key column, as far as a condition depends on it. */
export type KeyColumn = Pick<StoredColumn, 'columnType' | 'name'>;

/** The values of the key columns of one row, in the order of the columns and the normal form of `cellMatcher`. */
export type KeyValues = readonly (string | null)[];

/**
 * The SQL condition that is true for every row whose key is one of the given ones. It may be true for others as well: Synapse
 * compares texts without case and accents, lists by one element, and JSON not at all. Compare the rows that are read exactly.
 *
 * Keys of several columns are grouped by the column with the fewest values, so that neither the condition nor the number of rows
 * that it finds grows with the product of the values:
 * `(("day" IN (1) AND "patient" IN ('a','b')) OR ("day" IN (2) AND "patient" IN ('a')))`.
 */
export function matchCondition(columns: readonly KeyColumn[], keys: readonly KeyValues[]): string {
  const places = columns.map((column, index) => ({ column, index }));
  // The values of a JSON column cannot be compared in SQL.
  const comparable = places.filter(({ column }) => column.columnType !== 'JSON');
  return condition(
    byFewestValues(comparable.length === 0 ? places.slice(0, 1) : comparable, keys),
    keys,
  );
}

interface Place {
  column: KeyColumn;
  index: number;
}

function byFewestValues(places: readonly Place[], keys: readonly KeyValues[]): Place[] {
  const counts = new Map(
    places.map((place) => [place, new Set(keys.map((key) => key[place.index])).size]),
  );
  return [...places].sort((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0));
}

function condition(places: readonly Place[], keys: readonly KeyValues[]): string {
  const [place, ...rest] = places;
  if (place === undefined) return '';
  const { column, index } = place;
  const groups = new Map<string | null, KeyValues[]>();
  for (const key of keys) {
    const value = key[index] ?? null;
    const group = groups.get(value);
    if (group === undefined) groups.set(value, [key]);
    else group.push(key);
  }
  if (rest.length === 0) return anyOf(column, [...groups.keys()]);
  const terms = Array.from(
    groups,
    ([value, group]) => `${anyOf(column, [value])} AND ${condition(rest, group)}`,
  );
  return inParentheses(terms);
}

/** Terms joined by OR, so that AND can be put beside them. */
function inParentheses(terms: readonly string[]): string {
  return terms.length > 1 ? `(${terms.map((term) => `(${term})`).join(' OR ')})` : terms.join('');
}

/** The condition that a column has one of the values. */
function anyOf(column: KeyColumn, values: readonly (string | null)[]): string {
  const name = escapeColumnName(column.name);
  const { kind, isList } = columnTypes[column.columnType];
  const given = values.filter((value) => value !== null);
  const write = isList ? listTerms : (writers[kind] ?? plainTerms);
  const terms = given.length === 0 ? [] : write(name, given, column.columnType);
  if (given.length < values.length) terms.push(`${name} IS NULL`);
  return terms.length > 1 ? `(${terms.join(' OR ')})` : terms.join('');
}

/** The conditions of which one must be true for a column to have one of the values. */
type TermsWriter = (name: string, values: readonly string[], type: ColumnType) => string[];

const plainTerms: TermsWriter = (name, values, type) => [
  `${name} IN (${values.map((value) => literalOf(value, type)).join(',')})`,
];

/** Synapse refuses literals of more than 1000 characters. */
const longestLiteral = 900;
const prefixLength = 200;

/** Long texts are looked up by their beginning. */
const textTerms: TermsWriter = (name, values, type) => {
  const short = values.filter((value) => value.length <= longestLiteral);
  const long = values.filter((value) => value.length > longestLiteral);
  const beginnings = new Set(long.map((value) => beginningOf(value)));
  return [
    ...(short.length === 0 ? [] : plainTerms(name, short, type)),
    ...Array.from(
      beginnings,
      (text) =>
        `${name} LIKE ${literalOf(`${text.replaceAll(/[|%_]/g, '|$&')}%`, type)} ESCAPE '|'`,
    ),
  ];
};

/** The beginning of a text, without half of a character at its end. */
function beginningOf(text: string): string {
  return text.slice(0, prefixLength).replace(/[\ud800-\udbff]$/, '');
}

/** A list can be looked up by its elements only. One of them is enough to find it. */
const listTerms: TermsWriter = (name, values, type) => {
  const first = new Set(values.map((value) => literalOf(firstElement(value), type)));
  return [`${name} HAS (${[...first].join(',')})`];
};

const writers: Readonly<Partial<Record<CellKind, TermsWriter>>> = {
  json: (name) => [`${name} IS NOT NULL`],
  text: textTerms,
  double: (name, values, type) => {
    const numbers = values.map((value) => parseDouble(value) ?? Number.NaN);
    const finite = values.filter((_, index) => Number.isFinite(numbers[index]));
    const terms = finite.length === 0 ? [] : plainTerms(name, finite, type);
    // SQL has no literals for them.
    if (numbers.some(Number.isNaN)) terms.push(`ISNAN(${name})`);
    if (numbers.some((number) => Math.abs(number) === Infinity)) terms.push(`ISINFINITY(${name})`);
    return terms;
  },
};

function firstElement(list: string): string {
  const elements = parseJson(list) as readonly unknown[];
  return String(elements[0]);
}

const digits = /^-?\d+$/;

/** A value as SQL writes it. */
function literalOf(value: string, type: ColumnType): string {
  const { kind } = columnTypes[type];
  if (kind === 'double') return String(parseDouble(value));
  if ((kind === 'integer' || kind === 'date') && digits.test(value)) return value;
  const isEntity = (type === 'ENTITYID' || type === 'ENTITYID_LIST') && digits.test(value);
  return `'${isEntity ? 'syn' : ''}${value.replaceAll("'", "''")}'`;
}
