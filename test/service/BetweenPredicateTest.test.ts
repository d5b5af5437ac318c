import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('BetweenPredicateTest', () => {
  test.each([
    ['testBetweenPredicateToSQL: a range', 'age between 1.0 and 2.0', 'age BETWEEN 1.0 AND 2.0'],
    [
      'testBetweenPredicateToSQLNot: a range that is negated',
      'age not between 1.0 and 2.0',
      'age NOT BETWEEN 1.0 AND 2.0',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select * from $ where ${given}`)).toBe(
      `SELECT * FROM $ WHERE ${expected}`,
    );
  });

  test.each([
    [
      'testHasPredicate: both ends are within',
      'select name from $ where age between 20 and 30',
      ['Ann', 'bob'],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.column(given)).toEqual(expected);
  });
});
