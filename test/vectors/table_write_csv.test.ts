import { readFile } from 'node:fs/promises';
import { describe, expect } from '@jest/globals';
import type { StoredColumn } from '../../src/columns/columnModel.js';
import { csvFormat, type CsvFormat } from '../../src/server/tables/csv/csvFormat.js';
import { CsvParser, type CsvRow } from '../../src/server/tables/csv/csvParser.js';
import { readCell } from '../../src/server/tables/columnValues.js';
import { csvDescriptor, csvDialect } from '../../src/tables/csv/csvDialect.js';
import { inferColumns } from '../../src/tables/rows/inferColumns.js';
import { openRows } from '../../src/tables/rows/rowSource.js';
import { spoolRows } from '../../src/tables/rows/spoolRows.js';
import { csvHeader, csvRow } from '../../src/tables/rows/transactionCsv.js';
import { CellValueError } from '../../src/tables/cells/cellValueError.js';
import { numberOf, outcomeOf, readVectors, tagOf, testEach } from './readVectors.js';

interface Input {
  fn: string;
  columns?: Record<string, unknown[]>;
  index?: string[] | null;
  options?: { separator?: string; quoteCharacter?: string; includeRowIdAndRowVersion?: boolean };
  rows?: unknown[][];
  header?: string[];
  descriptor?: { separator: string; quote_character: string; is_first_line_header: boolean };
}

type Recorded = string | { csv: string } | { csvTableDescriptor: object };

/** A value of Python as this client would be given it; dates without an offset are in UTC. */
function valueOf(value: unknown): unknown {
  const tag = tagOf(value);
  if (tag === undefined) return Array.isArray(value) ? value.map(valueOf) : value;
  if ('$missing' in tag) return null;
  const date = tag.$datetime ?? tag.$date;
  if (date === undefined) return numberOf(tag);
  return new Date(/(Z|[+-]\d\d:\d\d)$/.test(date) ? date : `${date}${tag.$date ? '' : 'Z'}`);
}

const isReference = (name: string): boolean => /^ROW_(ID|VERSION|ETAG)$/.test(name);

/** The rows of a case as objects, without references. */
function rowsOf({ columns, rows = [], header = [] }: Input): Record<string, unknown>[] {
  if (columns === undefined) {
    return rows.map((row) =>
      Object.fromEntries(header.map((name, at) => [name, valueOf(row[at])])),
    );
  }
  const entries = Object.entries(columns).filter(([name]) => !isReference(name));
  const count = Math.max(0, ...entries.map(([, values]) => values.length));
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries(entries.map(([name, values]) => [name, valueOf(values[row])])),
  );
}

/** The ids and versions that the labels of rows have; Python also takes them from columns. */
function referencesOf({ index, options, columns = {} }: Input) {
  if (options?.includeRowIdAndRowVersion === false) return undefined;
  const ids = columns['ROW_ID'];
  if (ids !== undefined) {
    const versions = columns['ROW_VERSION'] ?? [];
    return ids.map((id, row) => ({ rowId: Number(id), versionNumber: Number(versions[row]) }));
  }
  const labels = index?.map((label) => /^(\d+)_(\d+)/.exec(label) ?? []);
  return labels?.map(([, id, version]) =>
    id === undefined ? undefined : { rowId: Number(id), versionNumber: Number(version) },
  );
}

/** What this client sends for rows: the CSV that it uploads. */
async function sentCsv(input: Input, columns: readonly StoredColumn[]): Promise<string> {
  const rows = rowsOf(input);
  const source = await openRows(rows, columns);
  const references = referencesOf(input);
  if (references !== undefined) {
    let text = csvHeader(columns);
    let row = 0;
    for await (const { cells } of source.rows) {
      text += csvRow({ reference: references[row], cells });
      row += 1;
    }
    return text;
  }
  const spool = await spoolRows(source, { maxFileBytes: 2 ** 30, maxMemoryBytes: 0 });
  const texts = await Promise.all(spool.files.map(({ path }) => readFile(path, 'utf8')));
  await spool.remove();
  return texts.join('');
}

/** The rows of a CSV text as the service reads them: values by name. */
function meaningOf(
  csv: string,
  format: CsvFormat,
  columns: readonly StoredColumn[],
): Record<string, unknown>[] {
  const parser = new CsvParser(format);
  const [header = [], ...rows] = [...parser.push(csv), ...parser.end()];
  const named = (row: CsvRow): [string, unknown][] =>
    header.map((name, at) => {
      const column = columns.find((each) => each.name === name);
      const text = row[at] ?? null;
      return [name ?? '', column === undefined ? text : valueIn(column, text)];
    });
  return rows.map((row) =>
    Object.fromEntries(named(row).filter(([name, value]) => !isReference(name) || value !== null)),
  );
}

