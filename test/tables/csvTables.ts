import fc from 'fast-check';
import { columnTypes, type ColumnType } from '../../src/columns/columnTypes.js';
import { csvDialect } from '../../src/tables/csv/csvDialect.js';
import { writeCsvRow } from '../../src/tables/csv/writeCsvRow.js';
import type { CsvRows } from '../../src/tables/export/openColumns.js';

/** A table as the texts of its cells. */
export interface AnyTable {
  columns: { name: string; columnType: ColumnType }[];
  rows: (string | null)[][];
}

const text = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', 'é', '😀', '"', '\\', ',', '\n', '\r', ' ', '\u2028'),
    maxLength: 60,
  }),
  fc.string({ maxLength: 5 }),
);
const integer = fc
  .oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.integer())
  .map(String);
const date = fc
  .oneof(fc.maxSafeInteger(), fc.integer({ min: -(10 ** 12), max: 10 ** 13 }))
  .map(String);
const double = fc.oneof(
  fc.double().map(String),
  fc.constantFrom('NaN', 'Infinity', '-Infinity', '-0', '1.0E10', '5e-324', '0.1'),
);
const boolean = fc.boolean().map(String);
const json = fc.json({ maxDepth: 2 });

const scalars: Readonly<Record<string, fc.Arbitrary<string>>> = {
  text,
  id: fc.oneof(
    fc.nat().map((id) => `syn${id}`),
    fc.nat().map(String),
  ),
  integer,
  date,
  double,
  boolean,
  json,
};

/** A JSON list, in the usual form or another one. */
function listOf(kind: string): fc.Arbitrary<string> {
  const item = scalars[kind] ?? text;
  const isText = kind === 'text' || kind === 'id';
  return fc
    .tuple(fc.array(item, { maxLength: 4 }), fc.constantFrom(',', ', ', ' , '))
    .map(
      ([items, comma]) =>
        `[${items.map((each) => (isText ? JSON.stringify(each) : each)).join(comma)}]`,
    );
}

function cellOf(type: ColumnType): fc.Arbitrary<string | null> {
  const { kind, isList } = columnTypes[type];
  return fc.option(isList ? listOf(kind) : (scalars[kind] ?? text));
}

/** A table with columns of any types. */
export const anyTable: fc.Arbitrary<AnyTable> = fc
  .uniqueArray(fc.constantFrom(...(Object.keys(columnTypes) as ColumnType[])), {
    minLength: 1,
    maxLength: 6,
  })
  .chain((types) =>
    fc.array(fc.tuple(...types.map(cellOf)), { maxLength: 20 }).map((rows) => ({
      columns: types.map((columnType) => ({ name: `a ${columnType}`, columnType })),
      rows,
    })),
  );

/** The result of a query with the rows of a table, as Synapse writes it. */
export function csvRows(
  { columns, rows }: AnyTable,
  { chunk = 65_536, onClose = () => undefined }: { chunk?: number; onClose?: () => unknown } = {},
): () => Promise<CsvRows> {
  const dialect = csvDialect();
  const references = ['ROW_ID', 'ROW_VERSION'];
  const header = [...references, ...columns.map(({ name }) => name)];
  const lines = rows.map((row, index) => [String(index + 1), '1', ...row]);
  async function* bytes(): AsyncGenerator<Uint8Array> {
    const text = Buffer.from([header, ...lines].map((row) => writeCsvRow(row, dialect)).join(''));
    for (let at = 0; at < text.length; at += chunk) {
      await Promise.resolve();
      yield text.subarray(at, at + chunk);
    }
  }
  return () =>
    Promise.resolve({ columns, references, bytes: bytes(), dialect, close: () => void onClose() });
}
