import { describe, expect, test } from '@jest/globals';
import * as arrow from 'apache-arrow';
import { isArrowTable, rowsOfArrow, type ArrowTable } from '../../src/tables/arrow/rowsOfArrow.js';

/** The values of a table with one column. */
function valuesOf(table: ArrowTable): unknown[] {
  return [...rowsOfArrow(table)].map((row) => Object.values(row)[0] as unknown);
}

function tableOf(type: arrow.DataType, values: readonly unknown[]): ArrowTable {
  return new arrow.Table({ a: arrow.vectorFromArray(values, type) });
}

/** Writes a table and reads it again, as a table of another program. */
function copied(table: arrow.Table): arrow.Table {
  return arrow.tableFromIPC(arrow.tableToIPC(table, 'stream'));
}

describe('values', () => {
  const long = 'a text of more than twelve bytes, é';
  test.each<[string, arrow.DataType, unknown[], unknown[]?]>([
    ['Null', new arrow.Null(), [null, null]],
    ['Bool', new arrow.Bool(), [true, null, false, true]],
    ['Int8', new arrow.Int8(), [-128, null, 127]],
    ['Int16', new arrow.Int16(), [-32768, null, 32767]],
    ['Int32', new arrow.Int32(), [-(2 ** 31), null, 2 ** 31 - 1]],
    ['Int64', new arrow.Int64(), [-(2n ** 63n), null, 9007199254740993n]],
    ['Uint8', new arrow.Uint8(), [0, null, 255]],
    ['Uint16', new arrow.Uint16(), [0, null, 65535]],
    ['Uint32', new arrow.Uint32(), [0, null, 2 ** 32 - 1]],
    ['Uint64', new arrow.Uint64(), [0n, null, 2n ** 64n - 1n]],
    ['Float32', new arrow.Float32(), [0.5, null, Math.fround(0.1), Number.NaN, -Infinity]],
    ['Float64', new arrow.Float64(), [0.1, null, Number.NaN, -Infinity, -0, 5e-324]],
    ['Utf8', new arrow.Utf8(), ['', null, long, '😀']],
    ['LargeUtf8', new arrow.LargeUtf8(), ['', null, long, '😀']],
    ['DateDay', new arrow.DateDay(), [new Date('1969-12-31'), null, new Date('2024-02-29')]],
    ['DateMillisecond', new arrow.DateMillisecond(), [new Date(-1), null, new Date(1)]],
    [
      'List',
      new arrow.List(new arrow.Field('item', new arrow.Utf8(), true)),
      [['a', ''], null, [], [long]],
    ],
    [
      'a list of integers',
      new arrow.List(new arrow.Field('item', new arrow.Int64(), true)),
      [[1n], null, []],
    ],
    [
      'a list of lists',
      new arrow.List(
        new arrow.Field(
          'item',
          new arrow.List(new arrow.Field('item', new arrow.Bool(), true)),
          true,
        ),
      ),
      [[[true], []], null],
    ],
    [
      'FixedSizeList',
      new arrow.FixedSizeList(2, new arrow.Field('item', new arrow.Int32(), true)),
      [[1, 2], null, [3, 4]],
    ],
    [
      'Struct',
      new arrow.Struct([
        new arrow.Field('x', new arrow.Int32(), true),
        new arrow.Field('y', new arrow.Utf8(), true),
      ]),
      [{ x: 1, y: 'a' }, null, { x: null, y: null }],
    ],
    ['Dictionary', new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8()), ['a', null, 'b', 'a']],
  ])('%s', (_, type, values) => {
    const table = new arrow.Table({ a: arrow.vectorFromArray(values, type) });
    expect(valuesOf(table)).toEqual(values);
    expect(valuesOf(copied(table))).toEqual(values);
    // A part of a table has buffers that begin elsewhere.
    expect(valuesOf(copied(table).slice(1, 3))).toEqual(values.slice(1, 3));
    expect(valuesOf(table.slice(1, 3))).toEqual(values.slice(1, 3));
  });
});

