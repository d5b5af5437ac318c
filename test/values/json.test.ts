import { describe, expect, test } from '@jest/globals';
import { ArgumentError } from '../../src/errors.js';
import { ExactNumber, parseJson, parseJsonInput, stringifyJson } from '../../src/values/json.js';

describe('parseJson', () => {
  test.each([
    ['1', 1],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
    ['100000000000000000000', 1e20],
    ['1.5', 1.5],
    ['0.1234567890123456789', 0.12345678901234568],
    ['1234567890123456.5', 1234567890123456.5],
    ['"9007199254740993"', '9007199254740993'],
  ])('reads %s', (text, value) => {
    expect(parseJson(text)).toBe(value);
    expect(parseJson(`{"a":[${text}]}`)).toEqual({ a: [value] });
  });

  test.each(['1.0', '1e2', '-0.0', '1E400', '0.10', '9007199254740993'])(
    'keeps the text of %s with exactNumbers',
    (text) => {
      const value = parseJson(text, { exactNumbers: true });
      expect(value).toBeInstanceOf(ExactNumber);
      expect(stringifyJson({ value })).toBe(`{"value":${text}}`);
    },
  );

  test('keeps every key, also beside long numbers', () => {
    const text = '{"__proto__":9007199254740993,"constructor":1,"toString":2}';
    expect(stringifyJson(parseJson(text))).toBe(text);
  });

  test('takes the last of two members of one name, as JSON.parse does', () => {
    expect(parseJson('{"a":9007199254740993,"a":2}')).toEqual({ a: 2 });
  });

  test('reports text that is nested too deeply as a syntax error', () => {
    const text = `${'['.repeat(100_000)}9007199254740993${']'.repeat(100_000)}`;
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});

describe('parseJsonInput', () => {
  test.each([
    ['NaN', Number.NaN],
    ['Infinity', Infinity],
    ['-Infinity', -Infinity],
    ['"NaN"', 'NaN'],
    ['"\\"NaN"', '"NaN'],
    ['"1e9991"', '1e9991'],
  ])('reads %s', (text, value) => {
    expect(parseJsonInput(`[${text}]`)).toEqual([value]);
  });

  test('does not mistake a number in the text for a name', () => {
    expect(String((parseJsonInput('[1e9991, NaN]') as unknown[])[0])).toBe('1e9991');
  });

  test.each(['NaNs', '+Infinity', '{"a":1,}', '01', '"open', '[1', ''])('refuses %s', (text) => {
    expect(() => parseJsonInput(text)).toThrow(SyntaxError);
  });

  test.each([
    '"\\"'.repeat(50_000),
    '"'.repeat(100_001),
    'NaN'.repeat(30_000),
    '9'.repeat(100_000),
  ])('reads a long text in linear time', (text) => {
    const began = performance.now();
    expect(() => parseJsonInput(`[${text}`)).toThrow(SyntaxError);
    expect(performance.now() - began).toBeLessThan(500);
  });
});

describe('stringifyJson', () => {
  test.each([
    [9007199254740993n, '9007199254740993'],
    [-0, '-0'],
    [new ExactNumber('1.0'), '1.0'],
    [1e21, '1e+21'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ])('writes %p', (value, text) => {
    expect(stringifyJson([value])).toBe(`[${text}]`);
    expect(stringifyJson([1n, value])).toBe(`[1,${text}]`);
  });

  test.each([Number.NaN, Infinity, -Infinity, new Date(Number.NaN)])(
    'refuses %p, which would become null',
    (value) => {
      expect(() => stringifyJson({ a: { b: value } })).toThrow(ArgumentError);
    },
  );

  test('writes what JSON does not have as strings, if that is asked for', () => {
    expect(stringifyJson([Number.NaN, -Infinity], { nonFinite: 'text' })).toBe(
      '["NaN","-Infinity"]',
    );
  });

  test('writes other values as JSON.stringify does', () => {
    const value = { a: undefined, b: [undefined, () => 1], c: { toJSON: () => 'x' }, d: 'é\u2028' };
    expect(stringifyJson({ ...value, n: 1n })).toBe(JSON.stringify({ ...value, n: 1 }));
    expect(stringifyJson({ ...value, n: 1n }, { indent: 2 })).toBe(
      JSON.stringify({ ...value, n: 1 }, null, 2),
    );
  });
});
