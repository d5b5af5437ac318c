import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('SearchedCaseTest', () => {
  test.each([
    [
      'testSearchedCase: one condition',
      'case when age > owner then 1 end',
      'CASE WHEN age > owner THEN 1 END',
    ],
    [
      'testSearchedCaseWithElse: one condition and the rest',
      'case when age > owner then 1 else 0 end',
      'CASE WHEN age > owner THEN 1 ELSE 0 END',
    ],
    [
      'testSearchedCaseWithMultipleWhens: two conditions',
      'case when age > owner then 1 when owner > age then 2 end',
      'CASE WHEN age > owner THEN 1 WHEN owner > age THEN 2 END',
    ],
    [
      'testSearchedCaseWithMultipleWhensAndElse: two conditions and the rest',
      'case when age > owner then 1 when owner > age then 2 else 3 end',
      'CASE WHEN age > owner THEN 1 WHEN owner > age THEN 2 ELSE 3 END',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select ${given} from $`)).toBe(`SELECT ${expected} FROM $`);
  });
});
