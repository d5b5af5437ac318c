import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('QuerySpecificationTest', () => {
  test.each([
    [
      'testQuerySpecificationToSQL: two columns',
      'select name, age from $',
      'SELECT name, age FROM $',
    ],
    [
      'testQuerySpecificationToSQLWithSetQuantifier: distinct rows',
      'select distinct name, age from $',
      'SELECT DISTINCT name, age FROM $',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(given)).toBe(expected);
  });

  test.each([
    ['testIsAggregateNoDistinct: rows have ids', 'select * from $', true],
    [
      'testIsAggregateDistinct: distinct rows have no ids',
      'select distinct name, age from $',
      false,
    ],
  ])('%s', async (_, given, expected) => {
    const [row] = await table.rows(given);
    expect(row?.rowId !== undefined).toBe(expected);
  });

  test.each([
    [
      'testGetSingleTableNameWithJoin: a join has no single table',
      'select * from $ join $',
      'The JOIN keyword is not supported in this context',
    ],
    [
      'testWithoutTableExpression: a query needs a table',
      'select *',
      'Encountered "<EOF>" at line 1, column 8.',
    ],
    [
      'testQuerySpecificationEOF: nothing follows a query',
      'select * from $ this is random junk',
      'Encountered " "IS" "is ""',
    ],
    [
      'testQuerySpecificationEOFWithStaticCall: the end is one of what is expected',
      'select * from $ this is random junk',
      '<EOF>',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });
});
