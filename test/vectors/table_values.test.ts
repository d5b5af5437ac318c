import { Readable } from 'node:stream';
import { describe, expect } from '@jest/globals';
import type * as M from '../../generated/models.js';
import {
  columnTypes,
  isColumnType,
  type CellOptions,
  type ColumnType,
} from '../../src/columns/columnTypes.js';
import { cellReader } from '../../src/tables/cells/readCell.js';
import { cellWriter } from '../../src/tables/cells/writeCell.js';
import { csvDialect } from '../../src/tables/csv/csvDialect.js';
import type { CsvResult } from '../../src/tables/query/csvResult.js';
import { readCsv } from '../../src/tables/query/readCsv.js';
import { rowReader } from '../../src/tables/query/resultRows.js';
import { rowColumns, type RowReference } from '../../src/tables/rows/rowReference.js';
import { whitespace } from '../../src/values/whitespace.js';
import { numberOf, outcomeOf, readVectors, tagOf, testEach } from './readVectors.js';

interface Input {
  fn: string;
  cell?: string;
  columnType?: string | null;
  cells?: string[];
  columnTypes?: string[];
  args?: unknown[];
  csv?: string;
  headers?: { name: string; columnType: ColumnType }[];
  convert_to_datetime?: boolean;
  options?: OopOptions;
}

interface OopOptions {
  date_columns?: string[];
  list_columns?: string[];
  list_column_types?: Record<string, ColumnType>;
  dtype?: Record<string, string>;
  separator?: string;
  quote_char?: string;
  escape_char?: string;
  contain_headers?: boolean;
  lines_to_skip?: number;
  row_id_and_version_in_index?: boolean;
}

/** A frame of pandas. */
interface Frame {
  index: (string | number)[];
  columns: (string | number)[];
  rows: unknown[][];
}

/** What is read: the references of the rows, and their values in the order of the columns. */
interface ReadTable {
  columns: string[];
  rows: { reference: RowReference | undefined; values: unknown[] }[];
}

// Python has integers of any size, and leaves JSON as text.
const likePython: CellOptions = { integers: 'bigint', json: 'text' };

// ---- What this client reads, by the rules of docs/departures.md ----

const space = `[${whitespace}]*`;
const wholeNumber = new RegExp(`^${space}[+-]?[0-9]+${space}$`);
const decimal = new RegExp(`^${space}[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?${space}$`, 'i');
const named = new RegExp(`^${space}([+-]?)(nan|inf|infinity)${space}$`, 'i');

const broken = Symbol('an error');

/** Departures by kind: the value of a text, or {@link broken}; `undefined` where it is that of Python. */
const rules: Readonly<Record<string, (text: string) => unknown>> = {
  // A number has the digits 0 to 9, nothing between them; a whole number stays one.
  integer: (text) => (wholeNumber.test(text) ? undefined : broken),
  // A number that no double can hold is not infinity.
  double: (text) => {
    if (named.test(text)) return undefined;
    return decimal.test(text) && Number.isFinite(Number(text)) ? undefined : broken;
  },
  // A date is whole milliseconds, in all the years that JavaScript has.
  date: (text) => {
    if (!wholeNumber.test(text) || Math.abs(Number(text)) > 8.64e15) return broken;
    return new Date(Number(text));
  },
};

/** The value of a cell; `recorded` is what Python has. */
function expectedCell(type: ColumnType | undefined, text: string, recorded: unknown): unknown {
  if (type === undefined) return text;
  const { kind, isList } = columnTypes[type];
  if (isList) return expectedList(text, kind);
  // Departure: the empty text is a text. It is no value only where no text can be.
  if (kind === 'text') return text;
  if (text === '') return null;
  if (kind === 'id' || kind === 'json') return text;
  const ruled = rules[kind]?.(text);
  if (ruled !== undefined) return ruled;
  return recorded === broken ? broken : valueOf(type, recorded);
}

