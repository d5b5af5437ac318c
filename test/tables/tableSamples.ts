import fc from 'fast-check';
import type * as M from '../../generated/models.js';
import { columnTypes, type ColumnType } from '../../src/columns/columnTypes.js';

/** A value of a column: a form in which it is written, and what is read with {@link exact}. */
export interface SampleCell {
  input: unknown;
  value: unknown;
}

/** The name of the column that tells rows apart, in tables that have one. */
export const keyName = 'the key';

/** A table with rows: what is written, and what has to be read. */
export interface TableSample {
  columns: M.ColumnModel[];
  rows: SampleCell[][];
}

/** The options with which no value is rounded. */
export const exact = { integers: 'bigint' } as const;

const same = (value: unknown): SampleCell => ({ input: value, value });

/** Texts that programs take for something else. */
const nastyTexts = [
  '', ' ', ' a ', 'null', 'NULL', 'NA', 'NaN', 'true', '1', '007', '1e5', '[]', '{}', '"', '""', "'", "''", '\\', '\\"', '\\\\', ',', ';', '\t',
  '\n', '\r', '\r\n', 'a\nb', 'a\r\nb', '\n\n', '=1+1', '#', '\ufeff', '\ufeffa', '\u2028', '\u202e', 'é', 'e\u0301', '😀', '数据', '-0', '\u001f', '%', '_',
  '\\N', '${a}', '</script>', "a','b", 'a"b"c', '"a"', '\\n', 'ROW_ID', '1970-01-01', '\u007f', '\ud7ff\ue000', '\uffff',
]; // prettier-ignore

const isStorable = (text: string): boolean => !/[\p{Cs}\0]/u.test(text);

function text(maximum: number): fc.Arbitrary<string> {
  return fc
    .oneof(
      fc.constantFrom(...nastyTexts),
      fc.string({ maxLength: 20 }),
      fc.string({ unit: 'binary', maxLength: 10 }),
      fc.array(fc.constantFrom(...nastyTexts), { maxLength: 4 }).map((parts) => parts.join('')),
    )
    .filter((one) => one.length <= maximum && isStorable(one));
}

const integer: fc.Arbitrary<SampleCell> = fc
  .oneof(
    fc.constantFrom(0n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n), 1n),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.bigInt({ min: -1000n, max: 1000n }),
  )
  .chain((value) => {
    const isSafe = Number.isSafeInteger(Number(value));
    const inputs = [value, String(value), ` ${value}`, ...(isSafe ? [Number(value)] : [])];
    return fc.constantFrom(...inputs).map((input) => ({ input, value }));
  });

const double: fc.Arbitrary<SampleCell> = fc
  .oneof(
    fc.constantFrom(
      NaN,
      Infinity,
      -Infinity,
      -0,
      0,
      1e-320,
      5e-324,
      1.7976931348623157e308,
      1e21,
      1e-7,
      0.1,
      2 ** 53,
      1,
    ),
    fc.double(),
  )
  .chain((value) =>
    fc
      .constantFrom(value, Object.is(value, -0) ? '-0' : String(value))
      .map((input) => ({ input, value })),
  );

const date: fc.Arbitrary<SampleCell> = fc
  .oneof(
    fc.constantFrom(0, -1, -62_135_596_800_000, 8.64e15, -8.64e15, 253_402_300_799_999, 1.5e12 + 1),
    fc.integer({ min: -8.64e15, max: 8.64e15 }),
    fc.integer({ min: -1e12, max: 2e12 }),
  )
  .chain((time) => {
    const value = new Date(time);
    return fc
      .constantFrom<unknown>(value, time, BigInt(time), String(time), value.toISOString())
      .map((input) => ({ input, value }));
  });

const entityId: fc.Arbitrary<SampleCell> = fc
  .bigInt({ min: 1n, max: 2n ** 63n - 1n })
  .chain((id) =>
    fc
      .constantFrom<unknown>(`syn${id}`, `SYN${id}`, String(id), { id: `syn${id}` })
      .map((input) => ({ input, value: `syn${id}` })),
  );

const plainId: fc.Arbitrary<SampleCell> = fc
  .bigInt({ min: 1n, max: 2n ** 63n - 1n })
  .chain((id) =>
    fc
      .constantFrom<unknown>(String(id), id, { id: String(id) })
      .map((input) => ({ input, value: String(id) })),
  );

const boolean: fc.Arbitrary<SampleCell> = fc
  .boolean()
  .chain((value) =>
    fc.constantFrom<unknown>(value, String(value).toUpperCase()).map((input) => ({ input, value })),
  );

