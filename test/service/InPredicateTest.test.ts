import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('InPredicateTest', () => {
  test.each([
    ['testInPredicateToSQL: a list of one', 'age in(1)', 'age IN ( 1 )'],
    ['testInPredicateToSQLNot: a list that is negated', 'age not in(1, 2)', 'age NOT IN ( 1, 2 )'],
    ['testInPredicateToSQL_NotSetToFalse: a list of two', 'age in(1, 2)', 'age IN ( 1, 2 )'],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select * from $ where ${given}`)).toBe(
      `SELECT * FROM $ WHERE ${expected}`,
    );
  });

  test.each([
    [
      'testHasPredicate: numbers and texts are mixed',
      "select name from $ where age in (20,'40',3)",
      ['bob', 'Cid'],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.column(given)).toEqual(expected);
  });
});