/** Departure: the elements of a list have the type that the column declares, and none is without a value. */
function expectedList(text: string, kind: string): unknown {
  if (text === '') return null;
  let list: unknown;
  try {
    // In quotes, no digit of a long number is lost.
    list = JSON.parse(
      text.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}/g, (part) =>
        part.startsWith('"') ? part : `"${part}"`,
      ),
    );
  } catch {
    return broken;
  }
  if (list === null) return null;
  if (!Array.isArray(list)) return broken;
  const items = list.map((item: unknown) =>
    ['string', 'number', 'boolean'].includes(typeof item)
      ? elementOf(String(item as string | number | boolean), kind)
      : broken,
  );
  return items.includes(broken) ? broken : items;
}

function elementOf(text: string, kind: string): unknown {
  if (kind === 'boolean') return booleanOf(text);
  if (kind === 'integer') return wholeNumber.test(text) ? BigInt(text) : broken;
  return rules[kind]?.(text) ?? text;
}

function booleanOf(text: string): unknown {
  const lower = text.toLowerCase();
  if (['true', 't', '1'].includes(lower)) return true;
  return ['false', 'f', '0'].includes(lower) ? false : broken;
}

/** A recorded value as this client has it. */
function valueOf(type: ColumnType | undefined, recorded: unknown): unknown {
  const tag = tagOf(recorded);
  if (tag?.$datetime !== undefined) return new Date(tag.$datetime);
  const number = numberOf(tag ?? {}) ?? recorded;
  return type === 'INTEGER' && typeof number === 'number' ? BigInt(number) : number;
}

// ---- Running this client ----

/** Reads a CSV text as the result of a query, with these columns. */
async function read(
  csv: string,
  columns: readonly M.SelectColumn[],
  {
    header,
    options = likePython,
    ...given
  }: { header: readonly string[]; options?: CellOptions; separator?: string; quote?: string },
): Promise<ReadTable> {
  const known: readonly string[] = Object.values(rowColumns);
  const result: CsvResult = {
    columns,
    references: header.filter((name) => known.includes(name)),
    bytes: Readable.from([Buffer.from(csv)]),
    dialect: csvDialect(given),
    size: undefined,
    etag: undefined,
    close: () => undefined,
  };
  const reader = rowReader(columns, options);
  const names = columns.map(({ name = '' }) => name);
  const rows: ReadTable['rows'] = [];
  for await (const batch of readCsv(result)) {
    for (let row = 0; row < batch.rowCount; row += 1) {
      const object = new Map<string, unknown>(Object.entries(reader(batch, row)));
      const values = names.map((name) => object.get(name));
      rows.push({ reference: batch.reference(row), values });
    }
  }
  return { columns: names, rows };
}

/** The texts of a CSV result, to which the rules are applied. */
async function texts(...[csv, columns, options]: Parameters<typeof read>): Promise<ReadTable> {
  const asText = columns.map(({ name }) => ({ name, columnType: 'STRING' as const }));
  return read(csv, asText, options);
}

const headerOf = (csv: string, separator = ',', quote = '"'): string[] =>
  (csv.split(/\r?\n/)[0] ?? '').split(separator).map((name) => name.replaceAll(quote, ''));

const label = ({ rowId, versionNumber, etag }: RowReference): string =>
  [rowId, versionNumber, etag].filter((part) => part !== undefined).join('_');

// ---- Frames ----

/** What a frame is read from. */
interface FrameSource {
  csv: string;
  header: string[];
  columns: { name: string; columnType: ColumnType }[];
  separator?: string;
  quote?: string;
}

function legacySource({ csv = '', headers = [] }: Input): FrameSource {
  return { csv, header: headerOf(csv), columns: headers };
}

