import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('CaseSpecificationTest', () => {
  test.each([
    [
      'testSimpleCase: a CASE of values',
      "CASE name WHEN 'raw' THEN 1 ELSE 0 END",
      "CASE name WHEN 'raw' THEN 1 ELSE 0 END",
    ],
    [
      'testSearchedCase: a CASE of conditions',
      'CASE WHEN age > owner THEN 1 ELSE 0 END',
      'CASE WHEN age > owner THEN 1 ELSE 0 END',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select ${given} from $`)).toBe(`SELECT ${expected} FROM $`);
  });
});
