import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { columnTypes, isColumnType, type ColumnType } from '../../src/columns/columnTypes.js';
import { cellReader } from '../../src/tables/cells/readCell.js';
import { csvDialect } from '../../src/tables/csv/csvDialect.js';
import { writeCsvRow } from '../../src/tables/csv/writeCsvRow.js';
import { doubleOfBytes, integerOfBytes } from '../../src/tables/export/numberOfBytes.js';
import type { CsvRows } from '../../src/tables/export/openColumns.js';
import { toArrow } from '../../src/tables/export/toArrow.js';
import { toColumns } from '../../src/tables/export/toColumns.js';
import { rowsOfArrow } from '../../src/tables/arrow/rowsOfArrow.js';
import { anyTable, csvRows, type AnyTable } from './csvTables.js';

describe('numbers from bytes', () => {
  const double = (text: string): number => doubleOfBytes(Buffer.from(text), 0, text.length);
  const integer = (text: string): bigint | undefined => {
    const words = new Int32Array(2);
    if (!integerOfBytes(Buffer.from(text), 0, text.length, words, 0)) return undefined;
    return new BigInt64Array(words.buffer)[0];
  };
  const digits = fc.string({
    unit: fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'),
    minLength: 1,
    maxLength: 20,
  });
  const decimal = fc
    .tuple(
      fc.constantFrom('', '-', '+'),
      digits,
      fc.option(digits),
      fc.option(fc.integer({ min: -30, max: 30 })),
    )
    .map(([sign, whole, part, exponent]) => {
      return `${sign}${whole}${part === null ? '' : `.${part}`}${exponent === null ? '' : `e${exponent}`}`;
    });

  test('a double is what Number reads, or is left to it', () => {
    fc.assert(
      fc.property(fc.oneof(decimal, fc.double({ noNaN: true }).map(String)), (text) => {
        const value = double(text);
        if (!Number.isNaN(value)) expect(value).toBe(Number(text));
      }),
      { numRuns: 5000 },
    );
  });

  test('a text in the middle of two doubles is rounded as Number does', () => {
    const halves = fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(halves, fc.nat({ max: 22 }), (whole, places) => {
        const text = String(whole);
        for (const each of [text, `${text}e-${places}`, `${text}e${places}`]) {
          const value = double(each);
          if (!Number.isNaN(value)) expect(value).toBe(Number(each));
        }
      }),
      { numRuns: 2000 },
    );
    expect(double('9007199254740993')).toBe(9007199254740992);
    expect(double('9007199254740995')).toBe(9007199254740996);
  });

  test('usual doubles are not left to Number', () => {
    for (const value of [
      0,
      1,
      0.1,
      123.456,
      1 / 3,
      Math.PI * 1e10,
      1e-7,
      2e21,
      7,
      Number.MAX_SAFE_INTEGER,
    ]) {
      expect(double(String(value))).toBe(value);
      expect(double(`-${value}`)).toBe(-value);
    }
  });

  test.each([
    '',
    '-',
    '.',
    '.5',
    'e5',
    '1e',
    '1e+',
    '1e1000',
    '1.2.3',
    '0x10',
    '1_0',
    ' 1',
    '1 ',
    'NaN',
    'Infinity',
    '12345678901234567890',
    '1e23',
  ])('the double %j is left to Number', (text) => {
    expect(double(text)).toBeNaN();
  });

  test('an integer of 64 bits is exact', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }),
        fc.nat(62),
        (value, shift) => {
          const shifted = value >> BigInt(shift);
          expect(integer(String(shifted))).toBe(shifted);
        },
      ),
      { numRuns: 5000 },
    );
    for (const value of [2n ** 32n, -(2n ** 32n), 2n ** 53n, -(2n ** 40n), 5n << 32n, -5n << 32n]) {
      expect(integer(String(value))).toBe(value);
    }
  });

  test.each([
    '',
    '-',
    '+1',
    '1.0',
    '1e3',
    '0x1',
    ' 1',
    '1a',
    '123456789012345a',
    '9223372036854775808',
    '-9223372036854775808',
    '12345678901234567890',
  ])('the integer %j is left to BigInt', (text) => {
    expect(integer(text)).toBeUndefined();
  });
});

/** The values of a table as the reader of single cells reads them. */
function expectedColumns({ columns, rows }: AnyTable): unknown[][] {
  return columns.map(({ columnType }, index) => {
    if (!isColumnType(columnType)) throw new Error('no type');
    const read = cellReader(columnType, { integers: 'bigint', dates: 'epoch' });
    return rows.map((row) => {
      const text = row[index] ?? null;
      return text === null ? null : read(text);
    });
  });
}

