import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('TableQueryUtilsTest', () => {
  test.each([
    [
      'testExtractTableIdFromSqlWithParserException: a word that is no name of a column is explained',
      'select "year" from $ where timestamp = 1',
      'Encountered " "TIMESTAMP" "timestamp ""',
    ],
    [
      'testExtractTableIdFromSqlWithJoin: a query has one table',
      'select * from $ join $',
      'The JOIN keyword is not supported in this context',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });

  test.each([
    [
      'testPLFM_6027: an id may be in capitals and end in a space',
      'select age from $ where age = 20 ',
      ['20'],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.column(given)).toEqual(expected);
  });
});