function valueIn(column: StoredColumn, text: string | null): unknown {
  // Departure: JavaScript has one type of numbers, so that 2.0 is a whole number, for which Synapse takes no fraction.
  const isWhole = column.columnType === 'INTEGER' && text !== null;
  const { value, nan } = readCell(isWhole ? text.replace(/\.0$/, '') : text, column);
  return nan === 1 ? Number.NaN : typeof value === 'bigint' ? Number(value) : value;
}

/** Departures: what the value of a cell is to this client, where it is another one to Python. */
const departures: readonly {
  reason: string;
  applies: (value: unknown, column: StoredColumn) => boolean;
  meaning: (value: unknown) => unknown;
}[] = [
  {
    reason:
      'no value in a column of texts stays no value; Python writes "", which is the empty text',
    applies: (value, { columnType }) => value === null && columnType === 'STRING',
    meaning: () => null,
  },
  {
    reason: 'among texts, booleans and numbers are written as in JSON; Python writes True and 2.0',
    applies: (value, { columnType }) =>
      columnType === 'STRING' && ['bigint', 'boolean', 'number'].includes(typeof value),
    meaning: String,
  },
  {
    reason: 'NaN is a value of a DOUBLE; Python writes no value for it',
    applies: (value) => Number.isNaN(value),
    meaning: () => Number.NaN,
  },
  {
    reason: 'numbers keep all of their digits; the older functions of Python write 12',
    applies: (value, { columnType }) => typeof value === 'number' && columnType === 'DOUBLE',
    meaning: (value) => value,
  },
];

const isPlain = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !(value instanceof Date);

/** Departure: lists and objects are JSON, in columns for them; Python writes their Python source, as texts. */
const isSource = (input: Input): boolean =>
  rowsOf(input).some((row) => Object.values(row).some(isPlain));

/** Departure: dates, lists, objects, NaN and infinities are no texts, and are refused where they are beside other values. */
const isMixed = (input: Input, columns: readonly StoredColumn[]): boolean =>
  columns.some(
    ({ name, columnType }) =>
      columnType === 'STRING' &&
      rowsOf(input).some((row) => {
        const value = row[name];
        const isFinite = typeof value !== 'number' || Number.isFinite(value);
        return !isFinite || (typeof value === 'object' && value !== null);
      }),
  );

async function columnsFor(input: Input): Promise<StoredColumn[]> {
  const inferred = await inferColumns(rowsOf(input), { profile: 'exact' });
  return inferred.map((column, index) => ({ ...column, id: String(index + 1) }));
}

function textOf(recorded: Recorded): string {
  if (typeof recorded === 'string') return recorded;
  return 'csv' in recorded ? recorded.csv : '';
}

const ours = ['legacy_df_csv', 'legacy_rows_csv', 'oop_df_csv', 'table_request'];

describe('table_write: rows as CSV', () => {
  const cases = readVectors<Input, Recorded>('table_write');
  testEach(
    cases.filter(({ input }) => ours.includes(input.fn)),
    async ({ input, expected }) => {
      if (expected.value === undefined) throw new Error(`Python fails: ${expected.error.message}`);
      if (input.descriptor !== undefined) {
        const { separator, quote_character: quote, is_first_line_header } = input.descriptor;
        const descriptor = csvDescriptor(csvDialect({ separator, quote }), is_first_line_header);
        // Departure: rows are checked and written anew, so lines are not skipped by the service, and updates are by row versions.
        expect(descriptor).toEqual(
          (expected.value as { csvTableDescriptor: object }).csvTableDescriptor,
        );
        return;
      }
      const columns = await columnsFor(input);
      const sent = await outcomeOf(() => sentCsv(input, columns));
      if (isMixed(input, columns)) {
        expect(sent.error).toBeInstanceOf(CellValueError);
        return;
      }
      expect(sent.error).toBeUndefined();
      const read = meaningOf(sent.value as string, csvFormat(), columns);
      if (isSource(input)) {
        const asTexts = columns.map((column) => ({
          ...column,
          columnType: 'STRING' as const,
          maximumSize: 1000,
        }));
        const refused = await outcomeOf(() => sentCsv(input, asTexts));
        expect(refused.error).toBeInstanceOf(CellValueError);
        expect(read).toHaveLength(rowsOf(input).length);
        return;
      }
      const { separator, quoteCharacter } = input.options ?? {};
      const format = csvFormat({ separator, quoteCharacter });
      const recorded = meaningOf(textOf(expected.value), format, columns);
      const rows = rowsOf(input);
      const wanted = recorded.map((row, at) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => {
            const given = rows[at]?.[name];
            const column = columns.find((each) => each.name === name);
            const departure = column && departures.find(({ applies }) => applies(given, column));
            return [name, departure === undefined ? value : departure.meaning(given)];
          }),
        ),
      );
      expect(read).toEqual(wanted);
    },
  );
});
