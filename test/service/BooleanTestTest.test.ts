import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('BooleanTestTest', () => {
  test.each([
    ['testBooleanTestSQLPrimaryOnly: a predicate without a test', "name <> 'bar'", "name <> 'bar'"],
    [
      'testBooleanTestSQLPrimaryIsTrue: a predicate may be tested for its truth',
      'name is null is true',
      'name IS NULL IS TRUE',
    ],
    [
      'testBooleanTestSQLPrimaryIsNotKnown: a predicate may be tested for being known',
      'age > 1 is not unknown',
      'age > 1 IS NOT UNKNOWN',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select * from $ where ${given}`)).toBe(
      `SELECT * FROM $ WHERE ${expected}`,
    );
  });
});
