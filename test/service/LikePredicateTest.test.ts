import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('LikePredicateTest', () => {
  test.each([
    ['testLikePredicateToSQL: a pattern', "name like '%middle%'", "name LIKE '%middle%'"],
    [
      'testLikePredicateToSQLNot: a pattern that is negated',
      "name not like '%middle%'",
      "name NOT LIKE '%middle%'",
    ],
    [
      'testLikePredicateToSQLEscape: a pattern with an escape',
      "name not like '%middle%' escape '$$'",
      "name NOT LIKE '%middle%' ESCAPE '$'",
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select * from $ where ${given}`)).toBe(
      `SELECT * FROM $ WHERE ${expected}`,
    );
  });

  test.each([
    [
      'testHasPredicate: a pattern finds texts',
      "select name from $ where name like '%i%'",
      ['Cid'],
    ],
    [
      'testHasPredicateEscape: an escaped mark is a character',
      "select name from $ where name like 'b@%%' ESCAPE '@'",
      [],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.column(given)).toEqual(expected);
  });
});
