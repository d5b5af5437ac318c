import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('NullPredicateTest', () => {
  test.each([
    ['testNullPredicateToSQL: a test for null', 'name is null', 'name IS NULL'],
    ['testNullPredicateToSQLNot: a test for not null', 'name is not null', 'name IS NOT NULL'],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select * from $ where ${given}`)).toBe(
      `SELECT * FROM $ WHERE ${expected}`,
    );
  });

  test.each([
    ['testHasPredicate: null is found', 'select name from $ where age is null', ['Ann']],
    [
      'testHasPredicateBoolean: true is found',
      'select name from $ where active is true',
      ['Ann', 'Ann'],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.column(given)).toEqual(expected);
  });
});
