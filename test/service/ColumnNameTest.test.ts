import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('ColumnNameTest', () => {
  test.each([
    ['testColumnNameWithIdentifier: a plain name', 'name', 'name'],
    ['testColumnNameWithSpaceAndBacktick: a name in backticks', '`two words`', '`two words`'],
    [
      'testColumnNameWithSpaceAndDoubleQuotes: a name in double quotes',
      '"two words"',
      '"two words"',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select ${given} from $`)).toBe(`SELECT ${expected} FROM $`);
  });

  test.each([
    [
      'testColumnNameWithSpaceAndSingleQuotes: a name is not in single quotes',
      "select name as 'has space' from $",
      'Encountered " "\\\'" "\\\' ""',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });
});
