import { describe, expect } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { SynapseError } from '../../src/errors.js';
import {
  inferColumns,
  type InferenceProfile,
  type InferredColumn,
} from '../../src/tables/rows/inferColumns.js';
import { numberOf, outcomeOf, readVectors, tagOf, testEach } from './readVectors.js';

interface Input {
  fn: string;
  csv?: string;
  columns?: Record<string, unknown[]>;
}

const profiles: Readonly<Record<string, InferenceProfile>> = {
  legacy_csv: 'python-legacy',
  oop_csv: 'python',
  legacy_df: 'python-legacy',
  oop_df: 'python',
};

/** A value of Python as this client would be given it; dates without an offset are in UTC. */
function valueOf(value: unknown): unknown {
  const tag = tagOf(value);
  if (tag === undefined) return Array.isArray(value) ? value.map(valueOf) : value;
  if ('$missing' in tag) return null;
  if ('$bytes_b64' in tag) return Buffer.from(String(tag.$bytes_b64), 'base64');
  const date = tag.$datetime ?? tag.$date;
  if (date === undefined) return numberOf(tag);
  return new Date(/(Z|[+-]\d\d:\d\d)$/.test(date) ? date : `${date}${tag.$date ? '' : 'Z'}`);
}

/** The columns of a data frame as rows. */
function rowsOf(columns: Record<string, unknown[]>): object[] {
  const count = Math.max(0, ...Object.values(columns).map((values) => values.length));
  const entries = Object.entries(columns);
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries(entries.map(([name, values]) => [name, valueOf(values[row])])),
  );
}

/** The rows of a CSV text, with its header. */
const cellsOf = (csv: string): string[][] =>
  parse(csv, {
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    relax_quotes: true,
    record_delimiter: '\n',
  });

/** A column of a case: its values in Python's order, or the texts of its cells. */
interface Column {
  name: string;
  values: unknown[];
  isText: boolean;
  isLegacy: boolean;
}

function columnsOf({ csv, columns = {}, fn }: Input): Column[] {
  const isLegacy = fn.startsWith('legacy');
  if (csv === undefined) {
    return Object.entries(columns).map(([name, list]) => ({
      name,
      values: list.map(valueOf),
      isText: false,
      isLegacy,
    }));
  }
  const [header = [], ...rows] = cellsOf(csv);
  return header.map((name, index) => ({
    name,
    values: rows.map((row) => row[index] ?? ''),
    isText: true,
    isLegacy,
  }));
}

const reserved = /^row_(id|version|etag|benefactor|search_content|hash_code)$/i;

/** Departures that refuse an input. */
const refusals: readonly {
  reason: string;
  applies: (input: Input, columns: Column[]) => boolean;
}[] = [
  {
    reason: 'two columns of one name: Python renames one of them, and the rows cannot be stored',
    applies: (_, columns) => new Set(columns.map(({ name }) => name)).size < columns.length,
  },
  {
    reason: 'a column without a name: Python calls it "Unnamed: 1", or leaves it out',
    applies: (_, columns) => columns.some(({ name }) => name === ''),
  },
  {
    reason: 'rows of other lengths than the header: Python fills them up, or cuts them',
    applies: ({ csv }) =>
      csv !== undefined &&
      cellsOf(csv).some((row, _, rows) => row.length !== (rows[0]?.length ?? 0)),
  },
  {
    reason: 'no column holds bytes: Python stores their Python source',
    applies: (_, columns) =>
      columns.some(({ values }) => values.some((value) => value instanceof Uint8Array)),
  },
];

const isWhole = (value: unknown): boolean =>
  typeof value === 'bigint' ||
  (typeof value === 'number' && Number.isInteger(value)) ||
  (typeof value === 'string' && /^\s*[+-]?\d+(\.0*)?\s*$/.test(value));
const wholeOf = (value: unknown): bigint =>
  typeof value === 'string'
    ? BigInt(value.trim().replace(/^\+/, '').replace(/\..*$/, ''))
    : BigInt(value as number);
const isNumber = (value: unknown): boolean =>
  isWhole(value) ||
  typeof value === 'number' ||
  (typeof value === 'string' &&
    (/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value) ||
      /^\s*[+-]?inf(inity)?\s*$/i.test(value)));
const isNaNValue = (value: unknown): boolean =>
  Number.isNaN(value) || (typeof value === 'string' && /^nan$/i.test(value));
