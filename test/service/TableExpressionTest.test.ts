import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('TableExpressionTest', () => {
  test.each([
    ['testTableExpressionToSQLNoWhere: only a table', 'select name from $', 'SELECT name FROM $'],
    [
      'testTableExpressionToSQLWithWhere: a condition',
      'select name from $ where age = 123',
      'SELECT name FROM $ WHERE age = 123',
    ],
    [
      'testTableExpressionToSQLWithGroupBy: groups',
      'select name from $ group by name',
      'SELECT name FROM $ GROUP BY name',
    ],
    [
      'testTableExpressionToSQLWithWhereAndGroupBy: a condition and groups',
      'select name from $ where age=owner group by name',
      'SELECT name FROM $ WHERE age = owner GROUP BY name',
    ],
    [
      'testTableExpressionToSQLWithPagination: limits',
      'select name from $ limit 1 offset 2',
      'SELECT name FROM $ LIMIT 1 OFFSET 2',
    ],
    [
      'testTableExpressionToSQLWithWhereAndPagination: a condition and limits',
      'select name from $ where age = 3 limit 1 offset 2',
      'SELECT name FROM $ WHERE age = 3 LIMIT 1 OFFSET 2',
    ],
    [
      'testTableExpressionToSQLWithWhereAndGroupingAndPagination: a condition, groups and limits',
      'select name from $ where age = 3 group by name limit 1 offset 2',
      'SELECT name FROM $ WHERE age = 3 GROUP BY name LIMIT 1 OFFSET 2',
    ],
    [
      'testTableExpressionWithOrderBy: an order',
      'select name from $ order by name asc, age desc',
      'SELECT name FROM $ ORDER BY name ASC, age DESC',
    ],
    [
      'testTableExpressionWithWhereAndOrderBy: a condition and an order',
      'select name from $ where age = 100 order by name desc',
      'SELECT name FROM $ WHERE age = 100 ORDER BY name DESC',
    ],
    [
      'testTableExpressionWithAll: everything',
      'select name from $ where age = 100 group by name order by name desc limit 100 offset 9999',
      'SELECT name FROM $ WHERE age = 100 GROUP BY name ORDER BY name DESC LIMIT 100 OFFSET 9999',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(given)).toBe(expected);
  });

  test.each([
    [
      'testTableExpressionIsAggregateNoGroupBy: without groups rows have ids',
      'select name from $ where age = 20 order by name limit 100',
      true,
    ],
    [
      'testTableExpressionIsAggregateGroupBy: groups have no ids',
      'select name from $ group by name',
      false,
    ],
  ])('%s', async (_, given, expected) => {
    const [row] = await table.rows(given);
    expect(row?.rowId !== undefined).toBe(expected);
  });
});
