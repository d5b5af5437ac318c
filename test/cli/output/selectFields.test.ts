import { describe, expect, test } from '@jest/globals';
import { selectFields } from '../../../src/cli/output/selectFields.js';

const selected = (value: unknown, fields: string): unknown =>
  selectFields(value, fields.split(',')).selected;
const missing = (value: unknown, fields: string): Record<string, string[]> =>
  Object.fromEntries(
    [...selectFields(value, fields.split(',')).missing].map(([field, names]) => [
      field,
      [...names],
    ]),
  );

describe('fields', () => {
  test('are kept in the order in which they are named', () => {
    expect(JSON.stringify(selected({ a: 1, b: 2, c: 3 }, 'c,a'))).toBe('{"c":3,"a":1}');
  });

  test('of members keep their place in the object', () => {
    const value = { id: 'syn1', annotations: { tissue: ['liver'], age: [4] } };
    expect(selected(value, 'annotations.tissue,id,annotations.age')).toEqual({
      annotations: { tissue: ['liver'], age: [4] },
      id: 'syn1',
    });
  });

  test('of lists are those of each item, also within an object', () => {
    expect(selected([{ a: 1, b: 2 }, { a: 3 }], 'a')).toEqual([{ a: 1 }, { a: 3 }]);
    expect(selected({ results: [{ id: 1, x: 2 }], total: 1 }, 'results.id')).toEqual({
      results: [{ id: 1 }],
    });
  });

  test('with dots in their names are found', () => {
    expect(selected({ 'a.b': { 'c.d': 1 }, a: { b: 2 } }, 'a.b.c.d')).toEqual({
      'a.b': { 'c.d': 1 },
    });
  });

  test('that an item lacks are null in it', () => {
    expect(selected([{ a: 1 }, { b: 2 }], 'a,b')).toEqual([
      { a: 1, b: null },
      { a: null, b: 2 },
    ]);
    expect(missing([{ a: 1 }, { b: 2 }], 'a,b')).toEqual({});
  });

  test('that no item has are reported with the names that are there', () => {
    expect(missing([{ a: 1 }, { b: 2 }], 'c')).toEqual({ c: ['a', 'b'] });
    expect(missing({ annotations: { tissue: [1] } }, 'annotations.organ')).toEqual({
      'annotations.organ': ['tissue'],
    });
    expect(missing({ a: 'text' }, 'a.b')).toEqual({ 'a.b': [] });
  });

  test('with the names of members that all objects have are no others', () => {
    expect(missing({ a: 1 }, 'constructor,__proto__')).toEqual({
      constructor: ['a'],
      ['__proto__']: ['a'],
    });
    expect(selected(JSON.parse('{"__proto__": 1}'), '__proto__')).toEqual(
      JSON.parse('{"__proto__": 1}'),
    );
  });
});
