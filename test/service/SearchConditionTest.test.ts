import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('SearchConditionTest', () => {
  test.each([
    ['testSearchConditionToSQLSingle: one comparison', 'age=1', 'age = 1'],
    ['testSearchConditionToSQLNegative: a negative number', 'age=-1', 'age = -1'],
    [
      'testSearchConditionToSQLSingleIsTrue: a test in any case',
      'active is True',
      'active IS TRUE',
    ],
    ['testSearchConditionToSQLSingleTrue: a truth in any case', 'active = True', 'active = TRUE'],
    [
      'testSearchConditionToSQLMultiple: alternatives are sorted',
      'name=1 or age=2',
      'age = 2 OR name = 1',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select * from $ where ${given}`)).toBe(
      `SELECT * FROM $ WHERE ${expected}`,
    );
  });
});