/** The client of Python guesses the types of these; here they are those of its values, as Synapse would declare them. */
function oopSource({ csv = '', options = {} }: Input, recorded: Frame | undefined): FrameSource {
  const {
    separator,
    quote_char: quote,
    contain_headers: hasHeader = true,
    lines_to_skip = 0,
  } = options;
  const skipped = csv.split('\n').slice(lines_to_skip).join('\n');
  const first = headerOf(skipped, separator, quote);
  const header = hasHeader ? first : first.map((_, index) => String(index));
  const text = hasHeader ? skipped : `${header.join(separator ?? ',')}\n${skipped}`;
  const isReference = (name: string): boolean =>
    (Object.values(rowColumns) as string[]).includes(name);
  const columns = header
    .filter((name) => !isReference(name))
    .map((name) => ({ name, columnType: oopType(name, options, recorded) }));
  return { csv: text, header, columns, separator, quote };
}

function oopType(name: string, options: OopOptions, recorded: Frame | undefined): ColumnType {
  if (options.date_columns?.includes(name)) return 'DATE';
  if (options.list_columns?.includes(name))
    return options.list_column_types?.[name] ?? 'STRING_LIST';
  if (options.dtype?.[name] !== undefined || recorded === undefined) return 'STRING';
  const at = recorded.columns.map(String).indexOf(name);
  const values = recorded.rows.map((row) => row[at]).filter((value) => !isMissing(value));
  const isAll = (test: (value: unknown) => boolean): boolean =>
    values.length > 0 && values.every(test);
  if (isAll((value) => typeof value === 'boolean')) return 'BOOLEAN';
  if (isAll((value) => Number.isInteger(value) || tagOf(value)?.$int !== undefined))
    return 'INTEGER';
  return isAll((value) => typeof value === 'number' || tagOf(value)?.$float !== undefined)
    ? 'DOUBLE'
    : 'STRING';
}

function isMissing(value: unknown): boolean {
  return (
    value === null ||
    (typeof value === 'object' && '$missing' in value) ||
    Number.isNaN(numberOf(tagOf(value) ?? {}))
  );
}

/** Reads a frame, and what it has to be. */
async function checkFrame(
  source: FrameSource,
  recorded: Frame | undefined,
  datesAsDates: boolean,
): Promise<void> {
  const options = { header: source.header, separator: source.separator, quote: source.quote };
  const got = await outcomeOf(() => read(source.csv, source.columns, options));
  // Departure: rows of different lengths are no table.
  if (isRagged(source)) {
    expect(got.error?.name).toBe('CsvError');
    return;
  }
  const raw = await texts(source.csv, source.columns, options);
  const rows = raw.rows.map(({ values }) =>
    values.map((text, column) =>
      typeof text === 'string' ? expectedFrameCell(source.columns[column]?.columnType, text) : null,
    ),
  );
  if (rows.flat().includes(broken)) {
    expect(got.error?.name).toBe('CellReadError');
    return;
  }
  const table = got.value as ReadTable;
  expect(table.rows.map(({ values }) => values)).toEqual(rows);
  if (recorded !== undefined) checkRecorded(table, recorded, { source, datesAsDates });
}

/** Whether rows have different numbers of cells, where no cell is in quotes. */
function isRagged({ csv, header, separator = ',', quote = '"' }: FrameSource): boolean {
  if (csv.includes(quote)) return false;
  const lines = csv.split('\n').filter((line) => line !== '');
  return lines.some((line) => line.split(separator).length !== header.length);
}

/** Values of Python in a frame depend on the other values of their column; those of a cell alone do not. */
function expectedFrameCell(type: ColumnType | undefined, text: string): unknown {
  if (type !== undefined && columnTypes[type].isList) return expectedCell(type, text, broken);
  const kind = type === undefined ? 'text' : columnTypes[type].kind;
  const plain: Readonly<Record<string, () => unknown>> = {
    integer: () => ({ $int: text.trim().replace(/^\+/, '') }),
    double: () => {
      const [, sign = '', name = ''] = named.exec(text) ?? [];
      if (name.toLowerCase() === 'nan') return Number.NaN;
      if (name !== '') return sign === '-' ? -Infinity : Infinity;
      return Number(text);
    },
    boolean: () => booleanOf(text),
  };
  const value = plain[kind]?.();
  return value === broken ? broken : expectedCell(type, text, value);
}