const missingText =
  /^(|#N\/A( N\/A)?|#NA|-?1\.#(IND|QNAN)|-nan|-NaN|<NA>|N\/A|NA|NULL|None|n\/a|null)$/;
const isMissing = (value: unknown, isText: boolean): boolean =>
  value === null || value === undefined || (isText && missingText.test(value as string));
/** The values of a column that are not missing. */
const present = ({ values, isText }: Column): unknown[] =>
  values.filter((value) => !isMissing(value, isText));
const isBeyond = (value: unknown, isIn: (whole: bigint) => boolean): boolean =>
  isWhole(value) && typeof value !== 'number' && !isIn(wholeOf(value));
const is64Bits = (whole: bigint): boolean => BigInt.asIntN(64, whole) === whole;
const isSafe = (whole: bigint): boolean => Number.isSafeInteger(Number(whole));
const kindOf = (value: unknown): string =>
  value instanceof Date ? 'date' : typeof value === 'bigint' ? 'number' : typeof value;

/** Departures for a column. */
const departures: readonly {
  reason: string;
  applies: (column: Column) => boolean;
  column: (column: Column) => Partial<InferredColumn>;
}[] = [
  {
    reason:
      'whole numbers beyond 64 bits are texts: an INTEGER cannot hold them, and a DOUBLE rounds them',
    applies: ({ values }) => values.some((value) => isBeyond(value, is64Bits)),
    column: (column) => textColumn(longest(column), column.isLegacy),
  },
  {
    reason: 'whole numbers beyond 2^53 are never DOUBLE, which would round them',
    applies: (column) =>
      column.values.some((value) => isBeyond(value, isSafe)) &&
      present(column).every((value) => isNumber(value) || isNaNValue(value)),
    column: (column) =>
      present(column).every(isWhole)
        ? { columnType: 'INTEGER' }
        : textColumn(longest(column), column.isLegacy),
  },
  {
    reason: 'NaN is a number, not a missing one: a column with it is DOUBLE',
    applies: (column) =>
      column.values.some(isNaNValue) &&
      present(column).every((value) => isNaNValue(value) || isNumber(value)),
    column: () => ({ columnType: 'DOUBLE' }),
  },
  {
    reason: 'beside a boolean or a date, NaN is of another type',
    applies: (column) =>
      column.values.some(isNaNValue) &&
      column.values.some((v) => typeof v === 'boolean' || v instanceof Date || isBooleanText(v)),
    column: (column) => textColumn(longest(column), column.isLegacy),
  },
  {
    reason:
      'doubles beyond 2^53 that are whole, such as 1e18, are DOUBLE: an INTEGER has no exponent',
    applies: (column) =>
      !column.isLegacy &&
      present(column).every(isNumber) &&
      present(column).some((value) => {
        const isDouble =
          typeof value === 'number' || (typeof value === 'string' && !isWhole(value));
        const size = isDouble ? Math.abs(Number(value)) : 0;
        return size > Number.MAX_SAFE_INTEGER && Number.isFinite(size);
      }),
    column: () => ({ columnType: 'DOUBLE' }),
  },
  {
    reason: 'JavaScript has one type of numbers: 1.0 is the integer 1',
    applies: ({ values, isText, isLegacy }) =>
      isLegacy && !isText && values.length > 0 && values.every(Number.isSafeInteger),
    column: () => ({ columnType: 'INTEGER' }),
  },
  {
    reason: 'values that are stored as texts count with all of their characters',
    applies: (column) => {
      const kinds = new Set(present(column).map(kindOf));
      return !column.isText && (kinds.size > 1 || kinds.has('object'));
    },
    column: (column) => textColumn(longest(column), column.isLegacy),
  },
  {
    reason: 'a backslash is kept, unless it is before a quote or another one',
    applies: ({ values, isText }) => isText && values.some((v) => (v as string).includes('\\')),
    column: (column) => {
      const values = column.values.map((v) => (v as string).replace(/\\(["\\])/g, '$1'));
      return textColumn(longest({ ...column, values }), column.isLegacy);
    },
  },
];

const isBooleanText = (value: unknown): boolean =>
  typeof value === 'string' && /^(true|false)$/i.test(value);

/** Characters of the longest value as a text. */
function longest(column: Column): number {
  const lengths = present(column).map((value) => Array.from(textOf(value)).length);
  return Math.max(0, ...lengths);
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : `${value as number}`;
}

function textColumn(length: number, isLegacy: boolean): Partial<InferredColumn> {
  if (length > 1000) return { columnType: 'LARGETEXT', defaultValue: '' };
  const size = Math.min(1000, Math.max(isLegacy ? 30 : 50, 1.5 * length));
  const rounded = size % 2 === 0.5 ? Math.floor(size) : Math.round(size);
  return { columnType: 'STRING', maximumSize: rounded, ...(isLegacy && { defaultValue: '' }) };
}

function expectedOf(
  columns: Column[],
  recorded: readonly Partial<InferredColumn>[],
): Partial<InferredColumn>[] {
  return (
    columns
      // Departure: names that Synapse reserves are no columns, in any case.
      .filter(({ name }) => !reserved.test(name))
      // Departure: without rows there are no objects, and so no keys.
      .filter(({ isText, values }) => isText || values.length > 0)
      .map((column) => {
        const departure = departures.find(({ applies }) => applies(column));
        if (departure !== undefined) return { name: column.name, ...departure.column(column) };
        // Departure: all line ends end a line; Python leaves "\r" in the last name.
        const same = recorded.find(({ name }) => name?.replace(/\r$/, '') === column.name);
        return { ...same, name: column.name };
      })
  );
}

describe('table_infer', () => {
  testEach(readVectors<Input, InferredColumn[]>('table_infer'), async ({ input, expected }) => {
    const columns = columnsOf(input).map((column) => ({
      ...column,
      name: input.csv === undefined ? column.name : column.name.replace(/\r$/, ''),
    }));
    const rows = input.csv === undefined ? rowsOf(input.columns ?? {}) : { csv: input.csv };
    const outcome = await outcomeOf(() => inferColumns(rows, { profile: profiles[input.fn] }));
    const isRefused = refusals.some(({ applies }) => applies(input, columns));
    // Departure: Python fails for whole numbers that numpy cannot hold.
    const isWide = columns.some(({ values }) => values.some((value) => isBeyond(value, is64Bits)));
    if (isRefused || (expected.value === undefined && !isWide)) {
      expect(outcome.error).toBeInstanceOf(SynapseError);
    } else {
      expect(outcome).toEqual({ value: expectedOf(columns, expected.value ?? []) });
    }
  });
});
