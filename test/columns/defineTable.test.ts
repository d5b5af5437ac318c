import { describe, expect, test } from '@jest/globals';
import { columnTypes } from '../../src/columns/columnTypes.js';
import { defineTable } from '../../src/columns/defineTable.js';
import { ArgumentError } from '../../src/errors.js';

describe('a table is defined', () => {
  test('with columns of every type', () => {
    const columns = Object.fromEntries(Object.keys(columnTypes).map((type) => [type, { type }]));
    const definition = { name: 'all', columns } as never;
    expect(defineTable(definition)).toBe(definition);
  });

  test('with names in any script, with spaces, quotes and symbols', () => {
    const columns = {
      'größe (cm)': 'DOUBLE',
      数据: 'STRING',
      'it\'s "a"': 'LINK',
      '*/': 'DATE',
    } as const;
    expect(defineTable({ columns }).columns).toBe(columns);
  });

  test('without columns', () => {
    expect(defineTable({ columns: {} }).columns).toEqual({});
  });
});

describe('a definition is refused', () => {
  test.each<[string, unknown, RegExp]>([
    ['no columns', undefined, /defined by its columns/],
    ['null', null, /defined by its columns/],
    ['a list', ['age'], /defined by its columns/],
    [
      'an unknown type',
      { age: 'INTEGR' },
      /Column "age" has the type "INTEGR", which does not exist\. Types: STRING, /,
    ],
    ['a type in lower case', { age: 'integer' }, /does not exist/],
    ['a type that every object has', { age: 'toString' }, /does not exist/],
    ['no type', { age: {} }, /has the type null/],
    ['no column', { age: null }, /has the type null/],
    ['an empty name', { '': 'STRING' }, /empty/],
    ['white space around a name', { ' age': 'STRING' }, /white space/],
    ['a long name', { ['x'.repeat(257)]: 'STRING' }, /257 characters/],
    ['half of a character', { 'a\ud800': 'STRING' }, /cannot store/],
    ['a reserved name', { row_id: 'STRING' }, /reserved/],
    ['a size of 0', { a: { type: 'STRING', maximumSize: 0 } }, /from 1 to 1000/],
    [
      'a size that is too large',
      { a: { type: 'STRING_LIST', maximumSize: 1001 } },
      /from 1 to 1000/,
    ],
    ['a size that is no number', { a: { type: 'STRING', maximumSize: '5' } }, /from 1 to 1000/],
    [
      'a size of a number',
      { a: { type: 'INTEGER', maximumSize: 5 } },
      /INTEGER, which has no maximumSize/,
    ],
    ['a list of one element', { a: { type: 'DATE_LIST', maximumListLength: 1 } }, /from 2 to 100/],
    [
      'the length of a text',
      { a: { type: 'STRING', maximumListLength: 5 } },
      /has no maximumListLength/,
    ],
    ['sub-columns of a text', { a: { type: 'STRING', jsonSubColumns: [] } }, /only JSON/],
    [
      'too many columns',
      Object.fromEntries(Array.from({ length: 153 }, (_, index) => [`c${index}`, 'STRING'])),
      /at most 152 columns, this one has 153/,
    ],
  ])('with %s', (_, columns, message) => {
    const define = () => defineTable({ columns } as never);
    expect(define).toThrow(ArgumentError);
    expect(define).toThrow(message);
  });
});
