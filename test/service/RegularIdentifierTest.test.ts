import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('RegularIdentifierTest', () => {
  test.each([
    [
      'testRegularIdentifier: a name may have digits and underscores',
      'name as C_123',
      'name AS C_123',
    ],
    [
      'testRegularIdentifierNotExponent: a name may look like an exponent',
      'name as e123',
      'name AS e123',
    ],
    [
      'testRegularIdentifierUnderScoreStart: a name may begin with an underscore',
      'name as _abcd',
      'name AS _abcd',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select ${given} from $`)).toBe(`SELECT ${expected} FROM $`);
  });

  test.each([
    [
      'testRegularIdentifierNumericStart: a name does not begin with a digit',
      'select name as 1bay from $',
      'Encountered " <unsigned_integer> "1 ""',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });
});
