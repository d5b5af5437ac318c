import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('CorrelationNameTest', () => {
  test.each([
    [
      'testName: a table may have a name',
      'select foo.name from $ foo',
      'SELECT foo.name FROM $ foo',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(given)).toBe(expected);
  });

  test.each([
    [
      'testNameWithBackticks: the name of a table has no backticks',
      'select name from $ `has space`',
      'Encountered " "`" "` ""',
    ],
    [
      'testNameWithDoubleQuotes: the name of a table has no quotes',
      'select name from $ "has space"',
      'Encountered " "\\"" "\\" ""',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });
});
