import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { ColumnModel, RowSet } from '../../generated/models.js';
import type { StoredColumn } from '../../src/columns/columnModel.js';
import { ArgumentError, type Project, type Stored, type Synapse } from '../../src/index.js';
import { matchConditions } from '../../src/tables/rows/matchConditions.js';
import { selectStatement } from '../../src/tables/rows/matchRows.js';
import { partialRow, partialRowBytes, partialRowSet } from '../../src/tables/rows/partialRow.js';
import { csvHeader, csvRow } from '../../src/tables/rows/transactionCsv.js';
import { openUpdates } from '../../src/tables/rows/updateInput.js';
import { rowIdOf } from '../../src/tables/rows/deleteInput.js';
import { Spool } from '../../src/tables/rows/updateSpool.js';
import { readUpsertInput, type UpsertRow } from '../../src/tables/rows/upsertInput.js';
import { withClients } from '../entities/withClients.js';
import { createTable, type ColumnSpec } from '../tables/changeTables.js';
import { numberOf, outcomeOf, readVectors, tagOf, testEach } from './readVectors.js';

/** Columns by name, as lists of values. */
type Frame = Record<string, unknown[]>;
type Schema = (ColumnModel & {
  name: string;
  id: string;
  columnType: StoredColumn['columnType'];
})[];

interface Input {
  fn: string;
  args: unknown[];
  columns: Frame;
  existing: Frame;
  new: Frame;
  primary_keys: string[];
  schema: Schema;
  view?: boolean;
  tableId: string;
  rows: [Record<string, unknown>, number][];
}

const valueOf = (value: unknown): unknown => {
  const tag = tagOf(value);
  return tag === undefined ? value : numberOf(tag);
};

/** The rows of a frame, as objects. */
function rowsOf(frame: Frame): Record<string, unknown>[] {
  const entries = Object.entries(frame);
  const count = entries[0]?.[1].length ?? 0;
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries(entries.map(([name, values]) => [name, valueOf(values[row])])),
  );
}

/** Columns for values of unknown columns, whose names are their ids. */
function columnsFor(
  values: Record<string, unknown>,
  names?: Record<string, string>,
): StoredColumn[] {
  const typeOf = (value: unknown): StoredColumn['columnType'] =>
    Array.isArray(value) ? 'INTEGER_LIST' : typeof value === 'number' ? 'DOUBLE' : 'STRING';
  const known = names ?? Object.fromEntries(Object.keys(values).map((key) => [key, key]));
  return Object.entries(known).map(([name, id]) => ({
    name,
    id,
    columnType: typeOf(values[name]),
  }));
}

