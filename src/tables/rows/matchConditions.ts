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
 * SQL conditions, each for one query, of which one is true for every row whose key is one of the given ones. It may be true for
 * others as well: Synapse compares texts without case and accents, lists by one element, and JSON not at all. Compare the rows
 * that are read exactly.
 *
 * Keys of several columns are grouped by the columns with the fewest values:
 * `("day" IN (1) AND "patient" IN ('a','b')) OR ("day" IN (2) AND "patient" IN ('a'))`. The two lists alone would find all
 * combinations of their values.
 */
export function matchConditions(
  columns: readonly KeyColumn[],
  keys: readonly KeyValues[],
): string[] {
  const ordered = comparablePlaces(columns, keys);
  const groups = groupsOf(ordered.slice(0, -1), keys);
  const terms = groups.flatMap((group) => termsOf(ordered, group));
  return packed(terms);
}

/**
 * Conditions that are true for all combinations of the values of the keys, each for one query: `"day" IN (1,2) AND "patient" IN
 * ('a','b')`. They are simpler than those of {@link matchConditions}, but may be true for many more rows.
 */
export function combinedConditions(
  columns: readonly KeyColumn[],
  keys: readonly KeyValues[],
): string[] {
  return termsOf(comparablePlaces(columns, keys), keys).map(({ sql }) => sql);
}

interface Place {
  column: KeyColumn;
  index: number;
}

/** The columns that a condition names, those with the fewest values first. */
function comparablePlaces(columns: readonly KeyColumn[], keys: readonly KeyValues[]): Place[] {
  const places = columns.map((column, index) => ({ column, index }));
  // The values of a JSON column cannot be compared in SQL.
  const comparable = places.filter(({ column }) => column.columnType !== 'JSON');
  const named = comparable.length > 0 ? comparable : places.slice(0, 1);
  const counts = new Map(named.map((place) => [place, valuesOf(place, keys).length]));
  return [...named].sort((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0));
}

function valuesOf({ index }: Place, keys: readonly KeyValues[]): (string | null)[] {
  return [...new Set(keys.map((key) => key[index] ?? null))];
}

/** A query is slow with many conditions, but not with long lists. */
const mostTerms = 20;
const mostQueries = 10;
const mostValues = 10_000;
const mostCharacters = 400_000;

/**
 * Keys that have the same values in all columns but the last one. If there are too many such groups for a reasonable number of
 * queries, several become one: it finds more rows than it must.
 */
function groupsOf(places: readonly Place[], keys: readonly KeyValues[]): KeyValues[][] {
  const groups = new Map<string, KeyValues[]>();
  for (const key of keys) {
    const name = JSON.stringify(places.map(({ index }) => key[index] ?? null));
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [key]);
    else group.push(key);
  }
  const size = Math.ceil(groups.size / (mostTerms * mostQueries));
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  return slices(sorted, size).map((some) => some.flat());
}

interface Term {
  sql: string;
  values: number;
}

/** The conditions for a group: more than one if its lists are too long for one query. */
function termsOf(places: readonly Place[], keys: readonly KeyValues[]): Term[] {
  return slices(keys, mostValues / places.length).flatMap((some): Term[] => {
    const sql = places.map((place) => anyOf(place.column, valuesOf(place, some))).join(' AND ');
    const patterns = sql.split(patternEnd).length - 1;
    const isTooLong = sql.length > mostCharacters || patterns > mostTerms;
    if (some.length > 1 && isTooLong) {
      return slices(some, some.length / 2).flatMap((half) => termsOf(places, half));
    }
    // A pattern takes as much time as a condition with a list.
    return [{ sql, values: some.length * places.length + patterns * (mostValues / mostTerms) }];
  });
}

function slices<Item>(items: readonly Item[], size: number): Item[][] {
  const length = Math.max(1, Math.ceil(size));
  return Array.from({ length: Math.ceil(items.length / length) }, (_, index) =>
    items.slice(index * length, (index + 1) * length),
  );
}

/** Terms joined to the conditions of as few queries as possible. */
function packed(terms: readonly Term[]): string[] {
  const queries: string[][] = [];
  let [values, characters] = [Infinity, Infinity];
  for (const term of terms) {
    values += term.values;
    characters += term.sql.length;
    const query = queries.at(-1);
    const isFull = values > mostValues || characters > mostCharacters;
    if (query === undefined || isFull || query.length >= mostTerms) {
      queries.push([term.sql]);
      [values, characters] = [term.values, term.sql.length];
    } else {
      query.push(term.sql);
    }
  }
  return queries.map((sql) =>
    sql.length > 1 ? sql.map((one) => `(${one})`).join(' OR ') : sql.join(''),
  );
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
const prefixLength = 30;

const patternEnd = " ESCAPE '|'";

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
        `${name} LIKE ${literalOf(`${text.replaceAll(/[|%_]/g, '|$&')}%`, type)}${patternEnd}`,
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