const jsonValue = fc.letrec<{ value: unknown; object: object }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(
      null,
      true,
      false,
      0,
      -0,
      1e21,
      1e-7,
      0.1,
      2n ** 53n + 1n,
      -(2n ** 63n),
      2n ** 64n - 1n,
    ),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'binary', maxLength: 8 }).filter((one) => !/\p{Cs}/u.test(one)),
    fc.constantFrom(...nastyTexts, '\0'),
    tie('object'),
  ),
  object: fc.oneof(
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text(20), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).object;

/** How values of a column are made, by its type. */
function cells(
  type: ColumnType,
  maximumSize: number,
  fileIds: readonly string[],
): fc.Arbitrary<SampleCell> {
  const texts = text(maximumSize).map(same);
  const byType: Readonly<Partial<Record<ColumnType, fc.Arbitrary<SampleCell>>>> = {
    FILEHANDLEID: fc.constantFrom(...fileIds).map(same),
    ENTITYID: entityId,
    ENTITYID_LIST: entityId,
    MEDIUMTEXT: text(2000).map(same),
    LARGETEXT: fc.oneof(text(100).map(same), fc.constant(same('x\n'.repeat(4000)))),
  };
  const { kind } = columnTypes[type];
  const byKind = {
    text: texts,
    id: plainId,
    integer,
    double,
    date,
    boolean,
    json: jsonValue.map(same),
  };
  return byType[type] ?? byKind[kind];
}

/** Synapse turns an empty list into no value. */
function list(items: fc.Arbitrary<SampleCell>, maximum: number): fc.Arbitrary<SampleCell> {
  return fc.array(items, { maxLength: maximum }).map((found) => ({
    input: found.map(({ input }) => input),
    value: found.length === 0 ? null : found.map(({ value }) => value),
  }));
}

const noValue: fc.Arbitrary<SampleCell> = fc
  .constantFrom(null, undefined)
  .map((input) => ({ input, value: null }));

const all = Object.keys(columnTypes) as ColumnType[];

const columnName = fc
  .oneof(
    fc.constantFrom(
      'a',
      'b',
      'name',
      'rowId',
      'etag',
      'versionNumber',
      'a b',
      'a"b',
      "it's",
      'größe',
      '1',
      '__proto__',
      'constructor',
      'a,b',
      'select',
      '😀',
    ),
    fc.string({ minLength: 1, maxLength: 12 }),
  )
  .filter((name) => name.trim() === name && name !== '' && !/^row_/i.test(name));

const column: fc.Arbitrary<M.ColumnModel> = fc
  .record({
    name: columnName,
    columnType: fc.constantFrom(...all),
    maximumSize: fc.integer({ min: 1, max: 60 }),
    maximumListLength: fc.integer({ min: 2, max: 6 }),
  })
  .map(({ maximumSize, maximumListLength, ...model }) => {
    const { isSized, isList } = columnTypes[model.columnType];
    return {
      ...model,
      ...(isSized && { maximumSize }),
      ...(isList && { maximumListLength }),
    };
  });

/** A table with columns of any types, and rows with any values. Most have a column that tells the rows apart. */
export function tableSample(fileIds: readonly string[]): fc.Arbitrary<TableSample> {
  const columns = (maxLength: number): fc.Arbitrary<M.ColumnModel[]> =>
    fc.uniqueArray(column, { minLength: 1, maxLength, selector: ({ name }) => name });
  // A row of a single column is special in CSV.
  return fc.oneof(
    {
      weight: 5,
      arbitrary: columns(11)
        .chain((made) => rowsOf(made, fileIds))
        .map(withKey),
    },
    { weight: 1, arbitrary: columns(1).chain((made) => rowsOf(made, fileIds)) },
  );
}

function rowsOf(columns: M.ColumnModel[], fileIds: readonly string[]): fc.Arbitrary<TableSample> {
  const cell = columns.map(({ columnType = 'STRING', maximumSize = 50, maximumListLength = 2 }) => {
    const one = cells(columnType, maximumSize, fileIds);
    const { isList } = columnTypes[columnType];
    return fc.oneof(
      { weight: 1, arbitrary: noValue },
      { weight: 5, arbitrary: isList ? list(one, maximumListLength) : one },
    );
  });
  const row = fc.tuple(...cell);
  // More than 32 rows are updated by CSV.
  const rows = fc.oneof(
    { weight: 9, arbitrary: fc.array(row, { maxLength: 8 }) },
    { weight: 1, arbitrary: fc.array(row, { minLength: 40, maxLength: 50, size: 'max' }) },
  );
  return rows.map((made) => ({ columns, rows: made }));
}

/** Texts that are the same for MySQL where it ignores case and accents, but not for those who wrote them. */
const keys = ['a', 'A', "it's", "''", '%', '\\', 'á', 'x,"y"'];

function withKey({ columns, rows }: TableSample): TableSample {
  return {
    columns: [...columns, { name: keyName, columnType: 'STRING', maximumSize: 10 }],
    rows: rows.map((row, index) => [...row, same(keys[index] ?? `k${index}`)]),
  };
}
