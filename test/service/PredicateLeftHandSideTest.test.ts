import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('PredicateLeftHandSideTest', () => {
  test.each([
    ['testPredicateLeftHandSideWithColumnReference: a column on the left', 'name = 1', 'name = 1'],
    [
      'testPredicateLeftHandSideWithMySqlFunction: a function on the left',
      "JSON_OVERLAPS(counts, '[1,2]') is true",
      "JSON_OVERLAPS(counts,'[1,2]') IS TRUE",
    ],
    [
      'testPredicateLeftHandSideWithCastSpecification: a cast on the left',
      'CAST(name AS STRING) = 1',
      'CAST(name AS STRING) = 1',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select * from $ where ${given}`)).toBe(
      `SELECT * FROM $ WHERE ${expected}`,
    );
  });
});