/** A row of the API that a row of the caller becomes. */
async function partialRowOf(args: unknown[]): Promise<unknown> {
  const [values, rowId, etag, names] = args as [
    Record<string, unknown>,
    unknown,
    string | null,
    Record<string, string>,
  ];
  const columns = columnsFor(values, names);
  const rows: object[] = Array.isArray(values)
    ? [values]
    : [{ ...values, ROW_ID: rowId, ROW_ETAG: etag }];
  for await (const { reference, cells } of openUpdates(rows, columns)) {
    if (reference.rowId === undefined) throw new ArgumentError('no row');
    return partialRow(
      { rowId: reference.rowId, etag: reference.etag },
      cells.map(([index, cell]) => [columns[index]?.id ?? '', cell]),
    );
  }
  return undefined;
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synapse-vectors-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The query of an upsert. */
async function selectOf({
  columns,
  schema,
  primary_keys: keys,
  view = false,
}: Input): Promise<string> {
  const rows = new Spool<UpsertRow>(join(folder, crypto.randomUUID()));
  const source = openUpdates(rowsOf(columns), schema);
  const input = await readUpsertInput(source, rows, { columns: schema, keys, defaults: !view });
  const wanted: UpsertRow['key'][] = [];
  for await (const { key } of rows.items()) wanted.push(key);
  const pick = (indexes: readonly number[]): Schema =>
    indexes.flatMap((index) => schema[index] ?? []);
  const [condition = '', ...more] = matchConditions(pick(input.keyIndexes), wanted);
  expect(more).toEqual([]);
  return selectStatement('syn1', pick(input.used), condition);
}

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
const sent: RowSet[] = [];
beforeAll(async () => {
  const watch: typeof fetch = (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (url.endsWith('/table/transaction/async/start') && typeof init?.body === 'string') {
      const { changes } = JSON.parse(init.body) as { changes: { toAppend: RowSet }[] };
      sent.push(...changes.map(({ toAppend }) => toAppend));
    }
    return fetch(input, init);
  };
  syn = await clients.open('alice', { fetch: watch });
  project = await clients.project(syn);
});

/** What an upsert updates, found out with a table of the server. */
async function updatesOf(input: Input): Promise<unknown> {
  const { schema, primary_keys: keys } = input;
  const table = await createTable(
    syn,
    project.id,
    Object.fromEntries(
      schema.map(({ name, columnType }): [string, ColumnSpec] => [name, columnType]),
    ),
  );
  const { ROW_ID: ids = [], ...existing } = input.existing;
  const text = (value: unknown): string | null => {
    if (value === null || value === undefined) return null;
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  await table.append(...rowsOf(existing).map((row) => schema.map(({ name }) => text(row[name]))));
  sent.length = 0;
  const rows = rowsOf(input.new);
  const report = await syn.tables.upsert(table.id, rows, { keys });
  const idOf = (name: string | undefined): string | undefined =>
    schema.find((one) => one.name === name)?.id;
  const updates = sent.flatMap(({ headers = [], rows: changed = [] }) =>
    changed
      .filter(({ rowId }) => rowId !== undefined)
      .map(({ rowId = 0, values = [] }) => ({
        rowId: ids[rowId - 1],
        values: values.map((value, index) => ({ key: idOf(headers[index]?.name), value })),
      })),
  );
  return { updates, updated: report.updated, unchanged: report.unchanged };
}

const functions: Record<string, (input: Input) => unknown> = {
  delete_csv: ({ args: [rows] }) =>
    csvHeader([]) +
    (rows as unknown[][])
      .map(([rowId, version]) =>
        csvRow({
          reference: { rowId: rowIdOf(valueOf(rowId), 1), versionNumber: Number(version) },
          cells: [],
        }),
      )
      .join(''),
  partial_row: ({ args }) => partialRowOf(args),
  partial_rowset: async ({ tableId, rows }) =>
    partialRowSet(
      tableId,
      (await Promise.all(rows.map((row) => partialRowOf(row)))) as ReturnType<typeof partialRow>[],
    ),
  row_size: ({ args: [cells] }) =>
    partialRowBytes(
      (cells as { key: string; value: unknown }[]).map(({ key, value }) => [
        key,
        value === null || typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ),
  upsert_select: selectOf,
  upsert_partial_rows: updatesOf,
};

/** A value as the API describes the cells of a row: a text. */
function cellText(value: unknown): unknown {
  return value === null || typeof value === 'string' ? value : JSON.stringify(value);
}

/** Recorded rows, with the cells as texts. Departure: Python sends numbers, booleans and lists, which the API does not describe. */
function withTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTexts);
  if (typeof value !== 'object' || value === null) return value;
  if (!('key' in value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTexts(item)]));
  }
  return { ...value, value: cellText('value' in value ? value.value : null) };
}

