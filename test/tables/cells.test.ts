import { describe, expect, test } from '@jest/globals';
import type { CellOptions, ColumnType } from '../../src/columns/columnTypes.js';
import { columnTypes } from '../../src/columns/columnTypes.js';
import { cellReader, UnreadableCell } from '../../src/tables/cells/readCell.js';
import { CellValueError, cellWriter, type CellColumn } from '../../src/tables/cells/writeCell.js';
import { ExactNumber } from '../../src/values/json.js';

type Case = [ColumnType, value: unknown, text: string | null, column?: Partial<CellColumn>];

function write(columnType: ColumnType, value: unknown, column: Partial<CellColumn> = {}) {
  return cellWriter({ name: 'c', columnType, ...column })(value, 3);
}

const day = Date.UTC(2019, 0, 1);

describe('a value is written', () => {
  test.each<Case>([
    ['STRING', '', ''],
    ['STRING', ' a\r\n"b", \\ ', ' a\r\n"b", \\ '],
    ['STRING', 'é😀', 'é😀'],
    ['STRING', 1.5, '1.5'],
    ['STRING', -0, '-0'],
    ['STRING', 2n ** 64n, '18446744073709551616'],
    ['STRING', true, 'true'],
    ['STRING', '😀😀', '😀😀', { maximumSize: 4 }],
    ['STRING', 'x'.repeat(50), 'x'.repeat(50)],
    ['STRING', 'b', 'b', { enumValues: ['a', 'b'] }],
    ['STRING', 'b', 'b', { enumValues: [] }],
    ['LINK', 'https://e.com/?a=1', 'https://e.com/?a=1', { maximumSize: 100 }],
    ['MEDIUMTEXT', 'x'.repeat(2000), 'x'.repeat(2000)],
    ['LARGETEXT', 'x'.repeat(524_288), 'x'.repeat(524_288)],
    ['INTEGER', 5, '5'],
    ['INTEGER', -0, '0'],
    ['INTEGER', Number.MAX_SAFE_INTEGER, '9007199254740991'],
    ['INTEGER', 9007199254740993n, '9007199254740993'],
    ['INTEGER', '9223372036854775807', '9223372036854775807'],
    ['INTEGER', '-9223372036854775808', '-9223372036854775808'],
    ['INTEGER', ' +007 ', '7'],
    ['INTEGER', '-0', '0'],
    ['INTEGER', '-00000000000000000000', '0'],
    ['INTEGER', '-0000000000000000000005', '-5'],
    ['DOUBLE', 1, '1'],
    ['DOUBLE', -0, '-0'],
    ['DOUBLE', 1e-320, '1e-320'],
    ['DOUBLE', 1e21, '1e+21'],
    ['DOUBLE', NaN, 'NaN'],
    ['DOUBLE', -Infinity, '-Infinity'],
    ['DOUBLE', 'inf', 'Infinity'],
    ['DOUBLE', 'nan', 'NaN'],
    ['DOUBLE', ' 1.50 ', '1.5'],
    ['DOUBLE', '-0.0', '-0'],
    ['DOUBLE', '0e400', '0'],
    ['DOUBLE', '-74464086022244600', '-74464086022244600'],
    ['DOUBLE', '0.1000000000000000055511151231257827', '0.1'],
    ['DOUBLE', 2n ** 64n, '18446744073709552000'],
    ['DOUBLE', '18446744073709551616', '18446744073709552000'],
    ['BOOLEAN', true, 'true'],
    ['BOOLEAN', ' FALSE ', 'false'],
    ['DATE', new Date(-1), '-1'],
    ['DATE', new Date(8.64e15), '8640000000000000'],
    ['DATE', 1575000000123, '1575000000123'],
    ['DATE', 2n ** 62n, '4611686018427387904'],
    ['DATE', '-9223372036854775808', '-9223372036854775808'],
    ['DATE', '2019-01-01', String(day)],
    ['DATE', '2019-01-01T00:00:00', String(day)],
    ['DATE', '2019-01-01 01:00:00.1+01:00', String(day + 100)],
    ['DATE', '2019-01-01T00:00:00.120000Z', String(day + 120)],
    ['DATE', '2019-1-1 0:0:0.5', String(day + 500)],
    ['DATE', '2019-01-01 00:00:01', String(day + 1000)],
    ['DATE', '2020-02-29T23:59:59.999Z', '1583020799999'],
    ['DATE', '0099-01-01', '-59042995200000'],
    ['DATE', '2019-W01-1', String(day - 86_400_000)],
    ['DATE', '0001-01-01', '-62135596800000'],
    ['DATE', new Date(8.64e15).toISOString(), '8640000000000000'],
    ['DATE', new Date(-8.64e15).toISOString(), '-8640000000000000'],
    ['ENTITYID', 'SYN12', 'syn12'],
    ['ENTITYID', ' 12 ', 'syn12'],
    ['ENTITYID', 12, 'syn12'],
    ['ENTITYID', { id: 'syn12', versionNumber: 3 }, 'syn12'],
    ['FILEHANDLEID', { id: '12' }, '12'],
    ['USERID', { ownerId: '273950' }, '273950'],
    ['USERID', 273950, '273950'],
    ['SUBMISSIONID', '0012', '12'],
    ['EVALUATIONID', 9223372036854775807n, '9223372036854775807'],
    ['JSON', { a: [1, null, 'é"'] }, '{"a":[1,null,"é\\""]}'],
    ['JSON', [], '[]'],
    ['JSON', { a: 9007199254740993n, b: -0 }, '{"a":9007199254740993,"b":-0}'],
    ['JSON', { a: new ExactNumber('1.0') }, '{"a":1.0}'],
    ['JSON', { a: undefined, d: new Date(0) }, '{"d":"1970-01-01T00:00:00.000Z"}'],
    ['JSON', ' {"a": 1.0, "b": 18446744073709551615}', ' {"a": 1.0, "b": 18446744073709551615}'],
    ['JSON', '["\\u0000"]', '["\\u0000"]'],
    ['STRING_LIST', [], '[]'],
    ['STRING_LIST', ['', 'a"b', 'é\n', '\0'], '["","a\\"b","é\\n","\\u0000"]'],
    [
      'STRING_LIST',
      '["a", 1.0, true, 12345678901234567890]',
      '["a","1.0","true","12345678901234567890"]',
    ],
    ['STRING_LIST', new Set(['a']), '["a"]'],
    ['INTEGER_LIST', [1, 9007199254740993n, '7'], '[1,9007199254740993,7]'],
    ['INTEGER_LIST', '[9007199254740993]', '[9007199254740993]'],
    ['INTEGER_LIST', '[3987511969303531000, 1]', '[3987511969303531000,1]'],
    ['USERID_LIST', '[3987511969303531000]', '[3987511969303531000]'],
    ['INTEGER_LIST', BigInt64Array.of(5n), '[5]'],
    ['BOOLEAN_LIST', [true, 'False'], '[true,false]'],
    ['BOOLEAN_LIST', '[true]', '[true]'],
    ['DATE_LIST', [new Date(0), '2019-01-01'], `[0,${day}]`],
    ['ENTITYID_LIST', ['syn1', 2], '["syn1","syn2"]'],
    ['USERID_LIST', ['1', 2], '[1,2]'],
  ])('%s %p', (type, value, text, column = {}) => {
    expect(write(type, value, column)).toBe(text);
  });

  test.each(Object.keys(columnTypes) as ColumnType[])('%s null, undefined', (type) => {
    expect(write(type, null)).toBeNull();
    expect(write(type, undefined)).toBeNull();
  });

  test.each(Object.keys(columnTypes) as ColumnType[])('%s empty text', (type) => {
    const isText = ['STRING', 'LINK', 'MEDIUMTEXT', 'LARGETEXT'].includes(type);
    expect(write(type, '')).toBe(isText ? '' : null);
  });
});

