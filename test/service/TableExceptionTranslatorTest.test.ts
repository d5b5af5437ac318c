import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('TableExceptionTranslatorTest', () => {
  test.each([
    [
      'testTranslateExceptionBadSqlGrammarException: a column that the database does not know is named, with advice',
      'select name from $ order by foo',
      "Unknown column 'foo' in 'order clause' Note: If a column name contains spaces, punctuation, or SQL key words, then the name must be enclosed in double quotes.",
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });
});
