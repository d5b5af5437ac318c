import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('PredicateTest', () => {
  test.each([
    [
      'testPredicateToSQLComparisonPredicate: comparisons have spaces',
      'age>=123.4',
      'age >= 123.4',
    ],
    [
      'testPredicateToSQLBetweenPredicate: a range of decimals',
      'score between 0.0 and 1.0',
      'score BETWEEN 0.0 AND 1.0',
    ],
    ['testPredicateToSQLInPredicate: a list of numbers', 'age in (5,3,2)', 'age IN ( 2, 3, 5 )'],
    ['testPredicateToSQLLikePredicate: a pattern', "name like '%suffix'", "name LIKE '%suffix'"],
    [
      'testPredicateToSQLisInfinityBooleanFunction: a test for infinity is in capitals',
      'isInfinity(score)',
      'ISINFINITY(score)',
    ],
    [
      'testPredicateToSQLIsNanBooleanFunction: a test for NaN is in capitals',
      'isNaN(score)',
      'ISNAN(score)',
    ],
    ['testPredicateToSQLNullPredicate: a test for null', 'name is null', 'name IS NULL'],
    [
      'testPredicateToSQLNotNullPredicate: a test for not null',
      'name is not null',
      'name IS NOT NULL',
    ],
    ['testBooleanTestSQLPrimaryIsBooleanTrue: a test for true', 'active is true', 'active IS TRUE'],
    [
      'testBooleanTestSQLPrimaryIsBooleanFalse: a test for false in any case',
      'active is fAlse',
      'active IS FALSE',
    ],
    [
      'testBooleanTestSQLPrimaryIsBooleanNotTrue: a test for not true',
      'active is not true',
      'active IS NOT TRUE',
    ],
    [
      'testBooleanTestSQLPrimaryIsBooleanNotFalse: a test for not false',
      'active is not false',
      'active IS NOT FALSE',
    ],
    [
      'testBooleanTestSQLPrimaryIsBooleanEqualsTrue: a comparison with true',
      'active = true',
      'active = TRUE',
    ],
    [
      'testBooleanTestSQLPrimaryIsBooleanEqualsFalse: a comparison with false',
      'active <> fAlse',
      'active <> FALSE',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select * from $ where ${given}`)).toBe(
      `SELECT * FROM $ WHERE ${expected}`,
    );
  });
});