/**
 * Compares with the frame of pandas. Departures: what has no value is null, and NaN is a number; whole numbers stay whole numbers;
 * ids and texts stay the texts that they are; a row of one cell without a value is a row.
 */
function checkRecorded(
  { columns, rows }: ReadTable,
  recorded: Frame,
  { source, datesAsDates }: { source: FrameSource; datesAsDates: boolean },
): void {
  const at = columns.map((name) => recorded.columns.map(String).indexOf(name));
  expect(at).not.toContain(-1);
  const kept =
    columns.length === 1
      ? rows.filter(({ values }) => values[0] !== null || recorded.rows.length === rows.length)
      : rows;
  expect(kept).toHaveLength(recorded.rows.length);
  kept.forEach(({ reference, values }, index) => {
    if (reference !== undefined && typeof recorded.index[index] === 'string') {
      expect(label(reference)).toBe(recorded.index[index]);
    }
    values.forEach((value, column) => {
      const cell = recorded.rows[index]?.[at[column] ?? 0];
      expect(comparable(value, datesAsDates)).toEqual(
        asRead(cell, value, source.columns[column]?.columnType),
      );
    });
  });
}

/** A value as pandas has it: dates in lists are milliseconds there. */
function comparable(value: unknown, datesAsDates: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => comparable(item, false));
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date && !datesAsDates) return value.getTime();
  return value;
}

/** What pandas has in place of a value. */
function asRead(cell: unknown, value: unknown, type: ColumnType | undefined): unknown {
  const isText = type !== undefined && ['text', 'id'].includes(columnTypes[type].kind);
  if (value === null || Number.isNaN(value)) {
    // No value is NaN, NA, or an empty list there.
    expect(isMissing(cell) || (Array.isArray(cell) && cell.length === 0)).toBe(true);
    return value;
  }
  // Texts are numbers there, or missing, when they look so.
  if (isText && !Array.isArray(cell)) return value;
  if (Array.isArray(cell))
    return isText
      ? cell.map(String)
      : cell.map((item) => comparable(valueOf(undefined, item), false));
  return comparable(valueOf(undefined, cell), true);
}

// ---- The functions of the vectors ----

const functions: Readonly<
  Record<string, (input: Input, expected: { value?: unknown; error?: unknown }) => Promise<void>>
