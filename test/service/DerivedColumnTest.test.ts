import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('DerivedColumnTest', () => {
  test.each([
    ['testDerivedColumnToSQL: a column has no alias', 'name', 'name'],
    ['testDerivedColumnWithASToSQL: a column may have an alias', 'name as bond', 'name AS bond'],
    ['testDerivedColumnWithFunctionToSQL: a function may be selected', 'min(age)', 'MIN(age)'],
    ['testWithTableName: the table before a column stays', '$.name', '$.name'],
    ['testWithTableNameAndAlias: the table and an alias stay', '$.name as foo', '$.name AS foo'],
    [
      'testWithTableNameAndAliasInFunction: the table stays within a function',
      'max($.name) as foo',
      'MAX($.name) AS foo',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select ${given} from $`)).toBe(`SELECT ${expected} FROM $`);
  });

  test.each([
    [
      'testGetDisplayNameWithoutAsClause: without an alias the column gives the name',
      'name',
      ['name: STRING'],
    ],
    ['testGetDisplayNameWithAs: an alias gives the name', "'text' as foo", ['foo: STRING']],
    [
      'testGetDisplayNameWithAggregateAndAs: an alias names an aggregate',
      'count(name) as foo',
      ['foo: INTEGER'],
    ],
    [
      'testGetNameWithFunction: a function gives its SQL as the name',
      'date(born)',
      ['DATE(born): STRING'],
    ],
    [
      'testGetNameWithArithmetic: arithmetic gives its SQL as the name',
      '5 div 2',
      ['5 DIV 2: DOUBLE'],
    ],
    [
      'testGetDisplayNameWithAsQuotes: an alias loses its quotes',
      '\'text\' as "foo"',
      ['foo: STRING'],
    ],
    [
      'testGetDisplayNameWithAsDoubleQuotesInsideAliasName: doubled quotes of an alias become one',
      '\'text\' as "fo""o"',
      ['fo"o: STRING'],
    ],
    [
      'testGetReferencedColumnCountStar: a count of rows refers to no column',
      'count(*)',
      ['COUNT(*): INTEGER'],
    ],
    [
      'testGetReferencedColumnCountStarAs: a count of rows may have an alias',
      'count(*) as c',
      ['c: INTEGER'],
    ],
    ['testGetReferencedColumnAs: a column with an alias keeps its type', 'born as b', ['b: DATE']],
    [
      'testGetReferencedColumnAsQuotes: a text with an alias is a STRING',
      '\'text\' as "b"',
      ['b: STRING'],
    ],
    [
      'testGetReferencedColumnAsQuotesDouble: a quoted column with an alias keeps its type',
      '"born" as "b"',
      ['b: DATE'],
    ],
    [
      'testGetReferencedColumnFunction: an extreme has the type of its column',
      'max(born)',
      ['MAX(born): DATE'],
    ],
    [
      'testGetReferencedColumnFunctionQuotes: an extreme has the type of its quoted column',
      'max("born")',
      ['MAX("born"): DATE'],
    ],
    [
      'testGetReferencedColumnFunctionQuotesSingle: an extreme of a text is a STRING',
      "max('text')",
      ["MAX('text'): STRING"],
    ],
    [
      'testGetReferencedColumnFunctionAs: an extreme with an alias has the type of its column',
      'max(born) as "foo"',
      ['foo: DATE'],
    ],
    [
      'testGetReferencedColumnFunctionDistinct: DISTINCT does not change the type',
      'max(distinct born)',
      ['MAX(DISTINCT born): DATE'],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.headers(`select ${given} from $`)).toEqual(expected);
  });

  test.each([
    [
      'testWithTableAlias: the alias of the table stays',
      'select r.name from $ r',
      'SELECT r.name FROM $ r',
    ],
    [
      'testWithTableAliaAndAs: the alias of the table and of the column stay',
      'select r.name as foo from $ r',
      'SELECT r.name AS foo FROM $ r',
    ],
    [
      'testWithTableAliaAndAsInFunction: the alias of the table stays within a function',
      'select min(r.name) as foo from $ r',
      'SELECT MIN(r.name) AS foo FROM $ r',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(given)).toBe(expected);
  });
});