const cyclic: Record<string, unknown> = {};
cyclic['self'] = [cyclic];
const deep = JSON.parse('['.repeat(101) + ']'.repeat(101)) as unknown;

describe('a value that does not fit is refused', () => {
  test.each<[ColumnType, unknown, string | RegExp, Partial<CellColumn>?]>([
    ['STRING', 'x'.repeat(51), 'has 51 characters, the column holds 50'],
    ['STRING', 'abc', 'has 3 characters, the column holds 2', { maximumSize: 2 }],
    ['STRING', '😀😀', 'has 4 characters, the column holds 3', { maximumSize: 3 }],
    ['STRING', 'c', 'is not one of the values of the column: "a", "b"', { enumValues: ['a', 'b'] }],
    ['STRING', '', 'is not one of the values of the column: "a"', { enumValues: ['a'] }],
    ['STRING', 'a\ud800', /half of a surrogate pair/],
    ['STRING', 'a\0b', /character NUL/],
    ['STRING', NaN, 'is not a text'],
    ['STRING', new Date(0), 'is not a text'],
    ['STRING', ['a'], 'is not a text'],
    ['MEDIUMTEXT', 'x'.repeat(2001), /the column holds 2000/],
    ['LARGETEXT', 'x'.repeat(524_289), /the column holds 524288/],
    ['INTEGER', 1.5, 'is not a whole number'],
    ['INTEGER', '1.0', 'is not a whole number'],
    ['INTEGER', ' ', 'is not a whole number'],
    ['INTEGER', true, 'is not a whole number'],
    ['INTEGER', NaN, 'is not a whole number'],
    ['INTEGER', 2 ** 53, /pass a bigint/],
    ['INTEGER', 2n ** 63n, /beyond 64 bits/],
    ['INTEGER', '9223372036854775808', /beyond 64 bits/],
    ['INTEGER', '-9223372036854775809', /beyond 64 bits/],
    ['INTEGER', '1'.repeat(1e6), /beyond 64 bits/],
    ['DOUBLE', '1,5', 'is not a number'],
    ['DOUBLE', '0x1', 'is not a number'],
    ['DOUBLE', '1e400', /beyond the range/],
    ['DOUBLE', '-1e-400', /beyond the range/],
    ['DOUBLE', '9007199254740993', /cannot hold exactly/],
    ['DOUBLE', 2n ** 53n + 1n, /cannot hold exactly/],
    ['DOUBLE', 10n ** 400n, /cannot hold exactly/],
    ['DOUBLE', true, 'is not a number'],
    ['BOOLEAN', 1, 'is not a boolean'],
    ['BOOLEAN', 'yes', 'is not a boolean'],
    ['DATE', new Date(NaN), /is not a date/],
    ['DATE', 1.5, /below a millisecond/],
    ['DATE', 2 ** 60, /beyond 2\^53/],
    ['DATE', '2019-02-30', /is not a date/],
    ['DATE', '2019-02-29 10:00:00', /is not a date/],
    ['DATE', '2019-13-01', /is not a date/],
    ['DATE', '2019-00-01', /is not a date/],
    ['DATE', '2019-01-00', /is not a date/],
    ['DATE', '2019-01-01T24:00:00', /is not a date/],
    ['DATE', '2019-02-30T00:00:00.000Z', /is not a date/],
    ['DATE', '19-02-03', /is not a date/],
    ['DATE', '2019-01-01T00:00:00.1234Z', /below a millisecond/],
    ['DATE', true, /is not a date/],
    ['ENTITYID', 'syn12.3', 'has a version, which Synapse does not store: write syn12'],
    ['ENTITYID', 'sny12', /is not an entity id/],
    ['ENTITYID', { name: 'new' }, /is not an entity id/],
    ['ENTITYID', 'syn99999999999999999999', /beyond 64 bits/],
    ['USERID', 'bob', /is not an id/],
    ['USERID', -5, /is not an id/],
    ['FILEHANDLEID', 1.5, /is not an id/],
    ['JSON', 'text', /neither a JSON object nor a list/],
    ['JSON', 5, /neither a JSON object nor a list/],
    ['JSON', new Date(0), /neither a JSON object nor a list/],
    ['JSON', '{a: 1}', 'is not JSON'],
    ['JSON', '{"a": 1, "a": 2}', /has a key twice/],
    ['JSON', '{"a":18446744073709551616}', /beyond 64 bits/],
    ['JSON', '{"a":1e999}', /out of range/],
    ['JSON', '["\\ud800"]', /half of a surrogate pair/],
    ['JSON', { a: '\udc00' }, /half of a surrogate pair/],
    ['JSON', { '\udc00': 1 }, /half of a surrogate pair/],
    ['JSON', { a: NaN }, /NaN, which JSON does not have/],
    ['JSON', [undefined], /does not have \(undefined\)/],
    ['JSON', { a: () => 1 }, /does not have \(function\)/],
    ['JSON', { a: new Map([[1, 2]]) }, /a Map, whose content JSON would lose/],
    ['JSON', { a: Uint8Array.of(1) }, /a typed array/],
    ['JSON', { a: new Date(NaN) }, /invalid date/],
    ['JSON', { a: 2n ** 64n }, /beyond 64 bits/],
    ['JSON', { a: new ExactNumber('-9223372036854775809') }, /beyond 64 bits/],
    ['JSON', cyclic, 'contains itself'],
    ['JSON', deep, /nested more than 100/],
    ['JSON', ['x'.repeat(524_288)], /characters as JSON/],
    ['STRING_LIST', 'a,b', /is not a JSON list/],
    ['STRING_LIST', "['a']", /is not a JSON list/],
    ['STRING_LIST', '{"a":1}', /is not a JSON list/],
    ['STRING_LIST', 5, 'is not a list'],
    ['STRING_LIST', { a: 1 }, 'is not a list'],
    ['STRING_LIST', ['a', null], 'has an element without a value'],
    ['STRING_LIST', [['a']], 'has an element that is not a text'],
    [
      'STRING_LIST',
      ['abc'],
      'has an element that has 3 characters, the column holds 2',
      { maximumSize: 2 },
    ],
    [
      'STRING_LIST',
      ['a', 'b', 'c'],
      'has 3 elements, the column holds 2',
      { maximumListLength: 2 },
    ],
    [
      'STRING_LIST',
      Array.from({ length: 101 }, () => 'a'),
      'has 101 elements, the column holds 100',
    ],
    ['INTEGER_LIST', [1, ''], 'has an element that is not a whole number'],
    ['INTEGER_LIST', [2 ** 60], /pass a bigint/],
    ['INTEGER_LIST', '[1.5]', 'has an element that is not a whole number'],
    ['ENTITYID_LIST', ['syn1.2'], /has an element that has a version/],
  ])('%s %p: %s', (type, value, reason, column = {}) => {
    let error: unknown;
    try {
      write(type, value, column);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(CellValueError);
    expect(error).toMatchObject({ row: 3, column: 'c', value });
    const { message, reason: given } = error as CellValueError;
    expect(message.startsWith('Row 3, column "c": ')).toBe(true);
    expect(message.length).toBeLessThan(600);
    if (typeof reason === 'string') expect(given).toBe(reason);
    else expect(given).toMatch(reason);
  });

  test('of a type that is newer than this client', () => {
    expect(() => write('VECTOR' as ColumnType, 'x')).toThrow(/does not know/);
  });
});

describe('a text is read', () => {
  test.each<[ColumnType, string, unknown, CellOptions?]>([
    ['STRING', '', ''],
    ['STRING', ' é ', ' é '],
    ['INTEGER', '-5', -5],
    ['INTEGER', '-0', 0],
    ['INTEGER', ' +007 ', 7],
    ['INTEGER', '9007199254740991', Number.MAX_SAFE_INTEGER],
    ['INTEGER', '9223372036854775807', 9223372036854775807n, { integers: 'bigint' }],
    ['INTEGER', '-9223372036854775808', '-9223372036854775808', { integers: 'string' }],
    ['INTEGER', '', null],
    ['DOUBLE', '-0', -0],
    ['DOUBLE', '1e-320', 1e-320],
    ['DOUBLE', '1.0E10', 1e10],
    ['DOUBLE', 'NaN', NaN],
    ['DOUBLE', '-Infinity', -Infinity],
    ['BOOLEAN', 'true', true],
    ['BOOLEAN', '0', false],
    ['DATE', '-1', new Date(-1)],
    ['DATE', '8640000000000001', 8640000000000001, { dates: 'epoch' }],
    ['ENTITYID', 'syn1', 'syn1'],
    ['USERID', '1', '1'],
    ['JSON', '{"a": 9007199254740993}', { a: 9007199254740993n }],
    ['JSON', '{"a": 1.0}', { a: 1 }],
    ['JSON', '{"a": 1.0}', { a: new ExactNumber('1.0') }, { json: 'exact' }],
    ['JSON', '{"a": 1.0}', '{"a": 1.0}', { json: 'text' }],
    ['JSON', '', null],
    ['STRING_LIST', '["a", 1]', ['a', '1']],
    ['STRING_LIST', '[]', []],
    ['STRING_LIST', '', null],
    // What Synapse makes of no value when the column becomes one of lists.
    ['STRING_LIST', '[null]', null],
    ['INTEGER_LIST', '[1, 9007199254740993]', [1n, 9007199254740993n], { integers: 'bigint' }],
    ['BOOLEAN_LIST', '[true, false]', [true, false]],
    ['DATE_LIST', '[0, -1]', [new Date(0), new Date(-1)]],
    ['ENTITYID_LIST', '["syn1"]', ['syn1']],
    ['USERID_LIST', '[1]', ['1']],
  ])('%s %s', (type, text, value, options = {}) => {
    expect(cellReader(type, options)(text)).toEqual(value);
  });

  test('of a type that is newer than this client, as it is', () => {
    expect(cellReader('VECTOR' as ColumnType)('[1]')).toBe('[1]');
  });

  test.each<[ColumnType, string, RegExp, CellOptions?]>([
    ['INTEGER', '9007199254740993', /integers: 'bigint'/],
    ['INTEGER', '1.0', /not an integer/],
    ['INTEGER', '1'.repeat(1e6), /not an integer/, { integers: 'bigint' }],
    ['INTEGER_LIST', '[9007199254740993]', /integers: 'bigint'/],
    ['DOUBLE', 'abc', /not a number/],
    ['DOUBLE', '1e400', /beyond the range/],
    ['BOOLEAN', 'yes', /not a boolean/],
    ['DATE', '1.5', /not a whole number/],
    ['DATE', '8640000000000001', /dates: 'epoch'/],
    ['DATE', '9223372036854775807', /CAST/, { dates: 'epoch' }],
    ['JSON', '{', /not JSON/],
    ['STRING_LIST', 'a', /not a JSON list/],
    ['STRING_LIST', '["a", null]', /element without a value/],
    ['STRING_LIST', '[["a"]]', /element that is no value/],
  ])('%s %s is an error', (type, text, reason, options = {}) => {
    const read = cellReader(type, options);
    expect(() => read(text)).toThrow(UnreadableCell);
    expect(() => read(text)).toThrow(reason);
  });
});
