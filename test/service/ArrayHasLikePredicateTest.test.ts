import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('ArrayHasLikePredicateTest', () => {
  test.each([
    ['testArrayHasLikePredicateToSQL: one pattern', 'tags has_like (1)', 'tags HAS_LIKE ( 1 )'],
    [
      'testArrayHasLikePredicateToSQLWithEscape: a pattern with an escape',
      "tags has_like (1) escape '_'",
      "tags HAS_LIKE ( 1 ) ESCAPE '_'",
    ],
    [
      'testHasPredicate: patterns are sorted by their SQL',
      "tags has_like (1,'2',3)",
      "tags HAS_LIKE ( '2', 1, 3 )",
    ],
    [
      'testHasPredicateWithEscape: patterns and an escape',
      "tags has_like (1,'2',3) escape '_'",
      "tags HAS_LIKE ( '2', 1, 3 ) ESCAPE '_'",
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select * from $ where ${given}`)).toBe(
      `SELECT * FROM $ WHERE ${expected}`,
    );
  });
});
