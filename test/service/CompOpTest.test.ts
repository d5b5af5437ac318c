import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('CompOpTest', () => {
  test.each([
    ['testToSQLEquals: an operator has spaces', 'age=1', 'age = 1'],
    ['testToSQLNotEquals: an operator has spaces', 'age<>1', 'age <> 1'],
    ['testToSQLLessThan: an operator has spaces', 'age<1', 'age < 1'],
    ['testToSQLGreaterThan: an operator has spaces', 'age>1', 'age > 1'],
    ['testToSQLLessThanOrEquals: an operator has spaces', 'age<=1', 'age <= 1'],
    ['testToSQLGreaterThanOrEquals: an operator has spaces', 'age>=1', 'age >= 1'],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select * from $ where ${given}`)).toBe(
      `SELECT * FROM $ WHERE ${expected}`,
    );
  });
});
