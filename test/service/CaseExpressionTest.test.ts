import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('CaseExpressionTest', () => {
  test.each([
    [
      'testCaseExpressionWithCaseAbbreviation: COALESCE of a null',
      "COALESCE('foo',null)",
      "COALESCE('foo',NULL)",
    ],
    [
      'testCaseExpressionWithCaseSpecification: CASE of a column',
      "case name when 'one' then 1 else 0 end",
      "CASE name WHEN 'one' THEN 1 ELSE 0 END",
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select ${given} from $`)).toBe(`SELECT ${expected} FROM $`);
  });
});
