import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('UnsignedIntegerTest', () => {
  test.each([
    [
      'testUnsigned: a limit is a number',
      'select name from $ limit 123456',
      'SELECT name FROM $ LIMIT 123456',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(given)).toBe(expected);
  });

  test.each([
    [
      'testSigned: a limit has no sign',
      'select name from $ limit -123456',
      'Encountered " "-" "- ""',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });
});
