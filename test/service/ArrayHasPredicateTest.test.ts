import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('ArrayHasPredicateTest', () => {
  test.each([
    ['testArrayHasPredicateToSQL: one element', 'tags has(1)', 'tags HAS ( 1 )'],
    [
      'testArrayHasPredicateToSQLNot: elements that are negated',
      'tags not has (1, 2)',
      'tags NOT HAS ( 1, 2 )',
    ],
    [
      'testHasPredicate: elements are sorted by their SQL',
      "tags has (1,'2',3)",
      "tags HAS ( '2', 1, 3 )",
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select * from $ where ${given}`)).toBe(
      `SELECT * FROM $ WHERE ${expected}`,
    );
  });
});
