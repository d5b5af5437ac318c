import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('BooleanTermTest', () => {
  test.each([
    ['testBooleanTermToSQLSingle: one comparison', 'age=1', 'age = 1'],
    [
      'testBooleanTermNegativeToSQLSingle: a comparison with a negative number',
      'age=-1',
      'age = -1',
    ],
    [
      'testBooleanTermNegativeDoubleToSQLSingle: a comparison with a negative decimal',
      'score>-.1',
      'score > -0.1',
    ],
    [
      'testBooleanTermToSQLMultiple: comparisons are sorted',
      'name=1 and age=2',
      'age = 2 AND name = 1',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select * from $ where ${given}`)).toBe(
      `SELECT * FROM $ WHERE ${expected}`,
    );
  });
});