describe('values that the package would change', () => {
  const column = (data: arrow.Data): ArrowTable => new arrow.Table({ a: new arrow.Vector([data]) });
  const timestamps = (type: arrow.Timestamp, ...values: bigint[]): ArrowTable =>
    column(arrow.makeData({ type, data: BigInt64Array.from(values) }));

  test.each<[string, arrow.Timestamp, bigint]>([
    ['seconds', new arrow.TimestampSecond('UTC'), 1n],
    ['milliseconds', new arrow.TimestampMillisecond(), 1000n],
    ['microseconds', new arrow.TimestampMicrosecond('UTC'), 1_000_000n],
    ['nanoseconds', new arrow.TimestampNanosecond(), 1_000_000_000n],
  ])('a timestamp in %s is a date', (_, type, perSecond) => {
    const seconds = [-86_400n, 0n, 1_575_000_000n];
    const values = seconds.map((each) => each * perSecond);
    const dates = seconds.map((each) => new Date(1000 * Number(each)));
    expect(valuesOf(timestamps(type, ...values))).toEqual(dates);
  });

  test('a timestamp with microseconds is refused, with its row', () => {
    const rows = timestamps(new arrow.TimestampMicrosecond(), 5000n, -1001n);
    expect(() => valuesOf(rows)).toThrow(/^Row 2, column "a": .*below a millisecond/);
  });

  test('a time that a Date cannot hold is a bigint', () => {
    const time = 8_640_000_000_000_001n;
    expect(valuesOf(timestamps(new arrow.TimestampMillisecond(), time, -time))).toEqual([
      time,
      -time,
    ]);
  });

  test('half floats', () => {
    const bits = [0x3c00, 0xc000, 0x0001, 0x03ff, 0x7bff, 0x8000, 0x7c00, 0xfc00, 0x7e00, 0x3555];
    const rows = column(
      arrow.makeData({ type: new arrow.Float16(), data: Uint16Array.from(bits) }),
    );
    const values = [
      1,
      -2,
      2 ** -24,
      1023 * 2 ** -24,
      65504,
      -0,
      Infinity,
      -Infinity,
      Number.NaN,
      0.333251953125,
    ];
    expect(valuesOf(rows)).toEqual(values);
  });

  /** Words of 32 bits, the lowest one first. */
  function decimals(scale: number, ...values: bigint[]): ArrowTable {
    const words = values.flatMap((value) =>
      [0n, 32n, 64n, 96n].map((shift) => Number(BigInt.asUintN(32, value >> shift))),
    );
    return column(
      arrow.makeData({ type: new arrow.Decimal(scale, 38, 128), data: Uint32Array.from(words) }),
    );
  }

  test('decimals without fractions are bigints, of any size', () => {
    const large = 10n ** 37n + 1n;
    expect(valuesOf(decimals(0, 5n, -1n, large))).toEqual([5n, -1n, large]);
    expect(valuesOf(decimals(2, 500n, -100n))).toEqual([5n, -1n]);
    expect(valuesOf(decimals(-2, 5n))).toEqual([500n]);
  });

  test('decimals of 15 digits are numbers, longer ones are refused', () => {
    expect(valuesOf(decimals(2, 12345n, -150n, 1n))).toEqual([123.45, -1.5, 0.01]);
    expect(() => valuesOf(decimals(2, 1n, 12345678901234567n))).toThrow(
      /^Row 2, column "a": .*more digits than a DOUBLE can hold/,
    );
  });

  test('texts as views', () => {
    const long = Buffer.from('a text of more than twelve bytes');
    const views = Buffer.alloc(48);
    views.writeInt32LE(2, 0);
    views.write('hi', 4);
    views.writeInt32LE(long.length, 32);
    views.write('a te', 36);
    const data = arrow.makeData({
      type: new arrow.Utf8View(),
      length: 3,
      views,
      variadicBuffers: [long],
    });
    expect(valuesOf(column(data))).toEqual(['hi', '', long.toString()]);
  });

  test('a text that is not UTF-8 is refused', () => {
    const data = arrow.makeData({
      type: new arrow.Utf8(),
      length: 1,
      valueOffsets: Int32Array.of(0, 2),
      data: Uint8Array.of(0x61, 0xe9),
    });
    expect(() => valuesOf(column(data))).toThrow(/^Row 1, column "a": "aé" is not UTF-8 text/);
  });
});

describe('tables', () => {
  test('rows of several batches are counted on', () => {
    const part = (...values: bigint[]): arrow.Data =>
      arrow.makeData({ type: new arrow.TimestampMicrosecond(), data: BigInt64Array.from(values) });
    const table = new arrow.Table({ a: new arrow.Vector([part(0n, 0n), part(0n, 1n)]) });
    expect(table.batches.length).toBe(2);
    expect(() => valuesOf(table)).toThrow(/^Row 4, column "a"/);
  });

  test('any name is a name of a column', () => {
    const table = new arrow.Table({
      ['__proto__']: arrow.vectorFromArray(['a'], new arrow.Utf8()),
      'a "b"': arrow.vectorFromArray([1n], new arrow.Int64()),
    });
    const [row = {}] = rowsOfArrow(table);
    expect(Object.entries(row)).toEqual([
      ['__proto__', 'a'],
      ['a "b"', 1n],
    ]);
  });

  test('a table without rows has none', () => {
    expect([
      ...rowsOfArrow(new arrow.Table({ a: arrow.vectorFromArray([], new arrow.Utf8()) })),
    ]).toEqual([]);
  });

  test('two columns of one name are refused', () => {
    const schema = new arrow.Schema(
      ['a', 'a'].map((name) => new arrow.Field(name, new arrow.Int32())),
    );
    expect(() => [...rowsOfArrow(new arrow.Table(schema))]).toThrow(
      'two columns with the name "a"',
    );
  });

  test.each<[string, arrow.DataType, unknown]>([
    ['Time64<NANOSECOND>', new arrow.TimeNanosecond(), 1n],
    ['Binary', new arrow.Binary(), Uint8Array.of(1)],
    ['Duration<SECOND>', new arrow.DurationSecond(), 1n],
  ])('the type %s is refused by name', (name, type, value) => {
    expect(() => valuesOf(tableOf(type, [value]))).toThrow(
      `Column "a" of the Arrow table has the type ${name}, which no column of Synapse can hold.`,
    );
  });

  test('are told from other rows', () => {
    expect(isArrowTable(tableOf(new arrow.Int32(), [1]))).toBe(true);
    expect(isArrowTable([{ schema: 1 }])).toBe(false);
  });
});