describe('any table', () => {
  test('has the columns that its cells have, however its text is cut', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, fc.integer({ min: 1, max: 100 }), async (table, chunk) => {
        const { rowCount, columns } = await toColumns(csvRows(table, { chunk }), {
          integers: 'bigint',
        });
        expect(rowCount).toBe(table.rows.length);
        const expected = expectedColumns(table);
        for (const [index, { name, type, values, nulls, nullCount }] of columns.entries()) {
          expect({ name, columnType: type }).toEqual(table.columns[index]);
          const found = Array.from(values as Iterable<unknown>, (value, row) =>
            nulls[row] === 1 ? null : type === 'BOOLEAN' ? value === 1 : value,
          );
          expect(found).toEqual(expected[index]);
          expect(nullCount).toBe(nulls.filter((isNull) => isNull === 1).length);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('is the same as an Arrow table', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, async (table) => {
        const arrow = await toArrow(csvRows(table));
        expect(arrow.numRows).toBe(table.rows.length);
        const expected = expectedColumns(table);
        const rows = Array.from(rowsOfArrow(arrow), (row) =>
          Object.values(row as Record<string, unknown>).map((value, index) =>
            table.columns[index]?.columnType.startsWith('DATE') ? epochs(value) : value,
          ),
        );
        const readJson = cellReader('JSON');
        for (const [index, { name, columnType }] of table.columns.entries()) {
          const found = rows.map((row) => row[index]);
          const isJson = columnType === 'JSON';
          expect(
            found.map((value) => (isJson && typeof value === 'string' ? readJson(value) : value)),
          ).toEqual(expected[index]);
          const field = arrow.schema.fields[index];
          expect(field?.name).toBe(name);
          expect(field?.metadata.get('synapse.columnType')).toBe(columnType);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** Dates as milliseconds; a time that a Date cannot hold is a bigint. */
function epochs(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'bigint') return Number(value);
  return Array.isArray(value) ? value.map(epochs) : value;
}

function columnsOf(type: ColumnType, cells: readonly (string | null)[]): CsvRowsOpener {
  return csvRows({ columns: [{ name: 'a', columnType: type }], rows: cells.map((cell) => [cell]) });
}
type CsvRowsOpener = () => Promise<CsvRows>;

describe('representation', () => {
  const values = async (...given: Parameters<typeof toColumns>): Promise<unknown> =>
    (await toColumns(...given)).columns[0]?.values;

  test('integers are numbers, bigints or texts', async () => {
    const open = columnsOf('INTEGER', ['1', null, '-5']);
    expect(await values(open)).toEqual(Float64Array.of(1, Number.NaN, -5));
    expect(await values(open, { integers: 'bigint' })).toEqual(BigInt64Array.of(1n, 0n, -5n));
    expect(await values(open, { integers: 'string' })).toEqual(['1', null, '-5']);
    const lists = columnsOf('INTEGER_LIST', ['[1,2]', null, '[]']);
    expect(await values(lists)).toEqual([[1, 2], null, []]);
    expect(await values(lists, { integers: 'bigint' })).toEqual([[1n, 2n], null, []]);
    expect(await values(lists, { integers: 'string' })).toEqual([['1', '2'], null, []]);
  });

  test('dates are milliseconds, booleans 0 and 1, JSON is parsed or a text', async () => {
    expect(await values(columnsOf('DATE', ['-1', null]))).toEqual(Float64Array.of(-1, Number.NaN));
    expect(await values(columnsOf('BOOLEAN', ['true', null, 'false']))).toEqual(
      Uint8Array.of(1, 0, 0),
    );
    expect(await values(columnsOf('BOOLEAN_LIST', ['[true,false]']))).toEqual([[true, false]]);
    const json = columnsOf('JSON', ['{"a":[1]}', null]);
    expect(await values(json)).toEqual([{ a: [1] }, null]);
    expect(await values(json, { json: 'text' })).toEqual(['{"a":[1]}', null]);
  });

  test('the empty text is a value in columns of texts only', async () => {
    expect(await values(columnsOf('STRING', ['']))).toEqual(['']);
    for (const type of ['ENTITYID', 'JSON', 'STRING_LIST', 'INTEGER_LIST'] as const) {
      expect(await values(columnsOf(type, ['']))).toEqual([null]);
    }
    for (const type of ['INTEGER', 'DOUBLE', 'DATE', 'BOOLEAN'] as const) {
      const { columns } = await toColumns(columnsOf(type, ['']));
      expect(columns[0]?.nulls).toEqual(Uint8Array.of(1));
    }
  });

  test('other spellings are read as those of a single row', async () => {
    expect(await values(columnsOf('INTEGER', ['+5', ' 7 ', '007']))).toEqual(
      Float64Array.of(5, 7, 7),
    );
    expect(await values(columnsOf('BOOLEAN', ['1', 'F', 'TRUE']))).toEqual(Uint8Array.of(1, 0, 1));
    expect(await values(columnsOf('DOUBLE', ['.5', ' 1 ', 'inf', '1e300']))).toEqual(
      Float64Array.of(0.5, 1, Infinity, 1e300),
    );
    const text = '["\\u0061\\n", "b" ]';
    expect(await values(columnsOf('STRING_LIST', [text]))).toEqual([['a\n', 'b']]);
  });

  test('the ids of rows can be columns', async () => {
    const table = {
      columns: [{ name: 'a', columnType: 'STRING' as const }],
      rows: [['x'], [null]],
    };
    const names = async (options: object): Promise<string[]> =>
      (await toColumns(csvRows(table), options)).columns.map(({ name }) => name);
    expect(await names({})).toEqual(['a']);
    expect(await names({ references: true })).toEqual(['ROW_ID', 'ROW_VERSION', 'a']);
    const [first] = (await toColumns(csvRows(table), { references: true })).columns;
    expect(first?.values).toEqual(Float64Array.of(1, 2));
  });

  test('a table without columns or rows has none', async () => {
    expect(await toColumns(csvRows({ columns: [], rows: [] }))).toEqual({
      rowCount: 0,
      columns: [],
    });
    const { columns } = await toColumns(columnsOf('DOUBLE', []));
    expect(columns[0]).toMatchObject({ values: new Float64Array(), nullCount: 0 });
  });

  test('many rows are several batches of an Arrow table', async () => {
    const cells = Array.from({ length: 150_000 }, (_, index) =>
      index % 3 === 0 ? null : String(index),
    );
    const table = await toArrow(columnsOf('INTEGER', cells));
    expect(table.numRows).toBe(150_000);
    expect(table.batches.length).toBe(3);
    expect(table.getChildAt(0)?.get(149_999)).toBe(149_999n);
    expect(table.getChildAt(0)?.get(149_997)).toBeNull();
    expect(table.getChildAt(0)?.nullCount).toBe(50_000);
  });
});

describe('a value that does not fit is refused with row, column and value', () => {
  test.each<[ColumnType, string, string]>([
    ['INTEGER', '1.5', 'is not an integer'],
    ['INTEGER', '9223372036854775808', 'is not an integer of 64 bits'],
    [
      'INTEGER',
      '9007199254740993',
      "is beyond 2^53, which a JavaScript number cannot hold: read integers as bigint ({ integers: 'bigint' })",
    ],
    ['DOUBLE', '1,5', 'is not a number'],
    ['BOOLEAN', 'yes', 'is not a boolean'],
    ['DATE', '2020-01-01', 'is not a whole number of milliseconds since 1970'],
    ['STRING_LIST', 'a', 'is not a JSON list'],
    ['STRING_LIST', '["a",null]', 'has an element without a value'],
    ['INTEGER_LIST', '[1,"x"]', 'is not an integer'],
    ['INTEGER_LIST', '[1,]', 'is not a JSON list'],
    ['JSON', '{', 'is not JSON'],
  ])('%s %j', async (type, text, reason) => {
    const rows = columnsOf(type, [...(columnTypes[type].isList ? ['[]'] : [null]), text]);
    const message = `Row 2 of the result, column "a": ${JSON.stringify(text)} ${reason}.`;
    await expect(toColumns(rows)).rejects.toThrow(message);
    await expect(toColumns(rows)).rejects.toMatchObject({
      name: 'CellReadError',
      row: 2,
      column: 'a',
    });
  });

  test('the row of an element of a list is counted over all rows', async () => {
    const rows = columnsOf('INTEGER_LIST', ['[1]', '[]', null, '[2,9007199254740993]']);
    await expect(toColumns(rows)).rejects.toThrow(
      'Row 4 of the result, column "a": "9007199254740993"',
    );
  });
});

describe('a result that is refused', () => {
  test('two columns of one name', async () => {
    const column = { name: 'a', columnType: 'STRING' as const };
    let isClosed = false;
    const open = csvRows(
      { columns: [column, column], rows: [] },
      { onClose: () => (isClosed = true) },
    );
    await expect(toColumns(open)).rejects.toThrow('two columns with the name "a"');
    expect(isClosed).toBe(true);
  });

  test('rows with another number of cells than columns', async () => {
    const dialect = csvDialect();
    async function* bytes(): AsyncGenerator<Uint8Array> {
      await Promise.resolve();
      yield Buffer.from(writeCsvRow(['ROW_ID', 'a'], dialect));
      yield Buffer.from(writeCsvRow(['1', 'b'], dialect));
    }
    const rows: CsvRows = {
      columns: [{ name: 'a', columnType: 'STRING' }],
      references: [],
      bytes: bytes(),
      dialect,
      close: () => undefined,
    };
    await expect(toArrow(() => Promise.resolve(rows))).rejects.toMatchObject({
      name: 'MalformedResponseError',
    });
  });
});
