import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('CorrelationSpecificationTest', () => {
  test.each([
    [
      'testCorrelationSpecificationWithoutAs: AS may be left out',
      'select name from $ foo',
      'SELECT name FROM $ foo',
    ],
    [
      'testCorrelationSpecificationWithAs: AS stays',
      'select name from $ as foo',
      'SELECT name FROM $ AS foo',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(given)).toBe(expected);
  });
});