> = {
  async cast({ cell = '', columnType }, expected) {
    const type = isColumnType(columnType) ? columnType : undefined;
    const value = expectedCell(type, cell, expected.error ? broken : expected.value);
    const got = await outcomeOf(() => cellReader(type, likePython)(cell));
    if (value === broken) expect(got.error?.name).toBe('UnreadableCell');
    else expect(got).toEqual({ value });
  },

  async cast_row_len({ cells = [], columnTypes: types = [] }, expected) {
    const columns = types.map((type, index) => ({
      name: `c${index}`,
      columnType: isColumnType(type) ? type : undefined,
    }));
    const header = columns.map(({ name }) => name);
    const line = cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
    const got = await outcomeOf(() => read(`${header.join(',')}\n${line}\n`, columns, { header }));
    // Departure: an empty line of a single column is a row without a value.
    const isEmptyLine = cells.length === 0 && types.length === 1;
    if (cells.length !== types.length && !isEmptyLine) {
      expect({ ...expected, name: got.error?.name }).toMatchObject({ error: {}, name: 'CsvError' });
      return;
    }
    const recorded = (expected.value ?? []) as unknown[];
    const values = cells.map((cell, index) =>
      expectedCell(columns[index]?.columnType, cell, expected.error ? broken : recorded[index]),
    );
    if (values.includes(broken)) expect(got.error?.name).toBe('CellReadError');
    else
      expect(got).toMatchObject({ value: { rows: [{ values: isEmptyLine ? [null] : values }] } });
  },

  async to_boolean({ args: [value] = [] }, expected) {
    // A text is read; what is no text is written.
    const got = await outcomeOf(() =>
      typeof value === 'string'
        ? cellReader('BOOLEAN')(value)
        : cellReader('BOOLEAN')(cellWriter({ name: 'c', columnType: 'BOOLEAN' })(value, 1) ?? ''),
    );
    // Departure: nothing is no value.
    if (value === '' || value === null) expect(got).toEqual({ value: null });
    else if (expected.error) expect(got.error).toBeDefined();
    else expect(got).toEqual({ value: expected.value });
  },

  async read_legacy(input, { value }) {
    await checkFrame(
      legacySource(input),
      value as Frame | undefined,
      input.convert_to_datetime === true,
    );
  },

  async read_oop(input, { value }) {
    await checkFrame(
      oopSource(input, value as Frame | undefined),
      value as Frame | undefined,
      true,
    );
  },

  async iterate_legacy(input, { value }) {
    const { csv = '', headers = [] } = input;
    const source = legacySource(input);
    await checkFrame(source, undefined, true);
    // Departure: an etag, and a row of one cell without a value, are read.
    if (!Array.isArray(value)) return;
    const got = await outcomeOf(() => read(csv, headers, { header: source.header }));
    // Departure: a number that no double can hold is an error; checkFrame has seen it.
    if (got.error) return;
    const { rows } = got.value as ReadTable;
    const types = headers.map(({ columnType }) => columnType);
    expect(
      rows.map(({ reference, values }) => [
        ...(reference === undefined
          ? []
          : [String(reference.rowId), String(reference.versionNumber)]),
        // Departure: the empty text is no value there.
        ...values.map((text) => (text === '' ? null : text)),
      ]),
    ).toEqual(
      (value as unknown[][]).map((row) => {
        const leading = row.length - types.length;
        return row.map((cell, index) => recordedCell(cell, types[index - leading]));
      }),
    );
  },

  // Departure: a row has its reference, not a label. Both are made of the same.
  async row_labels({ args: [rows] = [] }, { value }) {
    const labels: string[] = [];
    for (const [rowId, versionNumber, etag] of rows as [number, number | null, string?][]) {
      const header = Object.values(rowColumns).slice(0, etag === undefined ? 2 : 3);
      const line = [rowId, versionNumber ?? '', ...(etag === undefined ? [] : [etag])].join(',');
      const columns = [{ name: 'c', columnType: 'STRING' as const }];
      const table = await read(`${header.join(',')},c\n${line},x\n`, columns, {
        header: [...header, 'c'],
      });
      labels.push(
        ...table.rows.map(({ reference = {} }) =>
          [
            reference.rowId,
            reference.versionNumber ?? 'None',
            ...(reference.etag === undefined ? [] : [reference.etag]),
          ].join('_'),
        ),
      );
    }
    expect(labels).toEqual(value);
  },
};

/** A recorded cell of a row; lists have elements of their type. */
function recordedCell(cell: unknown, type: ColumnType | undefined): unknown {
  if (Array.isArray(cell)) return cell.map((item) => recordedCell(item, type));
  const isText = type !== undefined && ['text', 'id'].includes(columnTypes[type].kind);
  if (isText && typeof cell === 'number') return String(cell);
  const isInteger = type !== undefined && columnTypes[type].kind === 'integer';
  return valueOf(isInteger ? 'INTEGER' : type, cell);
}

describe('values of tables', () => {
  testEach(readVectors<Input>('table_values'), async ({ input, expected }) => {
    const run = functions[input.fn];
    if (run === undefined) throw new Error(`unknown function ${input.fn}`);
    await run(input, expected);
  });
});
