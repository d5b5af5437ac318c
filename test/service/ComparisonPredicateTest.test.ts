import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('ComparisonPredicateTest', () => {
  test.each([['testComparisonPredicateToSQL: not equal', 'age<>1', 'age <> 1']])(
    '%s',
    async (_, given, expected) => {
      expect(await table.printed(`select * from $ where ${given}`)).toBe(
        `SELECT * FROM $ WHERE ${expected}`,
      );
    },
  );

  test.each([
    [
      'testHasPredicate: a column is compared with a number',
      'select name from $ where age > 32',
      ['Cid'],
    ],
    [
      'testGetRightHandSideColumnWithColumn: a column is compared with a column',
      'select name from $ where owner < age',
      ['Ann', 'bob'],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.column(given)).toEqual(expected);
  });
});
