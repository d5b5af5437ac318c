import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('CaseAbbreviationTest', () => {
  test.each([
    [
      'testCaseAbbreviationWithNullIf: NULLIF has two values',
      "NULLIF ('one','two')",
      "NULLIF('one','two')",
    ],
    [
      'testCaseAbbreviationWithCoalesce: COALESCE has several values',
      "COALESCE('one',NULL,'three')",
      "COALESCE('one',NULL,'three')",
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select ${given} from $`)).toBe(`SELECT ${expected} FROM $`);
  });
});
