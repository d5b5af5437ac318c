import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('RowValueConstructorElementTest', () => {
  test.each([
    [
      'testRowValueConstructorElementToSQLDefault: DEFAULT is parsed, and has no value',
      'select name from $ where age = default',
      "'DEFAULT",
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });

  test.each([
    ['testRowValueConstructorElementToSQL: a column on the right', 'name = notes', 'name = notes'],
    ['testRowValueConstructorElementToSQLNull: null on the right', 'name = null', 'name = NULL'],
    ['testRowValueConstructorElementTrue: true on the right', 'active = true', 'active = TRUE'],
    ['testRowValueConstructorElementFalse: false on the right', 'active = false', 'active = FALSE'],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select * from $ where ${given}`)).toBe(
      `SELECT * FROM $ WHERE ${expected}`,
    );
  });
});
