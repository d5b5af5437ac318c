import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('SimpleCaseTest', () => {
  test.each([
    ['testSimpleCase: one value', 'case age when 100 then 0 end', 'CASE age WHEN 100 THEN 0 END'],
    [
      'testSimpleCaseWithElse: one value and the rest',
      'case age when 100 then 0 else 1 end',
      'CASE age WHEN 100 THEN 0 ELSE 1 END',
    ],
    [
      'testSimpleCaseWithMultipleWhen: several values and the rest',
      'case age when 100 then 0 when 200 then 1 else -1 end',
      'CASE age WHEN 100 THEN 0 WHEN 200 THEN 1 ELSE -1 END',
    ],
    [
      'testSimpleCaseWithMultipleWhenNoElse: several values',
      'case age when 100 then 0 when 200 then 1 end',
      'CASE age WHEN 100 THEN 0 WHEN 200 THEN 1 END',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select ${given} from $`)).toBe(`SELECT ${expected} FROM $`);
  });
});
