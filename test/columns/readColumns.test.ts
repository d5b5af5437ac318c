import { describe, expect, test } from '@jest/globals';
import { defineTable } from '../../src/columns/defineTable.js';
import { readColumns, type ColumnDefinitions } from '../../src/columns/readColumns.js';

const columns = [
  { name: 'age', columnType: 'INTEGER' },
  { name: 'tags', columnType: 'STRING_LIST', maximumSize: 20 },
];

describe('columns can be given', () => {
  const record = { age: 'INTEGER', tags: { type: 'STRING_LIST', maximumSize: 20 } } as const;

  test('as an object with the type of each', () => {
    expect(readColumns(record)).toEqual(columns);
  });

  test('as a definition', () => {
    expect(readColumns(defineTable({ columns: record }))).toEqual(columns);
    expect(readColumns(defineTable({ name: 'visits', columns: record }))).toEqual(columns);
  });

  test('as a list, with `type` or with `columnType`', () => {
    expect(
      readColumns([
        { name: 'age', type: 'INTEGER' },
        { name: 'tags', columnType: 'STRING_LIST', maximumSize: 20 },
      ]),
    ).toEqual(columns);
  });

  test('with ids, and with null for what is missing, as JSON has them', () => {
    const given = JSON.parse(
      '[{"id":"7","name":"age","columnType":"INTEGER","facetType":null}]',
    ) as ColumnDefinitions;
    expect(readColumns(given)).toEqual([{ id: '7', name: 'age', columnType: 'INTEGER' }]);
  });
});

describe('names that mean something else', () => {
  test('a column can be named like a member of a definition', () => {
    expect(readColumns({ columns: 'INTEGER', name: 'STRING' })).toEqual([
      { name: 'columns', columnType: 'INTEGER' },
      { name: 'name', columnType: 'STRING' },
    ]);
    expect(readColumns({ columns: { type: 'STRING' }, name: 'STRING' })).toHaveLength(2);
    expect(readColumns({ columns: { type: 'STRING', age: 'INTEGER' } })).toEqual([
      { name: 'type', columnType: 'STRING' },
      { name: 'age', columnType: 'INTEGER' },
    ]);
  });

  test('what can mean both is an error', () => {
    expect(() => readColumns({ columns: { type: 'STRING' } })).toThrow('can mean a column');
  });

  test('a column can be named like a member of every object', () => {
    const given = JSON.parse('{"__proto__":"STRING","constructor":"INTEGER"}') as ColumnDefinitions;
    expect(readColumns(given).map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
  });
});

const wrong: [what: string, given: unknown, message: string][] = [
  [
    'a type that does not exist',
    { a: 'INT' },
    'Column "a" has the type "INT", which does not exist',
  ],
  ['a type in lower case', { a: 'integer' }, 'the type "integer", which does not exist'],
  ['no type', [{ name: 'a' }], 'Column "a" has the type null'],
  ['no name', [{ type: 'INTEGER' }], 'A column has no name'],
  ['an unknown property', { a: { type: 'STRING', maxSize: 5 } }, 'have no property "maxSize"'],
  ['a text', 'age:INTEGER', 'does not describe columns'],
  ['null', null, 'does not describe columns'],
  ['a list of ids', ['123'], '"123" is not a column'],
];

test.each(wrong)('%s is an error', (_, given, message) => {
  expect(() => readColumns(given as ColumnDefinitions)).toThrow(message);
});