/** The statement of Python as this client writes it. Each step is a departure. */
function statementOf(python: string, { columns, schema, primary_keys: keys }: Input): string {
  const [, condition = ''] = python.split(' WHERE ');
  // Names are quoted, in the order of the table; the id, version and etag of a row come with each row.
  const names = schema.filter(({ name }) => name in columns).map(({ name }) => `"${name}"`);
  const values = condition
    .replace(/^"\w+" IN \('(.*)'\)$/, (whole, text: string) =>
      // Quotes in a text are doubled; Python leaves them, and the query fails or means something else.
      /^[^']*', '/.test(text) ? whole : whole.replace(text, text.replaceAll("'", "''")),
    )
    .replaceAll(', ', ',')
    // The same number.
    .replace('(1.0)', '(1)');
  // Python leaves the condition empty.
  return `SELECT ${names.join(',')} FROM syn1 WHERE ${values || `"${keys[0] ?? ''}" IS NULL`}`;
}

describe('table_write: rows', () => {
  const cases = readVectors<Input>('table_write').filter(({ input }) => input.fn in functions);
  testEach(cases, async ({ input, expected }) => {
    const got = await outcomeOf(() => functions[input.fn]?.(input));
    const departure = departures.find(({ applies }) => applies(input));
    if (departure !== undefined) departure.check(got, expected);
    else if (expected.error !== undefined) expect(got.error).toBeInstanceOf(ArgumentError);
    else expect(got).toEqual({ value: inOurTerms(input, expected.value) });
  });
});

/** A recorded result as this client has it. */
function inOurTerms(input: Input, value: unknown): unknown {
  if (input.fn === 'upsert_select') return statementOf(value as string, input);
  // Departure: the request says that lines end with \n.
  if (input.fn === 'delete_csv') return (value as string).replaceAll('\r\n', '\n');
  if (input.fn !== 'upsert_partial_rows') return withTexts(value);
  const { updates, changedIndexes, unchangedIndexes } = value as {
    updates: unknown;
    changedIndexes: number[];
    unchangedIndexes: number[];
  };
  return {
    updates: withTexts(updates),
    updated: changedIndexes.length,
    unchanged: unchangedIndexes.length,
  };
}

interface Departure {
  reason: string;
  applies: (input: Partial<Input>) => boolean;
  check: (
    got: { value?: unknown; error?: unknown },
    expected: { value?: unknown; error?: unknown },
  ) => void;
}

const refused: Departure['check'] = ({ error }) => {
  expect(error).toBeInstanceOf(ArgumentError);
};

const typesOfKeys = ({
  primary_keys: keys = [],
  schema = [],
}: Partial<Input>): (string | undefined)[] =>
  keys.map((key) => schema.find(({ name }) => name === key)?.columnType);

const hasTwice = ({ columns = {}, primary_keys: keys = [] }: Partial<Input>): boolean => {
  const rows = rowsOf(columns).map((row) => keys.map((key) => String(row[key])).join());
  return new Set(rows).size < rows.length;
};

const departures: Departure[] = [
  {
    reason: 'ids beyond 2^53 do not exist; the number would be rounded',
    applies: ({ fn, args }) => fn === 'delete_csv' && JSON.stringify(args ?? []).includes('$int'),
    check: refused,
  },
  {
    reason: 'two rows with one key are refused before anything is read',
    applies: (input) => input.fn === 'upsert_select' && hasTwice(input),
    check: refused,
  },
  {
    reason: 'JSON columns can be keys: SQL cannot compare them, so that the rows are compared here',
    applies: (input) => input.fn === 'upsert_select' && typesOfKeys(input).includes('JSON'),
    check: ({ value }, { error }) => {
      expect(error).toBeDefined();
      expect(value).toBe('SELECT "j" FROM syn1 WHERE "j" IS NOT NULL');
    },
  },
  {
    reason: 'a column that the table does not have is refused; Python does not store its values',
    applies: ({ fn, new: rows = {}, schema = [] }) =>
      fn === 'upsert_partial_rows' &&
      Object.keys(rows).some((name) => !schema.some((one) => one.name === name)),
    check: refused,
  },
  {
    reason: 'values are compared by the type of their column: the text "1" is the integer 1',
    applies: ({ fn, new: { i = [] } = {} }) =>
      fn === 'upsert_partial_rows' && typeof i[0] === 'string',
    check: ({ value }) => {
      expect(value).toEqual({ updates: [], updated: 0, unchanged: 1 });
    },
  },
  {
    reason:
      'characters are counted as Synapse does, in units of UTF-16, and lists in the form that is sent',
    applies: ({ fn, args }) =>
      fn === 'row_size' &&
      /\p{Emoji_Presentation}|\[\["|"value":\[/u.test(JSON.stringify(args ?? [])),
    check: ({ value }) => {
      expect([12, 40]).toContain(value);
    },
  },
];
