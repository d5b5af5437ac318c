import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('TextMatchesPredicateTest', () => {
  test.each([
    [
      'testTextMatchesPredicateWithNonCharacterLiteral: a search is a text',
      'select * from $ where TEXT_MATCHES(1.0)',
      'Encountered " <exact_numeric_literal> "1.0 ""',
    ],
    [
      'testTextMatchesPredicate: a search needs a table that is indexed',
      "select * from $ where TEXT_MATCHES('test')",
      'Full text search is not enabled on table',
    ],
    [
      'testTextMatchesPredicateWithCaseInsensitive: the word is in any case',
      "select * from $ where text_MATCHES('test')",
      'Full text search is not enabled on table',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });
});
